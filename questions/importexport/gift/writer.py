"""Writer for GIFT files; reads each question back to report what GIFT cannot express."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from questions.content.item import Item, Option
from questions.importexport.base import ExportedFile, Issue, Record, stem_with_code
from questions.importexport.gift import lines_as_choice
from questions.importexport.gift import text as gift
from questions.importexport.gift.reader import read
from questions.importexport.losses import losses_of, read_back
from questions.types.choice import has_explicit_weights
from questions.types.numeric import parse_tolerance
from questions.types.typed_text import parse_number

TOP_CATEGORY = "$course$/top"
TRUE_FALSE_TEXTS = ["True", "False"]


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the questions to a GIFT file in Markdown, with a category wherever the topic changes."""
    exported = ExportedFile()
    parts = []
    topic = ""
    for record in records:
        try:
            question = _question(record)
            losses = losses_of(record, read_back(f"{_category(record.topic)}{question}", read), "GIFT")
        except ValueError as reason:
            exported.refused.append(Issue(record.line, record.name, str(reason)))
            continue
        exported.losses.extend(Issue(record.line, record.name, text) for text in losses)
        parts.append(_category(record.topic) * (record.topic != topic) + question)
        topic = record.topic
    exported.content = "".join(parts).encode()
    return exported


def _category(topic: str) -> str:
    return f"$CATEGORY: {TOP_CATEGORY}/{' '.join(topic.split())}".rstrip("/ ") + "\n\n"


def _question(record: Record) -> str:
    """Return the question in GIFT, with a blank line at the end; raise ValueError if GIFT cannot express it."""
    item = record.item
    if item.type not in _BODIES:
        raise ValueError("GIFT does not support this question type. Use another format, such as YAML.")
    comment = _comment(record)
    title = f"::{gift.escape(record.slug)}::" if record.slug else ""
    explanation = _general_feedback(item)
    body = _BODIES[item.type](item)
    return f"{comment}{title}[markdown]{gift.escape(stem_with_code(item))}{{{body}{explanation}}}\n\n"


def _comment(record: Record) -> str:
    """Return the comment with the ID and the tags, which Moodle reads; empty if there are none."""
    item = record.item
    values = {"task": record.task} | {name: getattr(item, name) for name in gift.TAGGED if name != "task"}
    tags = [f"{name}:{' '.join(value.split())}" for name, value in values.items() if value]
    tags += [gift.CASE_SENSITIVE] * item.case_sensitive
    tags += [gift.EVEN_WEIGHTS] * (item.type == "multiple_choice" and has_even_weights(item))
    tags += [gift.TRUE_FALSE] * (item.type == "true_false" and not _has_moodle_texts(item))
    tags += lines_as_choice.tags_of(item) if item.type == "find_lines" else []
    found = [f"[id:{_in_brackets(record.slug)}]"] * bool(record.slug) + [f"[tag:{_in_brackets(tag)}]" for tag in tags]
    return f"// {' '.join(found)}\n" if found else ""


def _in_brackets(text: str) -> str:
    return text.replace("]", "\\]")


def _general_feedback(item: Item) -> str:
    """Return explanation and model answer as general feedback, which Moodle shows after the answer."""
    model_answer = gift.MODEL_ANSWER + item.model_answer if item.model_answer else ""
    parts = [part for part in (item.explanation, model_answer) if part]
    joined = "\n\n".join(parts)
    return f"####{_text(joined)}" if joined else ""


def _text(text: str) -> str:
    """Return the escaped text, prefixed with [markdown] if it starts like a format prefix."""
    return ("[markdown]" if gift.FORMAT.match(text) else "") + gift.escape(text)


def _feedback(option: Option) -> str:
    return f"#{_text(option.feedback)}" if option.feedback else ""


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _has_moodle_texts(item: Item) -> bool:
    return [option.text for option in item.options] == TRUE_FALSE_TEXTS


def has_even_weights(item: Item) -> bool:
    """Whether the weights are 1 and 0, which stand for equal shares; Moodle needs the shares as numbers."""
    right = sum(option.weight > 0 for option in item.options)
    return not has_explicit_weights(item) and 0 < right < len(item.options)


def _single(item: Item) -> str:
    return _lines(_choice(option, option.weight, key=option.weight == 1) for option in item.options)


def _multiple(item: Item) -> str:
    weights = [option.weight for option in item.options]
    weights = gift.to_even_weights(weights) if has_even_weights(item) else weights
    return _lines(_choice(option, weight) for option, weight in zip(item.options, weights, strict=True))


def _find_lines(item: Item) -> str:
    return _lines(_choice(option, option.weight) for option in lines_as_choice.as_options(item))


def _choice(option: Option, weight: float, *, key: bool = False) -> str:
    # Without a weight before it, a text such as "%5% of it" would be read as a weight.
    bare = not weight and not gift.WEIGHT.match(option.text)
    sign = "=" if key else "~" if bare else f"~%{gift.to_percent(weight)}%"
    return f"{sign}{_text(option.text)}{_feedback(option)}"


def _true_false(item: Item) -> str:
    """Return TRUE or FALSE, then the feedback for the wrong answer and for the right one."""
    if not _has_moodle_texts(item):
        return _single(item)
    true, false = item.options
    right, wrong = (true, false) if true.weight > false.weight else (false, true)
    feedback = f"#{_text(wrong.feedback)}" if wrong.feedback or right.feedback else ""
    return right.text.upper() + feedback + _feedback(right)


def _short_answer(item: Item) -> str:
    for option in item.options:
        if "->" in option.text + option.feedback:
            raise ValueError("GIFT reads a short answer that contains -> as a matching pair. Rephrase the answer.")
    return _lines(
        f"=%{gift.to_percent(option.weight)}%{_text(option.text.replace('*', chr(92) + '*'))}{_feedback(option)}"
        for option in item.options
    )


def _numeric(item: Item) -> str:
    return "#" + _lines(
        f"=%{gift.to_percent(option.weight)}%{_number_with_tolerance(option)}{_feedback(option)}"
        for option in item.options
    )


def _number_with_tolerance(option: Option) -> str:
    """Return the number and its tolerance as digits; raise ValueError if one of them is not a number."""
    number = parse_number(option.text)
    tolerance = parse_tolerance(option.tolerance, number or Decimal(0))
    if number is None or tolerance is None:
        raise ValueError(f"“{option.text}” with the tolerance “{option.tolerance}” is not a number. Fix it first.")
    text = option.text if option.text.isascii() and not set(option.text) & set("_ ") else str(number)
    if not option.tolerance.strip():
        return text
    plain = parse_number(option.tolerance) is not None and option.tolerance.isascii()
    return f"{text}:{option.tolerance if plain else f'{tolerance:f}'}"


def _matching(item: Item) -> str:
    if any("->" in option.text for option in item.options):
        raise ValueError("GIFT cannot store a -> in the left side of a pair. Rephrase the option.")
    return _lines(f"={_text(option.text)} -> {gift.escape(option.match)}" for option in item.options)


_BODIES: dict[str, Callable[[Item], str]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "find_lines": _find_lines,
    "open": lambda _item: "",
}
