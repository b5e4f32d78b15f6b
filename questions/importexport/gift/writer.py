"""Writes GIFT. What it cannot carry is found by reading each question back, so nothing is lost without a word."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from questions.content.item import Item, Option
from questions.importexport.base import Record, Remark, Writing, with_code
from questions.importexport.gift import text as gift
from questions.importexport.gift.reader import read
from questions.importexport.losses import losses_of, read_back
from questions.types.choice import has_explicit_weights
from questions.types.numeric import parse_tolerance
from questions.types.typed_text import parse_number

TOP = "$course$/top"
VERDICTS = ["True", "False"]


def write(records: Iterable[Record]) -> Writing:
    """A GIFT file of the questions, in their order, in Markdown, with a category where the topic changes."""
    writing = Writing()
    parts = []
    topic = ""
    for record in records:
        try:
            question = _question(record)
            losses = losses_of(record, read_back(f"{_category(record.topic)}{question}", read), "GIFT")
        except ValueError as reason:
            writing.refused.append(Remark(record.line, record.name, str(reason)))
            continue
        writing.lost.extend(Remark(record.line, record.name, text) for text in losses)
        parts.append(_category(record.topic) * (record.topic != topic) + question)
        topic = record.topic
    writing.content = "".join(parts).encode()
    return writing


def _category(topic: str) -> str:
    return f"$CATEGORY: {TOP}/{' '.join(topic.split())}".rstrip("/ ") + "\n\n"


def _question(record: Record) -> str:
    """The question's lines and the blank one after them; raises ValueError where GIFT has nothing like it."""
    item = record.item
    if item.type not in _BODIES:
        raise ValueError("GIFT knows no questions of this type. Export it in another format, such as YAML.")
    comment = _comment(record)
    title = f"::{gift.escape(record.slug)}::" if record.slug else ""
    explanation = _general_feedback(item)
    body = _BODIES[item.type](item)
    return f"{comment}{title}[markdown]{gift.escape(with_code(item))}{{{body}{explanation}}}\n\n"


def _comment(record: Record) -> str:
    """The comment from which Moodle takes the id and the tags; empty where there is nothing to say."""
    item = record.item
    values = {"task": record.task} | {name: getattr(item, name) for name in gift.TAGGED if name != "task"}
    tags = [f"{name}:{' '.join(value.split())}" for name, value in values.items() if value]
    tags += [gift.CASE_SENSITIVE] * item.case_sensitive
    tags += [gift.EVEN_WEIGHTS] * (item.type == "multiple_choice" and is_even(item))
    tags += [gift.TRUE_FALSE] * (item.type == "true_false" and not _has_moodles_verdicts(item))
    found = [f"[id:{_in_brackets(record.slug)}]"] * bool(record.slug) + [f"[tag:{_in_brackets(tag)}]" for tag in tags]
    return f"// {' '.join(found)}\n" if found else ""


def _in_brackets(text: str) -> str:
    return text.replace("]", "\\]")


def _general_feedback(item: Item) -> str:
    """Moodle shows it after the answer, as this site does the explanation and the model answer."""
    model_answer = gift.MODEL_ANSWER + item.model_answer if item.model_answer else ""
    parts = [part for part in (item.explanation, model_answer) if part]
    joined = "\n\n".join(parts)
    return f"####{_text(joined)}" if joined else ""


def _text(text: str) -> str:
    """The text in Markdown, as the stem is; one that begins like the name of a format says so itself."""
    return ("[markdown]" if gift.FORMAT.match(text) else "") + gift.escape(text)


def _feedback(option: Option) -> str:
    return f"#{_text(option.feedback)}" if option.feedback else ""


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _has_moodles_verdicts(item: Item) -> bool:
    return [option.text for option in item.options] == VERDICTS


def is_even(item: Item) -> bool:
    """Whether the weights are 1 and 0 and stand for equal shares, which Moodle wants in numbers."""
    right = sum(option.weight > 0 for option in item.options)
    return not has_explicit_weights(item) and 0 < right < len(item.options)


def _single(item: Item) -> str:
    return _lines(_choice(option, option.weight, key=option.weight == 1) for option in item.options)


def _multiple(item: Item) -> str:
    weights = [option.weight for option in item.options]
    weights = gift.even_weights(weights) if is_even(item) else weights
    return _lines(_choice(option, weight) for option, weight in zip(item.options, weights, strict=True))


def _choice(option: Option, weight: float, *, key: bool = False) -> str:
    # A text such as "%5% of it" would be taken for a weight if none stood before it.
    bare = not weight and not gift.WEIGHT.match(option.text)
    sign = "=" if key else "~" if bare else f"~%{gift.to_percent(weight)}%"
    return f"{sign}{_text(option.text)}{_feedback(option)}"


def _verdict(item: Item) -> str:
    """TRUE or FALSE, the feedback for the wrong response, then that for the right one."""
    if not _has_moodles_verdicts(item):
        return _single(item)
    true, false = item.options
    right, wrong = (true, false) if true.weight > false.weight else (false, true)
    feedback = f"#{_text(wrong.feedback)}" if wrong.feedback or right.feedback else ""
    return right.text.upper() + feedback + _feedback(right)


def _accepted(item: Item) -> str:
    for option in item.options:
        if "->" in option.text + option.feedback:
            raise ValueError("GIFT takes a short answer with -> in it for a pair to match. Write it in another way.")
    return _lines(
        f"=%{gift.to_percent(option.weight)}%{_text(option.text.replace('*', chr(92) + '*'))}{_feedback(option)}"
        for option in item.options
    )


def _numbers(item: Item) -> str:
    return "#" + _lines(
        f"=%{gift.to_percent(option.weight)}%{_number(option)}{_feedback(option)}" for option in item.options
    )


def _number(option: Option) -> str:
    """The number and its tolerance in digits; raises ValueError where one is none."""
    number = parse_number(option.text)
    tolerance = parse_tolerance(option.tolerance, number or Decimal(0))
    if number is None or tolerance is None:
        raise ValueError(f"“{option.text}” with the tolerance “{option.tolerance}” is not a number. Mend it first.")
    text = option.text if option.text.isascii() and not set(option.text) & set("_ ") else str(number)
    if not option.tolerance.strip():
        return text
    plain = parse_number(option.tolerance) is not None and option.tolerance.isascii()
    return f"{text}:{option.tolerance if plain else f'{tolerance:f}'}"


def _pairs(item: Item) -> str:
    if any("->" in option.text for option in item.options):
        raise ValueError("GIFT cannot tell a -> in the left side of a pair from its own. Write it in another way.")
    return _lines(f"={_text(option.text)} -> {gift.escape(option.match)}" for option in item.options)


_BODIES: dict[str, Callable[[Item], str]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _verdict,
    "short_answer": _accepted,
    "numeric": _numbers,
    "matching": _pairs,
    "open": lambda _item: "",
}
