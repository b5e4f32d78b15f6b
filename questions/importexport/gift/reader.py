"""Reader for GIFT files: each valid question becomes a Record, each invalid one an Issue with its line.

Blank lines separate questions, as in Moodle, so a mistake never spreads to the next question. Where Moodle would guess,
the question is refused with advice on what to write. The question types check the content later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.text import slugify

from questions.content.item import Item, Option
from questions.importexport.base import ParsedFile, Record, decode, normalize_even_weights, split_code
from questions.importexport.gift import lines_as_choice
from questions.importexport.gift import text as gift
from questions.importexport.gift.answers import Answers, MalformedQuestion, parse_answers

CATEGORY = "$CATEGORY:"
ANCESTORS = re.compile(r"\$\w+\$(?:/top)?(?:/|$)")
BLANK = "_____"
MAX_SLUG_LENGTH = 80
MAX_COMMENT_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines between two blank lines, starting at `line`; comments are blanked out of `text` and kept apart."""

    line: int
    text: str
    comment: str


def read(data: bytes) -> ParsedFile:
    """Read the questions of a GIFT file; raise UnreadableFile if it is not text or too large."""
    parsed = ParsedFile()
    topic = ""
    for block in _blocks(decode(data)):
        text = block.text.lstrip()
        while text.startswith(CATEGORY):
            category, _, text = text.partition("\n")
            topic = ANCESTORS.sub("", category.removeprefix(CATEGORY).strip(), count=1).strip()
            text = text.lstrip()
        if not text:
            continue
        line = block.line + block.text.count("\n", 0, len(block.text) - len(text))
        question = _QuestionParser(gift.mask_escapes(text.rstrip()), line)
        try:
            parsed.add(question.record(topic, block.comment[:MAX_COMMENT_LENGTH]))
        except MalformedQuestion as reason:
            at = line + question.text.count("\n", 0, reason.at)
            start = f" (The question starts on line {line}.)" if at != line else ""
            parsed.refuse(at, gift.unmask(question.name), f"{reason}{start}")
    return parsed


def _blocks(text: str) -> Iterator[_Block]:
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
            yield _Block(number - len(lines), "\n".join(lines), "\n".join(comments))
            lines, comments = [], []


class _QuestionParser:
    """Parses one question's text, with its escapes masked, into title, stem and answers."""

    def __init__(self, text: str, line: int) -> None:
        self.text, self.line = text, line
        self.name = text[:200].partition("{")[0]

    def record(self, topic: str, comment: str) -> Record:
        """Return the question with the ID and tags of its comment; raise MalformedQuestion."""
        title, start = self._title()
        opening, closing = self._braces(start)
        stem, markup = self._stem(start, opening, closing)
        answers = parse_answers(self.text, opening + 1, closing, markup)
        tags = [_unescape(tag) for tag in gift.TAG.findall(comment)]
        values = dict(tag.split(":", 1) for tag in tags if ":" in tag)
        found = gift.ID.search(comment)
        slug = _slug(_unescape(found[1])) if found else slugify(title[:200])[:MAX_SLUG_LENGTH].strip("-_")
        explanation, model_answer = _split_model_answer(answers.explanation)
        stem, code, language = _split_code(stem)
        type_name, options = _type_and_options(answers, tags)
        item = Item(
            type=type_name,
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
        """Return (title, offset of the stem)."""
        if not self.text.startswith("::"):
            return "", 0
        end = self.text.find("::", 2)
        if end < 0:
            raise MalformedQuestion(
                0, "The title that starts with :: is not closed. Write :: after it, or \\:\\: for two colons."
            )
        self.name = self.text[2:end][:200]
        return gift.unmask(self.text[2:end]), end + 2

    def _braces(self, start: int) -> tuple[int, int]:
        """Return the offsets of { and }; raise MalformedQuestion unless there is exactly one of each."""
        opening, closing = self.text.find("{", start), self.text.find("}", start)
        if opening < 0 and closing < 0:
            raise MalformedQuestion(
                start,
                "This is a description, not a question: it has no answers in braces. Add answers such as {=yes ~no}, "
                "or delete it.",
            )
        if opening < 0 or 0 <= closing < opening:
            raise MalformedQuestion(closing, "There is a } without a {. Write \\} for a brace in a text.")
        if closing < 0:
            raise MalformedQuestion(
                opening,
                "The { is not closed before the question ends at a blank line or the end of the file. Write } after "
                "the answers, delete blank lines within the question, and write \\{ for a brace in a text.",
            )
        for char, first, last in (("{", opening + 1, closing), ("{", closing, None), ("}", closing + 1, None)):
            second = self.text.find(char, first, last)
            if second >= 0:
                raise MalformedQuestion(second, f"There is a second {char}. Write \\{char} for a brace in a text.")
        return opening, closing

    def _stem(self, start: int, opening: int, closing: int) -> tuple[str, str]:
        """Return (stem as Markdown, its format); answers in the middle of the stem become a blank, _____.

        The format is also the answers' default format.
        """
        before, after = self.text[start:opening], self.text[closing + 1 :]
        whole = before + BLANK + after if after.strip() else before
        try:
            stem, markup = gift.parse_text(whole, "moodle")
        except ValueError as error:
            raise MalformedQuestion(start, str(error)) from None
        if not stem:
            raise MalformedQuestion(start, "It has answers but no question text. Write the question before the {.")
        return stem, markup


def _type_and_options(answers: Answers, tags: list[str]) -> tuple[str, tuple[Option, ...]]:
    """Return the type and the options; our writer tags types that GIFT does not have."""
    if answers.type == "single_choice" and gift.TRUE_FALSE in tags:
        return "true_false", answers.options
    lines = lines_as_choice.from_options(answers.options, tags) if answers.type == "multiple_choice" else None
    return ("find_lines", lines) if lines else (answers.type, _options(answers, tags))


def _options(answers: Answers, tags: list[str]) -> tuple[Option, ...]:
    """Return the options; even weights become 1 and 0, if our writer tagged them or wrong options cost nothing."""
    if answers.type != "multiple_choice":
        return answers.options
    weights = [option.weight for option in answers.options]
    right = sum(weight > 0 for weight in weights)
    if gift.EVEN_WEIGHTS in tags and 0 < right < len(weights) and weights == gift.to_even_weights(weights):
        return tuple(replace(option, weight=float(option.weight > 0)) for option in answers.options)
    return normalize_even_weights(answers.options)


def _slug(name: str) -> str:
    """Return the ID itself if it is a valid slug, else a slug made from it."""
    is_slug = re.fullmatch(r"[\w-]{1,80}", name, re.ASCII)
    return name if is_slug else slugify(name)[:MAX_SLUG_LENGTH].strip("-_")


def _unescape(tag: str) -> str:
    return tag.replace("\\]", "]").strip()


def _split_model_answer(feedback: str) -> tuple[str, str]:
    """Return (explanation, model answer); our writer puts the model answer below the explanation."""
    explanation, _, model_answer = f"\n\n{feedback}".partition(f"\n\n{gift.MODEL_ANSWER}")
    return explanation.removeprefix("\n\n"), model_answer


def _split_code(stem: str) -> tuple[str, str, str]:
    # `split_code` takes quadratic time in the number of fences.
    return split_code(stem) if stem.count("\n\n```") <= 50 else (stem, "", "")
