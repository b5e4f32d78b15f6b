"""Export losses: what a format drops or changes in a question, found by reading the exported question back."""

from collections.abc import Callable, Iterator

from questions.content.item import Option
from questions.importexport.base import ParsedFile, Record

# In the order in which losses are listed; options are compared one by one.
FIELD_LABELS = {
    "topic": "its topic",
    "slug": "its slug",
    "task": "its task",
    "stem": "its stem",
    "code": "its code",
    "code_language": "the language of its code",
    "holds_for": "the versions it applies to",
    "difficulty": "its difficulty",
    "seniority": "its seniority",
    "explanation": "its explanation",
    "model_answer": "its model answer",
    "case_sensitive": "whether case matters",
    "criteria": "its rubric",
    "follow_ups": "its follow-up questions",
    "sources": "its sources",
}


def read_back(text: str, read: Callable[[bytes], ParsedFile]) -> Record:
    """Return the question as the importer will read it; raise ValueError with a message for staff if it cannot."""
    try:
        parsed = read(text.encode())
    except UnicodeEncodeError:
        raise ValueError("It has characters that no text file can hold. Delete them.") from None
    if parsed.refused:
        raise ValueError(f"It could not be imported again: {parsed.refused[0].text}")
    if len(parsed.records) != 1:
        raise ValueError("It could not be imported again as one question.")
    return parsed.records[0]


def losses_of(record: Record, reread: Record, format_name: str) -> list[str]:
    """Return a sentence for each thing that the format drops or changes in the record, given the record read back.

    Raise ValueError if the record would be imported as another type or with other options.
    """
    if record.item.type != reread.item.type or len(record.item.options) != len(reread.item.options):
        raise ValueError("It would be imported as another type of question. Fix the problems shown on its page first.")
    dropped: list[str] = []
    changed: list[str] = []
    # Code that became part of the stem is changed, not dropped.
    is_code_in_stem = bool(record.item.code) and not reread.item.code and record.item.code in reread.item.stem
    for field, label in FIELD_LABELS.items():
        expected, actual = _value(record, field), _value(reread, field)
        if expected != actual:
            is_changed = actual or (is_code_in_stem and field in ("code", "code_language"))
            (changed if is_changed else dropped).append(label)
    units, reread_units = record.item.units, reread.item.units
    if units and not reread_units:
        dropped.append("its units")
    losses = [f"{format_name} does not store {', '.join(dropped)}."] if dropped else []
    if changed:
        losses.append(
            f"{format_name} changes {', '.join(changed)}: leading and trailing white space, line ends, and code inside "
            "a text are not preserved."
        )
    losses += picture_losses(record, format_name)
    if units != reread_units and reread_units:
        losses.append(f"Its units are written as “{reread_units}”.")
    for option, actual in zip(record.item.options, reread.item.options, strict=True):
        losses.extend(_option_losses(option, actual))
    return losses


def picture_losses(record: Record, format_name: str) -> list[str]:
    """Return a sentence about the pictures of a question in a format that has no place for files."""
    names = ", ".join(picture.name for picture in record.item.pictures)
    return [f"{format_name} stores only the names of its pictures: {names}."] if names else []


def _value(record: Record, field: str) -> object:
    return getattr(record if field in ("topic", "slug", "task") else record.item, field)


def _option_losses(option: Option, found: Option) -> Iterator[str]:
    name = option.text or option.match
    if option.tolerance != found.tolerance:
        yield f"The tolerance {option.tolerance} of {name} is written as {found.tolerance or 'none'}."
    if option.weight != found.weight:
        yield f"The weight {option.weight:g} of “{name}” is written as {found.weight:g}."
    if (option.text, option.match) != (found.text, found.match):
        yield f"The option “{name}” is written as “{found.text or found.match}”."
    if option.feedback != found.feedback:
        yield f"The feedback of “{name}” is {'changed' if found.feedback else 'lost'}."
