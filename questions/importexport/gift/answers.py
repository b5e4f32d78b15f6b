"""The answer block of a GIFT question: which type it is, its options and the general feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext

from questions.content.item import Option
from questions.importexport.gift import text as gift
from questions.types.typed_text import parse_number

MOST_ANSWERS = 500
LONGEST_NUMBER = 60
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
WILDCARD = re.compile(r"(?<!\\)\*")


class Malformed(ValueError):
    """A question that cannot be read; `at` is where in its text it goes wrong."""

    def __init__(self, at: int, text: str) -> None:
        super().__init__(text)
        self.at = at


@dataclass(frozen=True, slots=True)
class Answers:
    """What the braces hold."""

    type: str
    options: tuple[Option, ...] = ()
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as written: its text from `at` on, after its mark (=, ~ or none)."""

    mark: str
    text: str
    at: int

    def weighed(self, default: float) -> tuple[float, str]:
        """The weight that the answer begins with, or the default one, and the rest; raises Malformed beyond 100 %."""
        found = gift.WEIGHT.match(self.text)
        if not found:
            return default, self.text
        weight = gift.to_weight(found[1])
        if abs(weight) > 1:
            raise Malformed(self.at, f"The weight {found[1]} % must lie between -100 % and 100 %.")
        return weight, self.text[found.end() :]


class Block:
    """The answers between `first` and `last` of a question's text, whose texts are in `markup` unless they say else."""

    def __init__(self, text: str, first: int, last: int, markup: str) -> None:
        self.text, self.first, self.markup = text, first, markup
        end = text.rfind("####", first, last)
        self.explanation = self.markdown(text[end + 4 : last], end) if end >= 0 else ""
        self.last = end if end >= 0 else last
        self.body = text[first : self.last].strip()

    def markdown(self, text: str, at: int) -> str:
        """The text in Markdown; raises Malformed."""
        try:
            return gift.to_text(text, self.markup)[0]
        except ValueError as error:
            raise Malformed(at, str(error)) from None

    def plain(self, text: str, at: int) -> str:
        """The text as it stands, without the name of its format: answers to be typed are no Markdown; raises Malformed
        where there is none."""
        found = gift.FORMAT.match(text)
        return self.filled(gift.reveal(text[found.end() :] if found else text), at)

    def filled(self, text: str, at: int) -> str:
        """The text; raises Malformed where it is empty."""
        if not text:
            raise Malformed(at, "An answer has no text. Write one, or delete the sign before it.")
        return text

    def split(self, marks: str, first: int, last: int) -> Iterator[Answer]:
        """The answers that begin with one of the marks; raises Malformed for text before the first of them."""
        places = [found.start() for found in re.compile(f"[{marks}]").finditer(self.text, first, last)]
        if len(places) > MOST_ANSWERS:
            raise Malformed(places[MOST_ANSWERS], f"It has more than {MOST_ANSWERS} answers. Delete some.")
        before = self.text[first : places[0] if places else last]
        if before.strip():
            at = first + len(before) - len(before.lstrip())
            raise Malformed(
                at,
                f"“{gift.reveal(before)[:40]}” is an answer without a sign before it. Write = before a right answer "
                "and ~ before a wrong one.",
            )
        for place, end in zip(places, [*places[1:], last], strict=True):
            yield Answer(self.text[place], self.text[place + 1 : end], place)

    def with_feedback(self, text: str, at: int) -> tuple[str, str]:
        """What stands before the first #, and the feedback after it."""
        answer, _, feedback = text.partition("#")
        return answer, self.markdown(feedback, at)


def answers_of(text: str, first: int, last: int, markup: str) -> Answers:
    """What the braces hold, told apart by its signs as Moodle does; raises Malformed."""
    block = Block(text, first, last, markup)
    if not block.body:
        return Answers("open", explanation=block.explanation)
    if block.body.startswith("#"):
        return Answers("numeric", _numbers(block), block.explanation)
    if "~" in block.body:
        return _choice(block)
    if "=" in block.body and "->" in block.body:
        return Answers("matching", _pairs(block), block.explanation)
    if (word := block.body.partition("#")[0].strip().upper()) in (*TRUE, *FALSE):
        return Answers("true_false", _verdicts(block, true=word in TRUE), block.explanation)
    return Answers("short_answer", _accepted(block), block.explanation)


def _choice(block: Block) -> Answers:
    """One right option that begins with =, or several of which the weights tell."""
    answers = list(block.split("=~", block.first, block.last))
    right = [answer for answer in answers if answer.mark == "="]
    if len(right) > 1:
        raise Malformed(
            right[1].at,
            "It has two right answers, of which one could choose either. For a question with several right answers, "
            "write all of them with ~ and what each is worth, such as ~%50%.",
        )
    options = []
    for answer in answers:
        weight, text = (1.0, answer.text) if answer.mark == "=" else answer.weighed(0.0)
        text, feedback = block.with_feedback(text, answer.at)
        text = block.filled(block.markdown(text, answer.at), answer.at)
        options.append(Option(text=text, weight=weight, feedback=feedback))
    return Answers("single_choice" if right else "multiple_choice", tuple(options), block.explanation)


def _pairs(block: Block) -> tuple[Option, ...]:
    options = []
    for answer in block.split("=", block.first, block.last):
        left, arrow, right = answer.text.partition("->")
        if not arrow:
            raise Malformed(answer.at, "A pair has no arrow. Write each pair as =left -> right.")
        match = block.filled(gift.reveal(right), answer.at)
        options.append(Option(text=block.markdown(left, answer.at), match=match))
    return tuple(options)


def _verdicts(block: Block, *, true: bool) -> tuple[Option, ...]:
    """The first feedback is for the wrong response, the second for the right one."""
    feedback = [block.markdown(text, block.first) for text in block.body.split("#", 2)[1:]]
    wrong, right = (*feedback, "", "")[:2]
    return (
        Option("True", float(true), feedback=right if true else wrong),
        Option("False", float(not true), feedback=wrong if true else right),
    )


def _accepted(block: Block) -> tuple[Option, ...]:
    """Answers to be typed. Moodle takes * for any text: it is refused, except for “any other answer is wrong”."""
    options = []
    for answer in block.split("=", block.first, block.last):
        weight, text = answer.weighed(1.0)
        text, feedback = block.with_feedback(text, answer.at)
        text = block.plain(text, answer.at)
        if text == "*" and weight == 0:
            continue
        if WILDCARD.search(text):
            raise Malformed(
                answer.at,
                "A * stands for any text, which cannot be asked here. Write \\* for a star, or the whole answer.",
            )
        options.append(Option(text=text.replace("\\*", "*"), weight=weight, feedback=feedback))
    return tuple(options)


def _numbers(block: Block) -> tuple[Option, ...]:
    """Numbers to be typed; feedback for any other number has no place here and is left out."""
    first = block.text.index("#", block.first) + 1
    other = block.text.find("~", first, block.last)
    last = other if other >= 0 else block.last
    if other >= 0 and block.text[other + 1 : block.last].partition("#")[0].strip():
        raise Malformed(other, "Wrong numbers begin with =%0%, not with ~: write for instance =%0%5.")
    if "=" in block.text[first:last]:
        answers = list(block.split("=", first, last))
    else:
        answers = [Answer("", block.text[first:last], first)]
    options = []
    for answer in answers:
        weight, text = answer.weighed(1.0)
        text, feedback = block.with_feedback(text, answer.at)
        text = block.plain(text, answer.at)
        if text == "*" and weight == 0:
            continue
        number, tolerance = _number(text, answer.at)
        options.append(Option(text=number, weight=weight, tolerance=tolerance, feedback=feedback))
    return tuple(options)


def _number(text: str, at: int) -> tuple[str, str]:
    """A number and its tolerance: of 3, 3:0.5 or 1..5."""
    low, dots, high = text.partition("..")
    if dots:
        least, most = _checked(low, at), _checked(high, at)
        with localcontext(Context(prec=200)) as context:
            middle, distance = (least + most) / 2, (most - least) / 2
            if distance < 0 or context.flags[Inexact]:
                raise Malformed(at, f"“{text[:40]}” is no range. Write the lower number first, such as 1..5.")
        return str(middle), str(distance)
    number, colon, tolerance = text.partition(":")
    _checked(number, at)
    if colon and _checked(tolerance, at) < 0:
        raise Malformed(at, f"The tolerance {tolerance.strip()} is below 0. Write it without the minus.")
    return number.strip(), tolerance.strip()


def _checked(text: str, at: int) -> Decimal:
    number = parse_number(text) if len(text) <= LONGEST_NUMBER else None
    if number is None:
        raise Malformed(
            at, f"“{text.strip()[:40]}” is not a number. Write digits with a point, such as 3.5 or 3.5:0.1."
        )
    return number
