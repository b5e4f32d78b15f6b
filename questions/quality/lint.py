"""What can be told of the bank by reading it: of each question, of all together, and of the mix in each topic."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from questions import types
from questions.content.item import Item
from questions.enums import Difficulty, Task
from questions.quality.entries import Entry

FEWEST = 30
SPREAD = 5  # points by which a share may differ from the one aimed at
MIX = {Task.SCENARIO: 35, Task.PREDICT: 25, Task.DEBUG: 15, **dict.fromkeys(types.names(machine_graded=False), 25)}
RECALL_AT_MOST = 15
LEVELS = {Difficulty.EASY: 30, Difficulty.MEDIUM: 45, Difficulty.HARD: 25}
LONGEST_AT_MOST = 0.4
LIBRARIES = {
    "django": "Django",
    "rest_framework": "Django REST framework",
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "pydantic": "Pydantic",
    "flask": "Flask",
}
NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|nothing|without|cannot|except)\b|n['’]t\b", re.IGNORECASE)
VAGUE = re.compile(r"\bwhich of the following\b|\bwhich is best\b|\b(?:all|none|both) of the above\b", re.IGNORECASE)


def findings(entries: Sequence[Entry]) -> list[str]:
    """Everything that is wrong, a line each, beginning with the name of the question or the topic."""
    found = [f"{entry.name}: {problem}" for entry in entries for problem in of_question(entry)]
    return found + repeated(entries) + [line for topic in topics(entries) for line in of_topic(topic, entries)]


def topics(entries: Iterable[Entry]) -> list[str]:
    """The topics, each once, in order."""
    return list(dict.fromkeys(entry.topic for entry in entries))


def of_question(entry: Entry) -> list[str]:
    """What is wrong with one question."""
    item = entry.item
    question_type = types.get(item.type)
    found = [str(problem.message) for problem in question_type.problems(item)]
    if question_type.needs_task and not entry.task:
        found.append("says no task")
    if not item.explanation.strip():
        found.append("has no explanation")
    if not item.sources:
        found.append("has no reference")
    found += [f"option {n} has no feedback" for n, option in enumerate(item.options, 1) if not option.feedback.strip()]
    if any(VAGUE.search(text) for text in (item.stem, *(option.text for option in item.options))):
        found.append("asks for the best or for “the following” without saying what decides")
    if any(len(NEGATION.findall(sentence)) > 1 for sentence in _questions_in(item.stem)):
        found.append("asks with a double negative")
    missing = sorted(name for name in _imported(item) if name not in item.holds_for)
    found += [f"imports {name} but does not say which version it holds for" for name in missing]
    return found if question_type.machine_graded else found + _of_rubric(item)


def _questions_in(stem: str) -> list[str]:
    """The sentences that ask, without their code."""
    bare = re.sub(r"`[^`]*`", "", stem)
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", bare) if sentence.endswith("?")]


def _imported(item: Item) -> set[str]:
    """The libraries that the code imports, as people write their names."""
    modules = re.findall(r"^\s*(?:from|import)\s+(\w+)", item.code, re.MULTILINE)
    return {LIBRARIES[module] for module in modules if module in LIBRARIES}


def _of_rubric(item: Item) -> list[str]:
    found = []
    if not 4 <= len(item.criteria) <= 7:
        found.append("needs a rubric of 4 to 7 criteria")
    if not 1 <= sum(criterion.essential for criterion in item.criteria) <= 3:
        found.append("needs 1 to 3 essential criteria")
    if not 2 <= len(item.follow_ups) <= 4:
        found.append("needs 2 to 4 follow-up questions")
    return found


def repeated(entries: Sequence[Entry]) -> list[str]:
    """Questions that ask what another one asks, word for word and about the same code."""
    first: dict[str, str] = {}
    found = []
    for entry in entries:
        asked = " ".join(f"{entry.item.stem} {entry.item.code}".casefold().split())
        if asked in first:
            found.append(f"{entry.name}: asks the same as {first[asked]}")
        first.setdefault(asked, entry.name)
    return found


def of_topic(topic: str, entries: Iterable[Entry]) -> list[str]:
    """What is wrong with the mix of a topic."""
    mine = [entry for entry in entries if entry.topic == topic]
    found = [] if len(mine) >= FEWEST else [f"has {len(mine)} questions, not {FEWEST}"]
    asked = {entry.item.type for entry in mine}
    found += [f"has no question of type {name}" for name in types.names() if name not in asked]
    kinds = Counter(entry.task if types.get(entry.item.type).needs_task else entry.item.type for entry in mine)
    for counted, aims in ((kinds, MIX), (Counter(entry.item.difficulty for entry in mine), LEVELS)):
        for name, aim in aims.items():
            share = 100 * counted[name] / len(mine)
            if abs(share - aim) > SPREAD:
                found.append(f"has {share:.0f} % {name}, not {aim} % ± {SPREAD}")
    if 100 * kinds[Task.RECALL] / len(mine) > RECALL_AT_MOST:
        found.append(f"asks for bare recall in more than {RECALL_AT_MOST} % of its questions")
    return [f"{topic}: {line}" for line in found + _of_keys([entry.item for entry in mine])]


def _of_keys(items: Iterable[Item]) -> list[str]:
    """Whether the key can be guessed by its length or its position."""
    single = [item for item in items if types.get(item.type).key_is_placed]
    if not single:
        return []
    found = []
    keys = [max(range(len(item.options)), key=lambda n: item.options[n].weight) for item in single]
    longest = sum(
        all(len(item.options[key].text) > len(other.text) for n, other in enumerate(item.options) if n != key)
        for item, key in zip(single, keys, strict=True)
    )
    if longest > LONGEST_AT_MOST * len(single):
        found.append(f"the key is the longest option in {longest} of {len(single)} questions")
    for place in range(max(len(item.options) for item in single)):
        fair = sum(1 / len(item.options) for item in single if place < len(item.options))
        if keys.count(place) > max(1, 1.5 * fair):
            found.append(f"option {place + 1} is the key in {keys.count(place)} of {len(single)} questions")
    return found
