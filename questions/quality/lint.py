"""Lint for the question bank: findings about each question, about duplicates and about the mix of each topic."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from questions import types
from questions.content.item import Item
from questions.enums import Difficulty, Task
from questions.quality.entries import Entry

MIN_QUESTIONS = 30
TOLERANCE = 5  # percentage points
MAX_RECALL_SHARE = 10  # percent
MIN_CODE_SHARE = 30  # percent
MAX_STEM_WORDS = 60
MAX_LONGEST_KEY_SHARE = 0.4
# Percent of a topic's questions by task; for types that need no task, by type.
TASK_SHARES = {
    Task.SCENARIO: 30,
    Task.PREDICT: 25,
    Task.DEBUG: 20,
    **dict.fromkeys(types.names(machine_graded=False), 25),
}
DIFFICULTY_SHARES = {Difficulty.EASY: 30, Difficulty.MEDIUM: 45, Difficulty.HARD: 25}
LIBRARIES = {
    "django": "Django",
    "rest_framework": "Django REST framework",
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "pydantic": "Pydantic",
    "flask": "Flask",
    "sqlalchemy": "SQLAlchemy",
}
NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|nothing|without|cannot|except)\b|n['’]t\b", re.IGNORECASE)
# What a stem shows rather than says: fenced or indented code and logs, and tables.
SHOWN = re.compile(r"^(?P<fence>`{3,}|~{3,})(?s:.*?)^(?P=fence)[^\n]*$|^\|[^\n]*$|^ {4}[^\n]*$", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
VAGUE = re.compile(r"\bwhich of the following\b|\bwhich is best\b|\b(?:all|none|both) of the above\b", re.IGNORECASE)

# Options are shuffled, so that none of them is the first.
ORDER = re.compile(r"\b(?:first|second|third|fourth|last|previous|next) (?:option|choice)s?\b", re.IGNORECASE)
# One word for one thing.
WORDING = {
    re.compile(r"\be-mail", re.IGNORECASE): "email",
    re.compile(r"\blog-in\b", re.IGNORECASE): "login",
    re.compile(r"\bsign(?:s|ed)? in\b", re.IGNORECASE): "log in",
    re.compile(r"\banew\b", re.IGNORECASE): "again",
    re.compile(r"\b(?:is|are) to be\b", re.IGNORECASE): "must be",
    re.compile(r"\b(?:server|API|endpoint|view|service)['’]s answer", re.IGNORECASE): "response",
    re.compile(r"\banswers? of (?:the|a|an) (?:server|API|endpoint|view|service)\b", re.IGNORECASE): "response",
}


def findings(entries: Sequence[Entry]) -> list[str]:
    """Return all findings, a line each, starting with the name of the question or the topic."""
    found = [f"{entry.name}: {problem}" for entry in entries for problem in question_findings(entry)]
    return (
        found
        + duplicate_findings(entries)
        + [line for topic in topics(entries) for line in topic_findings(topic, entries)]
    )


def topics(entries: Iterable[Entry]) -> list[str]:
    """Return the slugs of the topics, each once, in order."""
    return list(dict.fromkeys(entry.topic for entry in entries))


def question_findings(entry: Entry) -> list[str]:
    """Return the findings about one question."""
    item = entry.item
    question_type = types.get(item.type)
    found = [str(problem.message) for problem in question_type.problems(item)]
    if question_type.needs_task and not entry.task:
        found.append("choose a task")
    if not item.explanation.strip():
        found.append("add an explanation")
    if not item.sources:
        found.append("add a reference")
    found += [f"add feedback to option {n}" for n, option in enumerate(item.options, 1) if not option.feedback.strip()]
    if any(VAGUE.search(text) for text in (item.stem, *(option.text for option in item.options))):
        found.append("name the criterion instead of asking for the best option or “the following”")
    if any(len(NEGATION.findall(sentence)) > 1 for sentence in _questions_in(item.stem)):
        found.append("avoid the double negative")
    if (words := _words_of(item.stem)) > MAX_STEM_WORDS:
        found.append(f"shorten the stem to {MAX_STEM_WORDS} words without code (now {words})")
    prose = [CODE.sub("", text) for text in _texts(item)]
    if item.options and any(ORDER.search(text) for text in prose):
        found.append("name the option instead of its position, since options are shuffled")
    for pattern, better in WORDING.items():
        found += [f"say “{better}” instead of “{match[0]}”" for text in prose if (match := pattern.search(text))]
    missing = sorted(name for name in _imported(item) if name not in item.holds_for)
    found += [f"name the version of {name} it applies to" for name in missing]
    return found if question_type.machine_graded else found + _rubric_findings(item)


def _texts(item: Item) -> list[str]:
    """Return what candidates read of a question, without its code."""
    options = [text for option in item.options for text in (option.text, option.feedback)]
    follow_ups = [text for follow_up in item.follow_ups for text in (follow_up.text, follow_up.model_answer)]
    return [item.stem, item.explanation, item.model_answer, *options, *(one.text for one in item.criteria), *follow_ups]


def suggestions(entry: Entry) -> list[str]:
    """Return what would make one question better; unlike a finding, it may stay as it is."""
    return [
        f"add a model answer to follow-up question {number}"
        for number, follow_up in enumerate(entry.item.follow_ups, 1)
        if not follow_up.model_answer.strip()
    ]


def _words_of(stem: str) -> int:
    """Return the number of words of a stem, without what it shows; inline code is one word."""
    return len(re.sub(r"`[^`]*`", "code", SHOWN.sub("", stem)).split())


def _questions_in(stem: str) -> list[str]:
    """Return the sentences that end with a question mark, without inline code."""
    bare = re.sub(r"`[^`]*`", "", stem)
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", bare) if sentence.endswith("?")]


def _imported(item: Item) -> set[str]:
    """Return the display names of the libraries that the code imports."""
    modules = re.findall(r"^\s*(?:from|import)\s+(\w+)", item.code, re.MULTILINE)
    return {LIBRARIES[module] for module in modules if module in LIBRARIES}


def _rubric_findings(item: Item) -> list[str]:
    found = []
    if not 4 <= len(item.criteria) <= 7:
        found.append("write a rubric of 4 to 7 criteria")
    if not 1 <= sum(criterion.essential for criterion in item.criteria) <= 3:
        found.append("mark 1 to 3 criteria as essential")
    if not 2 <= len(item.follow_ups) <= 4:
        found.append("write 2 to 4 follow-up questions")
    return found


def duplicate_findings(entries: Sequence[Entry]) -> list[str]:
    """Return a finding for each question with the same stem and code as an earlier one."""
    first: dict[str, str] = {}
    found = []
    for entry in entries:
        asked = " ".join(f"{entry.item.stem} {entry.item.code}".casefold().split())
        if asked in first:
            found.append(f"{entry.name}: change or remove it, {first[asked]} asks the same")
        first.setdefault(asked, entry.name)
    return found


def topic_findings(topic: str, entries: Iterable[Entry]) -> list[str]:
    """Return the findings about a topic: number of questions, types, tasks, difficulty, code and keys."""
    mine = [entry for entry in entries if entry.topic == topic]
    found = [] if len(mine) >= MIN_QUESTIONS else [f"write at least {MIN_QUESTIONS} questions (now {len(mine)})"]
    asked = {entry.item.type for entry in mine}
    found += [f"add a question of type {name}" for name in types.names() if name not in asked]
    kinds = Counter(entry.task if types.get(entry.item.type).needs_task else entry.item.type for entry in mine)
    for counted, aims in ((kinds, TASK_SHARES), (Counter(entry.item.difficulty for entry in mine), DIFFICULTY_SHARES)):
        for name, aim in aims.items():
            share = 100 * counted[name] / len(mine)
            if abs(share - aim) > TOLERANCE:
                found.append(f"aim for {aim} % {name} ± {TOLERANCE} (now {share:.0f} %)")
    if 100 * kinds[Task.RECALL] / len(mine) > MAX_RECALL_SHARE:
        found.append(f"ask for mere recall in at most {MAX_RECALL_SHARE} % of the questions")
    shown = sum(bool(entry.item.code.strip() or SHOWN.search(entry.item.stem)) for entry in mine)
    if 100 * shown / len(mine) < MIN_CODE_SHARE:
        found.append(f"show code, a log or a table in at least {MIN_CODE_SHARE} % of the questions (now {shown})")
    return [f"{topic}: {line}" for line in found + _key_findings([entry.item for entry in mine])]


def _key_findings(items: Iterable[Item]) -> list[str]:
    """Return the findings about keys that can be guessed from their length or position."""
    single = [item for item in items if types.get(item.type).key_is_placed]
    if not single:
        return []
    found = []
    keys = [max(range(len(item.options)), key=lambda n: item.options[n].weight) for item in single]
    longest = sum(
        all(len(item.options[key].text) > len(other.text) for n, other in enumerate(item.options) if n != key)
        for item, key in zip(single, keys, strict=True)
    )
    if longest > MAX_LONGEST_KEY_SHARE * len(single):
        found.append(f"make the key the longest option less often (now in {longest} of {len(single)} questions)")
    for position in range(max(len(item.options) for item in single)):
        fair = sum(1 / len(item.options) for item in single if position < len(item.options))
        times = keys.count(position)
        if times > max(1, 1.5 * fair):
            found.append(f"make option {position + 1} the key less often (now in {times} of {len(single)} questions)")
    return found
