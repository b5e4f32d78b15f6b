"""What all file formats share: the records they read and write, their issues, and text decoding. No ORM."""

import codecs
import re
from dataclasses import dataclass, field, replace

from questions.content.item import Item, Option
from questions.content.pictures import PictureFile

MAX_BYTES = 10_000_000
MAX_QUESTIONS = 10_000


class UnreadableFile(ValueError):
    """The whole file cannot be read; the message says why and how to fix it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A question to import or export: its content and its place in the bank.

    `topic` is a topic's slug or the category named in the file; `slug` names the question within the topic; `line` is
    the line in the file where the question starts (the row in a spreadsheet), from 1, or 0 without a file; `files` are
    its pictures, for formats that store them.
    """

    item: Item
    topic: str = ""
    slug: str = ""
    task: str = ""
    line: int = field(default=0, compare=False)
    files: tuple[PictureFile, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """The question's slug, or the first 60 characters of its stem, for messages."""
        return self.slug or " ".join(self.item.stem.split())[:60]


@dataclass(frozen=True, slots=True)
class Issue:
    """A message about one question: why it is refused, or what its export loses."""

    line: int
    name: str
    text: str


@dataclass(slots=True)
class ParsedFile:
    """The questions of a file, in file order: the valid ones as records, the refused ones with the reason."""

    records: list[Record] = field(default_factory=list)
    refused: list[Issue] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add a record; raise UnreadableFile if the file has more than MAX_QUESTIONS questions."""
        self.records.append(record)
        self._check_count()

    def refuse(self, line: int, name: str, text: str) -> None:
        """Add a refused question and the reason; raise UnreadableFile above MAX_QUESTIONS questions."""
        self.refused.append(Issue(line, " ".join(name.split())[:60], text))
        self._check_count()

    def _check_count(self) -> None:
        if len(self.records) + len(self.refused) > MAX_QUESTIONS:
            raise UnreadableFile(
                f"The file has more than {MAX_QUESTIONS:,} questions. Split it and import the parts separately."
            )


@dataclass(slots=True)
class ExportedFile:
    """An exported file: its content, what the format lost of some questions, and the questions it could not hold."""

    content: bytes = b""
    losses: list[Issue] = field(default_factory=list)
    refused: list[Issue] = field(default_factory=list)


def check_size(data: bytes) -> None:
    """Raise UnreadableFile if the file is larger than MAX_BYTES."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts separately."
        )


def decode(data: bytes) -> str:
    """Return the text of a UTF-8 file, or UTF-16 with a byte order mark, with `\\n` line ends; raise UnreadableFile."""
    check_size(data)
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line} is not UTF-8. Save the file as UTF-8 and import it again.") from None
    if "\0" in text:
        raise UnreadableFile("This is not a text file. Save it as UTF-8 text and import it again.")
    return re.sub(r"\r\n?", "\n", text)


def normalize_even_weights(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return the options with weights 1 and 0 if the right ones share the credit evenly and wrong ones cost nothing.

    Other programs often store multiple choice that way. With weights 1 and 0, grading also subtracts credit for wrong
    options, so that ticking every option earns nothing.
    """
    weights = [option.weight for option in options]
    right = [weight for weight in weights if weight > 0]
    if not 0 < len(right) < len(options) or min(weights) < 0 or min(right) != max(right) or abs(sum(right) - 1) > 0.001:
        return options
    return tuple(replace(option, weight=float(option.weight > 0)) for option in options)


def stem_with_code(item: Item) -> str:
    """Return the stem followed by the code as a fenced block, for formats without a field for code."""
    if not item.code:
        return item.stem
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", item.code)), 3)
    return f"{item.stem}\n\n{fence}{item.code_language}\n{item.code}\n{fence}"


def split_code(text: str) -> tuple[str, str, str]:
    """Split a text into (stem, code, language), as `stem_with_code` joined them; code may be empty."""
    whole = (text, "", "")
    body, _, fence = text.rstrip().rpartition("\n")
    if len(fence) < 3 or set(fence) != {"`"}:
        return whole
    start = body.rfind(f"\n\n{fence}")
    opening, _, code = body[start + 2 :].partition("\n")
    language = opening[len(fence) :]
    closed = re.search(rf"^{fence}`*\s*$", code, re.MULTILINE)
    if start < 0 or not code or closed or not re.fullmatch(r"[\w+#.-]*", language):
        return whole
    return body[:start], code, language
