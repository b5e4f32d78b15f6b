"""Reader for Moodle XML files; a SAX parser builds one question at a time, to save memory and to know its line."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from decimal import Context, Decimal
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser
from django.utils.text import slugify

from questions.content.item import Item, Option
from questions.importexport.base import ParsedFile, Record, UnreadableFile, check_size, split_code
from questions.importexport.gift import lines_as_choice
from questions.importexport.gift import text as gift
from questions.importexport.gift.answers import MAX_NUMBER_LENGTH, WILDCARD
from questions.importexport.gift.reader import ANCESTORS, MAX_SLUG_LENGTH
from questions.importexport.html_to_markdown import to_markdown
from questions.types.typed_text import parse_number
from questions.types.units import Unit, format_units, parse_units

MAX_DEPTH = 20
TEXT_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
FILE_PLACEHOLDER = "@@PLUGINFILE@@"
UNITS_NOT_USED = "3"  # value of <showunits>
MULTIPLIER_DIGITS = 15  # significant ones: 0.01666666666666667 is 1/60


class InvalidQuestion(ValueError):
    """A question cannot be imported; the message says why."""


def read(data: bytes) -> ParsedFile:
    """Read the questions of a Moodle XML file; raise UnreadableFile."""
    check_size(data)
    reader = _Reader()
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(reader)
    try:
        parser.parse(io.BytesIO(data))
    except DefusedXmlException:
        raise UnreadableFile(
            "The file declares a document type or entities, which are not allowed. Export it again from Moodle."
        ) from None
    except SAXParseException as error:
        where = f"Line {error.getLineNumber()}, column {error.getColumnNumber()}"
        raise UnreadableFile(
            f"{where}: this is not well-formed XML ({error.getMessage()}). If the file is not UTF-8, its first line "
            'must name the encoding, as in <?xml version="1.0" encoding="ISO-8859-1"?>.'
        ) from None
    except (SAXException, ValueError, LookupError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("The file is not valid XML. Export it again in Moodle's XML format.") from error
    return reader.parsed


class _Reader(ContentHandler):
    """Builds an element tree for one <question> at a time and adds its record or its issue to `parsed`."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed = ParsedFile()
        self.topic = ""
        self.depth = 0
        self.line = 0
        self.builder: ET.TreeBuilder | None = None
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the name that SAX gives it
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self.depth += 1
        if self.depth == 1 and name != "quiz":
            raise UnreadableFile("The root element is not <quiz>. Export the file in Moodle's XML format.")
        if self.depth > MAX_DEPTH:
            raise UnreadableFile(f"Elements are nested more than {MAX_DEPTH} deep: this is not Moodle XML.")
        if self.depth == 2 and name == "question":
            self.builder = ET.TreeBuilder()
            self.line = self.locator.getLineNumber() or 0 if self.locator else 0
        if self.builder:
            self.builder.start(name, dict(attrs.items()))

    def characters(self, content: str) -> None:
        if self.builder:
            self.builder.data(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1
        if self.builder:
            self.builder.end(name)
            if self.depth == 1:
                question, self.builder = self.builder.close(), None
                self._add_question(question)

    def _add_question(self, question: ET.Element) -> None:
        kind = question.get("type", "")
        name = _plain(question, "name")
        if kind == "category":
            self.topic = ANCESTORS.sub("", _plain(question, "category"), count=1).strip()
            return
        try:
            if kind not in _READERS:
                raise InvalidQuestion(f"Moodle's question type “{kind[:40]}” is not supported.")
            if question.find(".//file") is not None or any(FILE_PLACEHOLDER in text for text in question.itertext()):
                raise InvalidQuestion(
                    "It includes an image or another file, which is not supported. Delete the file and export again."
                )
            self.parsed.add(_record(question, kind, name, self.topic, self.line))
        except UnreadableFile:
            raise
        except ValueError as problem:
            self.parsed.refuse(self.line, name, str(problem))


def _record(question: ET.Element, kind: str, name: str, topic: str, line: int) -> Record:
    tags = [tag for tag in (_plain(one) for one in question.findall("tags/tag")) if tag]
    tagged = {field: tag.partition(":")[2] for tag in tags for field in gift.TAGGED if tag.startswith(f"{field}:")}
    stem, code, language = split_code(_markdown(question, "questiontext"))
    type_name, options = _READERS[kind](question, tags)
    explanation, catch_all = _markdown(question, "generalfeedback"), _catch_all_feedback(question)
    item = Item(
        type=type_name,
        stem=stem,
        code=code,
        code_language=language,
        explanation="\n\n".join(part for part in (explanation, catch_all) if part),
        model_answer=_markdown(question, "graderinfo") if type_name == "open" else "",
        case_sensitive=_plain(question, "usecase", itself=True) == "1",
        units=_units(question) if kind == "numerical" else "",
        options=tuple(options),
        difficulty=tagged.get("difficulty", ""),
        seniority=tagged.get("seniority", ""),
        holds_for=tagged.get("holds_for", ""),
    )
    slug = _plain(question, "idnumber", itself=True) or slugify(name)[:MAX_SLUG_LENGTH].strip("-")
    return Record(item, topic=topic, slug=slug, task=tagged.get("task", ""), line=line)


def _plain(parent: ET.Element, path: str = "", *, itself: bool = False) -> str:
    """Return the text of the element at `path`: that of its <text> child or, with `itself`, its own."""
    found = parent.find(path) if path else parent
    if found is None:
        return ""
    text = found.findtext("text")
    return ((found.text or "") if itself or text is None else text).strip()


def _markdown(parent: ET.Element, path: str = "") -> str:
    """Return the formatted text of the element at `path` as Markdown; raise ValueError if it cannot be converted."""
    found = parent.find(path) if path else parent
    if found is None:
        return ""
    text = found.findtext("text") or ""
    return to_markdown(text, TEXT_FORMATS.get(found.get("format", "html"), "html")).strip()


def _weight(answer: ET.Element) -> float:
    """Return an answer's fraction, a percentage, as a weight; raise InvalidQuestion if it is not in -100..100."""
    text = answer.get("fraction", "0").strip()
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text, re.ASCII) or abs(float(text)) > 100:
        raise InvalidQuestion(f"The fraction “{text[:40]}” is not a percentage between -100 and 100.")
    return gift.to_weight(text)


def _options(question: ET.Element) -> list[Option]:
    return [
        Option(text=_markdown(answer), weight=_weight(answer), feedback=_markdown(answer, "feedback"))
        for answer in question.findall("answer")
    ]


def _choice(question: ET.Element, tags: list[str]) -> tuple[str, list[Option]]:
    options = _options(question)
    if _plain(question, "single", itself=True).lower() in ("true", "1"):
        return "true_false" if gift.TRUE_FALSE in tags else "single_choice", options
    if lines := lines_as_choice.from_options(options, tags):
        return "find_lines", list(lines)
    if gift.EVEN_WEIGHTS in tags:
        options = [Option(one.text, float(one.weight > 0), feedback=one.feedback) for one in options]
    return "multiple_choice", options


def _true_false(question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    words = {"true": "True", "false": "False"}
    options = [
        Option(words.get(one.text.lower(), one.text), one.weight, feedback=one.feedback) for one in _options(question)
    ]
    return "true_false", options


def _is_catch_all(answer: ET.Element) -> bool:
    """Whether this answer stands for any other answer, which Quizsite always grades as wrong."""
    return _plain(answer) == "*" and _weight(answer) == 0


def _catch_all_feedback(question: ET.Element) -> str:
    """Return the feedback for any other answer, which becomes part of the explanation."""
    if question.get("type") not in ("shortanswer", "numerical"):
        return ""
    return "\n\n".join(_markdown(answer, "feedback") for answer in question.findall("answer") if _is_catch_all(answer))


def _short_answer(question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    options = []
    for answer in question.findall("answer"):
        text = _plain(answer)
        if _is_catch_all(answer):
            continue
        if WILDCARD.search(text):
            raise InvalidQuestion("Wildcards (*) are not supported. Write the whole answer, or \\* for an asterisk.")
        options.append(Option(text.replace("\\*", "*"), _weight(answer), feedback=_markdown(answer, "feedback")))
    return "short_answer", options


def _numerical(question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    return "numeric", [
        Option(
            _plain(answer),
            _weight(answer),
            tolerance=_plain(answer, "tolerance", itself=True),
            feedback=_markdown(answer, "feedback"),
        )
        for answer in question.findall("answer")
        if not _is_catch_all(answer)
    ]


def _units(question: ET.Element) -> str:
    """Return the units as an author would write them, the one with the multiplier 1 first; raise ValueError."""
    if _plain(question, "showunits", itself=True) == UNITS_NOT_USED:
        return ""
    units = [
        Unit(_plain(unit, "unit_name", itself=True), _size(_plain(unit, "multiplier", itself=True)))
        for unit in question.findall("units/unit")
    ]
    units.sort(key=lambda unit: unit.size != 1)
    if units and units[0].size != 1:
        raise InvalidQuestion("None of its units has the multiplier 1. Add the unit that the answers are in.")
    text = format_units(units)
    parse_units(text)
    return text


def _size(multiplier: str) -> Decimal:
    """Return what a unit is worth in the first, given how many of it make one of the first; raise InvalidQuestion."""
    number = parse_number(multiplier) if len(multiplier) <= MAX_NUMBER_LENGTH else None
    if number is None or number <= 0:
        raise InvalidQuestion(f"The multiplier “{multiplier[:40]}” of a unit is not a number above 0.")
    return Context(prec=MULTIPLIER_DIGITS).divide(Decimal(1), number)


def _matching(question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    pairs = question.findall("subquestion")
    return "matching", [Option(text=_markdown(pair), match=_plain(pair, "answer")) for pair in pairs]


def _ordering(question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    answers = [
        (float(re.sub(r"[^\d.]", "", answer.get("fraction", "")) or 0), answer) for answer in question.findall("answer")
    ]
    positions = [position for position, _answer in answers]
    if len(set(positions)) == len(positions):
        answers.sort(key=lambda pair: pair[0])
    return "ordering", [
        Option(_markdown(answer), feedback=_markdown(answer, "feedback")) for _position, answer in answers
    ]


def _essay(_question: ET.Element, _tags: list[str]) -> tuple[str, list[Option]]:
    return "open", []


_READERS: dict[str, Callable[[ET.Element, list[str]], tuple[str, list[Option]]]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
