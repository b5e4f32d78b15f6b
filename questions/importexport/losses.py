"""What a format does not carry of a question, found by reading it back: nothing is lost without a word."""

from collections.abc import Callable, Iterator

from questions.content.item import Option
from questions.importexport.base import Reading, Record

# What people call the fields, in the order in which losses are said; options are compared one by one.
WORDS = {
    "topic": "its topic",
    "slug": "its name",
    "task": "its task",
    "stem": "its text",
    "code": "its code",
    "code_language": "the language of its code",
    "holds_for": "the versions that it holds for",
    "difficulty": "its difficulty",
    "seniority": "its seniority",
    "explanation": "its explanation",
    "model_answer": "its model answer",
    "case_sensitive": "whether case matters",
    "criteria": "its rubric",
    "follow_ups": "its follow-up questions",
    "sources": "its sources",
}


def read_back(text: str, read: Callable[[bytes], Reading]) -> Record:
    """The question as it will be read; raises ValueError, with a message for people, where it will not be."""
    try:
        reading = read(text.encode())
    except UnicodeEncodeError:
        raise ValueError("It holds characters that no text file can hold. Delete them.") from None
    if reading.refused:
        raise ValueError(f"It could not be read again: {reading.refused[0].text}")
    if len(reading.records) != 1:
        raise ValueError("It could not be read again as one question.")
    return reading.records[0]


def losses_of(record: Record, back: Record, name: str) -> list[str]:
    """What the format of that name does not hold of the record, or holds otherwise; raises ValueError where the record
    read back is another question."""
    if record.item.type != back.item.type or len(record.item.options) != len(back.item.options):
        raise ValueError("It would be read as another kind of question. Mend what its page says of it first.")
    placeless: list[str] = []
    changed: list[str] = []
    # Code that is not told from the stem is still in the file.
    joined = bool(record.item.code) and not back.item.code and record.item.code in back.item.stem
    for field, words in WORDS.items():
        wanted, found = _value(record, field), _value(back, field)
        if wanted != found:
            (changed if found or (joined and field in ("code", "code_language")) else placeless).append(words)
    said = [f"{name} has no place for {', '.join(placeless)}."] if placeless else []
    if changed:
        said.append(
            f"{name} changes {', '.join(changed)}: white space at the ends, line ends, and code within a text are not "
            "kept as they are."
        )
    for option, found in zip(record.item.options, back.item.options, strict=True):
        said.extend(_changes(option, found))
    return said


def _value(record: Record, field: str) -> object:
    return getattr(record if field in ("topic", "slug", "task") else record.item, field)


def _changes(option: Option, found: Option) -> Iterator[str]:
    """What becomes of an option."""
    name = option.text or option.match
    if option.tolerance != found.tolerance:
        yield f"The tolerance {option.tolerance} of {name} is written as {found.tolerance or 'none'}."
    if option.weight != found.weight:
        yield f"The weight {option.weight:g} of “{name}” is written as {found.weight:g}."
    if (option.text, option.match) != (found.text, found.match):
        yield f"The option “{name}” is written as “{found.text or found.match}”."
    if option.feedback != found.feedback:
        yield f"The feedback of “{name}” is {'changed' if found.feedback else 'lost'}."
