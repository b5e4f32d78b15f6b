"""Reads GIFT: each question that can be understood becomes a Record, each other one a reason with its line.

Blank lines separate questions, as in Moodle, so whatever is wrong with one ends at the next. What Moodle would guess is
refused with words that say what to write. Whether the content is sound is for the question types to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.text import slugify

from questions.content.item import Item, Option
from questions.importexport.base import Reading, Record, decode, evened, split_code
from questions.importexport.gift import text as gift
from questions.importexport.gift.answers import Answers, Malformed, answers_of

CATEGORY = "$CATEGORY:"
ANCESTORS = re.compile(r"\$\w+\$(?:/top)?(?:/|$)")
BLANK = "_____"
LONGEST_SLUG = 80
LONGEST_COMMENT = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: `text` without its comments, though with as many lines, from `line` on."""

    line: int
    text: str
    comment: str


def read(data: bytes) -> Reading:
    """The questions of a GIFT file; raises Unreadable when it is no text or holds too much."""
    reading = Reading()
    topic = ""
    for block in blocks(decode(data)):
        text = block.text.lstrip()
        while text.startswith(CATEGORY):
            category, _, text = text.partition("\n")
            topic = ANCESTORS.sub("", category.removeprefix(CATEGORY).strip(), count=1).strip()
            text = text.lstrip()
        if not text:
            continue
        line = block.line + block.text.count("\n", 0, len(block.text) - len(text))
        question = Question(gift.hold(text.rstrip()), line)
        try:
            reading.add(question.record(topic, block.comment[:LONGEST_COMMENT]))
        except Malformed as reason:
            at = line + question.text.count("\n", 0, reason.at)
            begins = f" (The question begins on line {line}.)" if at != line else ""
            reading.refuse(at, gift.reveal(question.name), f"{reason}{begins}")
    return reading


def blocks(text: str) -> Iterator[Block]:
    """The parts between blank lines, with what their comments say."""
    lines: list[str] = []
    comments: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if bare.startswith("//"):
            comments.append(bare)
            lines.append("")
        elif bare:
            lines.append(line)
        elif lines:
            yield Block(number - len(lines), "\n".join(lines), "\n".join(comments))
            lines, comments = [], []


class Question:
    """One question's text, its escapes held, taken apart: title, stem, answers."""

    def __init__(self, text: str, line: int) -> None:
        self.text, self.line = text, line
        self.name = text[:200].partition("{")[0]

    def record(self, topic: str, comment: str) -> Record:
        """The Record; raises Malformed."""
        title, start = self._title()
        opening, closing = self._braces(start)
        stem, markup = self._stem(start, opening, closing)
        answers = answers_of(self.text, opening + 1, closing, markup)
        tags = [_unescaped(tag) for tag in gift.TAG.findall(comment)]
        values = dict(tag.split(":", 1) for tag in tags if ":" in tag)
        found = gift.ID.search(comment)
        slug = _slug(_unescaped(found[1])) if found else slugify(title[:200])[:LONGEST_SLUG].strip("-_")
        explanation, model_answer = _split_model_answer(answers.explanation)
        stem, code, language = _split_code(stem)
        options = _options(answers, tags)
        item = Item(
            type="true_false" if gift.TRUE_FALSE in tags and answers.type == "single_choice" else answers.type,
            stem=stem,
            code=code,
            code_language=language,
            holds_for=values.get("holds_for", ""),
            difficulty=values.get("difficulty", ""),
            seniority=values.get("seniority", ""),
            explanation=explanation,
            model_answer=model_answer,
            case_sensitive=gift.CASE_SENSITIVE in tags,
            options=options,
        )
        return Record(item, topic, slug, values.get("task", ""), self.line)

    def _title(self) -> tuple[str, int]:
        """The title and where the stem begins."""
        if not self.text.startswith("::"):
            return "", 0
        end = self.text.find("::", 2)
        if end < 0:
            raise Malformed(
                0, "The title that begins with :: is not closed. Write :: after it, or \\:\\: for two colons."
            )
        self.name = self.text[2:end][:200]
        return gift.reveal(self.text[2:end]), end + 2

    def _braces(self, start: int) -> tuple[int, int]:
        """Where the answers are opened and closed."""
        opening, closing = self.text.find("{", start), self.text.find("}", start)
        if opening < 0 and closing < 0:
            raise Malformed(
                start,
                "It has no answers in braces: a description, which is no question. Add answers such as {=yes ~no}, or "
                "delete it.",
            )
        if opening < 0 or 0 <= closing < opening:
            raise Malformed(closing, "A } closes what no { has opened. Write \\} for a brace in a text.")
        if closing < 0:
            raise Malformed(
                opening,
                "The { is not closed before the question ends at a blank line or the end of the file. Write } after "
                "the answers, delete blank lines within the question, and write \\{ for a brace in a text.",
            )
        for char, first, last in (("{", opening + 1, closing), ("{", closing, None), ("}", closing + 1, None)):
            second = self.text.find(char, first, last)
            if second >= 0:
                raise Malformed(second, f"There is a second {char}. Write \\{char} for a brace in a text.")
        return opening, closing

    def _stem(self, start: int, opening: int, closing: int) -> tuple[str, str]:
        """The stem in Markdown, with a blank where the answers stand amid it, and its format, that of answers too."""
        before, after = self.text[start:opening], self.text[closing + 1 :]
        whole = before + BLANK + after if after.strip() else before
        try:
            stem, markup = gift.to_text(whole, "moodle")
        except ValueError as error:
            raise Malformed(start, str(error)) from None
        if not stem:
            raise Malformed(start, "It has answers but asks nothing. Write the question before the {.")
        return stem, markup


def _options(answers: Answers, tags: list[str]) -> tuple[Option, ...]:
    """The options. Weights that only say which are right become 1 and 0, as this site writes them: those that the
    writer tagged, and equal ones where nothing wrong costs."""
    if answers.type != "multiple_choice":
        return answers.options
    weights = [option.weight for option in answers.options]
    right = sum(weight > 0 for weight in weights)
    if gift.EVEN_WEIGHTS in tags and 0 < right < len(weights) and weights == gift.even_weights(weights):
        return tuple(replace(option, weight=float(option.weight > 0)) for option in answers.options)
    return evened(answers.options)


def _slug(name: str) -> str:
    """The id where it can be a slug as it is, otherwise a slug made of it."""
    sound = re.fullmatch(r"[\w-]{1,80}", name, re.ASCII)
    return name if sound else slugify(name)[:LONGEST_SLUG].strip("-_")


def _unescaped(tag: str) -> str:
    return tag.replace("\\]", "]").strip()


def _split_model_answer(feedback: str) -> tuple[str, str]:
    """Explanation and model answer, which the writer puts beneath it."""
    explanation, _, model_answer = f"\n\n{feedback}".partition(f"\n\n{gift.MODEL_ANSWER}")
    return explanation.removeprefix("\n\n"), model_answer


def _split_code(stem: str) -> tuple[str, str, str]:
    # A text of nothing but fences would take a time that grows with the square of their number.
    return split_code(stem) if stem.count("\n\n```") <= 50 else (stem, "", "")
