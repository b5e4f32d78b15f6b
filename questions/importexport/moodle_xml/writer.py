"""Writer for Moodle XML files; reads each question back to report what the format cannot express."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from decimal import Decimal

from questions.content.item import Item, Option
from questions.importexport.base import ExportedFile, Issue, Record, stem_with_code
from questions.importexport.gift import lines_as_choice
from questions.importexport.gift import text as gift
from questions.importexport.gift.writer import TOP_CATEGORY, TRUE_FALSE_TEXTS, has_even_weights
from questions.importexport.losses import losses_of, read_back
from questions.importexport.moodle_xml.reader import read
from questions.types.numeric import parse_tolerance
from questions.types.typed_text import parse_number
from questions.types.units import parse_units, plain_digits

# Characters that XML 1.0 does not allow.
INVALID_XML_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
QUIZ_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{}</quiz>\n'
USECASE_VALUES = {True: "1", False: "0"}


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the questions to a Moodle XML file in Markdown, with a category wherever the topic changes."""
    exported = ExportedFile()
    parts = []
    topic = ""
    for record in records:
        try:
            question = _category(record.topic), _string(_question(record))
            losses = losses_of(record, read_back(QUIZ_XML.format("".join(question)), read), "Moodle XML")
        except ValueError as reason:
            exported.refused.append(Issue(record.line, record.name, str(reason)))
            continue
        exported.losses.extend(Issue(record.line, record.name, text) for text in losses)
        parts.append("".join(question) if record.topic != topic else question[1])
        topic = record.topic
    exported.content = QUIZ_XML.format("".join(parts)).encode()
    return exported


def _category(topic: str) -> str:
    element = ET.Element("question", type="category")
    _text(element, "category", f"{TOP_CATEGORY}/{' '.join(topic.split())}".rstrip("/ "))
    return _string(element)


def _string(element: ET.Element) -> str:
    ET.indent(element)
    return ET.tostring(element, encoding="unicode") + "\n"


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    """Add an element with a <text> child, without characters that XML does not allow."""
    element = ET.SubElement(parent, name, attributes)
    ET.SubElement(element, "text").text = INVALID_XML_CHARACTERS.sub("", text)
    return element


def _bare(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = INVALID_XML_CHARACTERS.sub("", text)


def _question(record: Record) -> ET.Element:
    """Return the question's element; raise ValueError if Moodle cannot express it."""
    item = record.item
    kind, fill = _WRITERS[item.type]
    element = ET.Element("question", type=kind)
    _text(element, "name", record.name)
    _text(element, "questiontext", stem_with_code(item), format="markdown")
    _text(element, "generalfeedback", item.explanation, format="markdown")
    _bare(element, "idnumber", record.slug)
    fill(element, item)
    tags = ET.SubElement(element, "tags")
    values = {"task": record.task} | {name: getattr(item, name) for name in gift.TAGGED if name != "task"}
    for name, value in values.items():
        if value:
            _text(tags, "tag", f"{name}:{value}")
    if item.type == "multiple_choice" and has_even_weights(item):
        _text(tags, "tag", gift.EVEN_WEIGHTS)
    for tag in lines_as_choice.tags_of(item) if item.type == "find_lines" else ():
        _text(tags, "tag", tag)
    if item.type == "true_false" and kind != "truefalse":
        _text(tags, "tag", gift.TRUE_FALSE)
    return element


def _answer(parent: ET.Element, option: Option, weight: float, markup: str = "markdown") -> ET.Element:
    answer = _text(parent, "answer", option.text, fraction=gift.to_percent(weight), format=markup)
    _text(answer, "feedback", option.feedback, format="markdown")
    return answer


def _single(element: ET.Element, item: Item) -> None:
    _bare(element, "single", "true")
    for option in item.options:
        _answer(element, option, option.weight)


def _multiple(element: ET.Element, item: Item) -> None:
    _bare(element, "single", "false")
    weights = [option.weight for option in item.options]
    for option, weight in zip(
        item.options, gift.to_even_weights(weights) if has_even_weights(item) else weights, strict=True
    ):
        _answer(element, option, weight)


def _find_lines(element: ET.Element, item: Item) -> None:
    _bare(element, "single", "false")
    for option in lines_as_choice.as_options(item):
        _answer(element, option, option.weight)


def _true_false(element: ET.Element, item: Item) -> None:
    if [option.text for option in item.options] != TRUE_FALSE_TEXTS:
        raise ValueError("Moodle needs the options True and False, in this order. Rename or reorder the options.")
    for option in item.options:
        lower = Option(option.text.lower(), option.weight, feedback=option.feedback)
        _answer(element, lower, option.weight, "moodle_auto_format")


def _short_answer(element: ET.Element, item: Item) -> None:
    _bare(element, "usecase", USECASE_VALUES[item.case_sensitive])
    for option in item.options:
        starred = Option(option.text.replace("*", "\\*"), option.weight, feedback=option.feedback)
        _answer(element, starred, option.weight, "plain_text")


def _numerical(element: ET.Element, item: Item) -> None:
    for option in item.options:
        number = parse_number(option.text)
        tolerance = parse_tolerance(option.tolerance, number or Decimal(0))
        if number is None or tolerance is None:
            raise ValueError(f"“{option.text}” with the tolerance “{option.tolerance}” is not a number. Fix it first.")
        plain = option.tolerance == "" or parse_number(option.tolerance) is not None
        answer = _answer(element, option, option.weight, "plain_text")
        _bare(answer, "tolerance", option.tolerance if plain else f"{tolerance:f}")
    _units(element, item)


def _units(element: ET.Element, item: Item) -> None:
    """Add the units; a multiplier says how many of a unit make one of the first. Raise ValueError if they are invalid.

    The other elements say that a unit is optional, typed, not graded and right of the number.
    """
    units = parse_units(item.units)
    parent = ET.SubElement(element, "units") if units else element
    for unit in units:
        child = ET.SubElement(parent, "unit")
        _bare(child, "multiplier", plain_digits(1 / unit.size))
        _bare(child, "unit_name", unit.name)
    if units:
        for name in ("unitgradingtype", "unitpenalty", "showunits", "unitsleft"):
            _bare(element, name, "0")


def _matching(element: ET.Element, item: Item) -> None:
    for option in item.options:
        pair = _text(element, "subquestion", option.text, format="markdown")
        _text(pair, "answer", option.match)


def _ordering(element: ET.Element, item: Item) -> None:
    for name, value in {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST",
    }.items():
        _bare(element, name, value)
    for position, option in enumerate(item.options, 1):
        answer = _text(element, "answer", option.text, fraction=str(position), format="markdown")
        if option.feedback:
            _text(answer, "feedback", option.feedback, format="markdown")


def _essay(element: ET.Element, item: Item) -> None:
    _text(element, "graderinfo", item.model_answer, format="markdown")


_WRITERS: dict[str, tuple[str, Callable[[ET.Element, Item], None]]] = {
    "single_choice": ("multichoice", _single),
    "multiple_choice": ("multichoice", _multiple),
    "true_false": ("truefalse", _true_false),
    "short_answer": ("shortanswer", _short_answer),
    "numeric": ("numerical", _numerical),
    "matching": ("matching", _matching),
    "find_lines": ("multichoice", _find_lines),
    "ordering": ("ordering", _ordering),
    "open": ("essay", _essay),
}
