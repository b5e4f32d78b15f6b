"""Parser for the answers of a GIFT question: the text in braces becomes a type, options and general feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext

from questions.content.item import Option
from questions.importexport.gift import text as gift
from questions.types.typed_text import parse_number

MAX_ANSWERS = 500
MAX_NUMBER_LENGTH = 60
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
WILDCARD = re.compile(r"(?<!\\)\*")


class MalformedQuestion(ValueError):
    """A question cannot be imported; `at` is the offset of the mistake in the question's text."""

    def __init__(self, at: int, text: str) -> None:
        super().__init__(text)
        self.at = at


@dataclass(frozen=True, slots=True)
class Answers:
    """The content of the braces: question type, options and explanation."""

    type: str
    options: tuple[Option, ...] = ()
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as written: its mark (=, ~ or none), the text after it and the offset of the mark."""

    mark: str
    text: str
    at: int

    def split_weight(self, default: float) -> tuple[float, str]:
        """Return (weight, rest of the text), by default the `default` weight; raise MalformedQuestion beyond 100 %."""
        found = gift.WEIGHT.match(self.text)
        if not found:
            return default, self.text
        weight = gift.to_weight(found[1])
        if abs(weight) > 1:
            raise MalformedQuestion(self.at, f"The weight {found[1]} % must be between -100 % and 100 %.")
        return weight, self.text[found.end() :]


class AnswerBlock:
    """The answers in a question's text from offset `first` to `last`; `markup` is their default text format."""

    def __init__(self, text: str, first: int, last: int, markup: str) -> None:
        self.text, self.first, self.markup = text, first, markup
        end = text.rfind("####", first, last)
        self.explanation = self.markdown(text[end + 4 : last], end) if end >= 0 else ""
        self.last = end if end >= 0 else last
        self.body = text[first : self.last].strip()

    def markdown(self, text: str, at: int) -> str:
        """Return the text as Markdown; raise MalformedQuestion if it cannot be converted."""
        try:
            return gift.parse_text(text, self.markup)[0]
        except ValueError as error:
            raise MalformedQuestion(at, str(error)) from None

    def plain(self, text: str, at: int) -> str:
        """Return the text without its format prefix and unconverted, because typed answers are not Markdown.

        Raise MalformedQuestion if it is empty.
        """
        found = gift.FORMAT.match(text)
        return self.require_text(gift.unmask(text[found.end() :] if found else text), at)

    def require_text(self, text: str, at: int) -> str:
        """Return the text; raise MalformedQuestion if it is empty."""
        if not text:
            raise MalformedQuestion(at, "An answer has no text. Write one, or delete its = or ~.")
        return text

    def split(self, marks: str, first: int, last: int) -> Iterator[Answer]:
        """Yield the answers, each starting with one of the marks; raise MalformedQuestion on text before the first."""
        starts = [found.start() for found in re.compile(f"[{marks}]").finditer(self.text, first, last)]
        if len(starts) > MAX_ANSWERS:
            raise MalformedQuestion(starts[MAX_ANSWERS], f"It has more than {MAX_ANSWERS} answers. Delete some.")
        before = self.text[first : starts[0] if starts else last]
        if before.strip():
            at = first + len(before) - len(before.lstrip())
            raise MalformedQuestion(
                at,
                f"The answer “{gift.unmask(before)[:40]}” has no mark. Write = before a right answer and ~ before a "
                "wrong one.",
            )
        for start, end in zip(starts, [*starts[1:], last], strict=True):
            yield Answer(self.text[start], self.text[start + 1 : end], start)

    def split_feedback(self, text: str, at: int) -> tuple[str, str]:
        """Return (text before the first #, feedback after it as Markdown)."""
        answer, _, feedback = text.partition("#")
        return answer, self.markdown(feedback, at)


def parse_answers(text: str, first: int, last: int, markup: str) -> Answers:
    """Return the content of the braces, with the type found from its marks as in Moodle; raise MalformedQuestion."""
    block = AnswerBlock(text, first, last, markup)
    if not block.body:
        return Answers("open", explanation=block.explanation)
    if block.body.startswith("#"):
        return Answers("numeric", _numeric(block), block.explanation)
    if "~" in block.body:
        return _choice(block)
    if "=" in block.body and "->" in block.body:
        return Answers("matching", _matching(block), block.explanation)
    if (word := block.body.partition("#")[0].strip().upper()) in (*TRUE, *FALSE):
        return Answers("true_false", _true_false(block, true=word in TRUE), block.explanation)
    return Answers("short_answer", _short_answer(block), block.explanation)


def _choice(block: AnswerBlock) -> Answers:
    """Parse a single choice with one = option, or a multiple choice whose weights mark the right options."""
    answers = list(block.split("=~", block.first, block.last))
    right = [answer for answer in answers if answer.mark == "="]
    if len(right) > 1:
        raise MalformedQuestion(
            right[1].at,
            "It has two answers marked =. For a question with several right answers, write each with ~ and its weight, "
            "such as ~%50%.",
        )
    options = []
    for answer in answers:
        weight, text = (1.0, answer.text) if answer.mark == "=" else answer.split_weight(0.0)
        text, feedback = block.split_feedback(text, answer.at)
        text = block.require_text(block.markdown(text, answer.at), answer.at)
        options.append(Option(text=text, weight=weight, feedback=feedback))
    return Answers("single_choice" if right else "multiple_choice", tuple(options), block.explanation)


def _matching(block: AnswerBlock) -> tuple[Option, ...]:
    options = []
    for answer in block.split("=", block.first, block.last):
        left, arrow, right = answer.text.partition("->")
        if not arrow:
            raise MalformedQuestion(answer.at, "A pair has no arrow. Write each pair as =left -> right.")
        match = block.require_text(gift.unmask(right), answer.at)
        options.append(Option(text=block.markdown(left, answer.at), match=match))
    return tuple(options)


def _true_false(block: AnswerBlock, *, true: bool) -> tuple[Option, ...]:
    """Parse TRUE or FALSE; the first feedback is for the wrong answer, the second for the right one."""
    feedback = [block.markdown(text, block.first) for text in block.body.split("#", 2)[1:]]
    wrong, right = (*feedback, "", "")[:2]
    return (
        Option("True", float(true), feedback=right if true else wrong),
        Option("False", float(not true), feedback=wrong if true else right),
    )


def _short_answer(block: AnswerBlock) -> tuple[Option, ...]:
    """Parse typed answers; refuse Moodle's wildcard *, except where it only says that any other answer is wrong."""
    options = []
    for answer in block.split("=", block.first, block.last):
        weight, text = answer.split_weight(1.0)
        text, feedback = block.split_feedback(text, answer.at)
        text = block.plain(text, answer.at)
        if text == "*" and weight == 0:
            continue
        if WILDCARD.search(text):
            raise MalformedQuestion(
                answer.at,
                "Wildcards (*) are not supported. Write the whole answer, or \\* for an asterisk.",
            )
        options.append(Option(text=text.replace("\\*", "*"), weight=weight, feedback=feedback))
    return tuple(options)


def _numeric(block: AnswerBlock) -> tuple[Option, ...]:
    """Parse numbers with tolerances; feedback for any other number is dropped, since Item has no field for it."""
    first = block.text.index("#", block.first) + 1
    other = block.text.find("~", first, block.last)
    last = other if other >= 0 else block.last
    if other >= 0 and block.text[other + 1 : block.last].partition("#")[0].strip():
        raise MalformedQuestion(other, "A wrong number starts with ~. Write it with =%0%, such as =%0%5.")
    if "=" in block.text[first:last]:
        answers = list(block.split("=", first, last))
    else:
        answers = [Answer("", block.text[first:last], first)]
    options = []
    for answer in answers:
        weight, text = answer.split_weight(1.0)
        text, feedback = block.split_feedback(text, answer.at)
        text = block.plain(text, answer.at)
        if text == "*" and weight == 0:
            continue
        number, tolerance = _number(text, answer.at)
        options.append(Option(text=number, weight=weight, tolerance=tolerance, feedback=feedback))
    return tuple(options)


def _number(text: str, at: int) -> tuple[str, str]:
    """Return (number, tolerance) of an answer such as 3, 3:0.5 or 1..5; raise MalformedQuestion."""
    low, dots, high = text.partition("..")
    if dots:
        lowest, highest = _parse_decimal(low, at), _parse_decimal(high, at)
        with localcontext(Context(prec=200)) as context:
            middle, distance = (lowest + highest) / 2, (highest - lowest) / 2
            if distance < 0 or context.flags[Inexact]:
                raise MalformedQuestion(
                    at, f"“{text[:40]}” is not a range. Write the lower number first, such as 1..5."
                )
        return str(middle), str(distance)
    number, colon, tolerance = text.partition(":")
    _parse_decimal(number, at)
    if colon and _parse_decimal(tolerance, at) < 0:
        raise MalformedQuestion(at, f"The tolerance {tolerance.strip()} is below 0. Write it without the minus sign.")
    return number.strip(), tolerance.strip()


def _parse_decimal(text: str, at: int) -> Decimal:
    number = parse_number(text) if len(text) <= MAX_NUMBER_LENGTH else None
    if number is None:
        raise MalformedQuestion(
            at, f"“{text.strip()[:40]}” is not a number. Write digits with a point, such as 3.5 or 3.5:0.1."
        )
    return number
