"""What every format reads and writes: records with an Item in each, and what could not be read or carried. No ORM."""

import codecs
import re
from dataclasses import dataclass, field, replace

from questions.content.item import Item, Option

MOST_BYTES = 10_000_000
MOST_QUESTIONS = 10_000


class Unreadable(ValueError):
    """Nothing can be read from the file; the message says why and what would mend it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A question on its way in or out: its content, and where it belongs in a bank.

    `topic` is a topic's slug or the category as the file says it; `slug` names the question within it; `line` is
    where it begins in its file, counted from 1 (in a table the row), and 0 where there is no file.
    """

    item: Item
    topic: str = ""
    slug: str = ""
    task: str = ""
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """What a message calls the question: its slug, or the beginning of its stem."""
        return self.slug or " ".join(self.item.stem.split())[:60]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of one question: why it is refused, or what a format cannot carry of it."""

    line: int
    name: str
    text: str


@dataclass(slots=True)
class Reading:
    """What was found in a file, in its order: the records that could be read, and the others with the reason."""

    records: list[Record] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Keeps a record; raises Unreadable when the file holds more than can be taken at once."""
        self.records.append(record)
        self._count()

    def refuse(self, line: int, name: str, text: str) -> None:
        """Keeps why a question was refused; raises Unreadable when the file holds more than can be taken at once."""
        self.refused.append(Remark(line, " ".join(name.split())[:60], text))
        self._count()

    def _count(self) -> None:
        if len(self.records) + len(self.refused) > MOST_QUESTIONS:
            raise Unreadable(f"The file holds more than {MOST_QUESTIONS:,} questions. Split it and import the parts.")


@dataclass(slots=True)
class Writing:
    """A file's content; what of some questions it does not hold; and the questions that it could not take at all."""

    content: bytes = b""
    lost: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark, with plain line ends; raises Unreadable for others."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it and import the parts.")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line} is not in UTF-8. Save the file as UTF-8 and import it again.") from None
    if "\0" in text:
        raise Unreadable("The file holds bytes that no text has. Save it as text in UTF-8 and import it again.")
    return re.sub(r"\r\n?", "\n", text)


def evened(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The options of a multiple choice; where the right ones share the credit evenly and no wrong one costs, as many
    banks have it, with weights of 1 and 0. Here that makes the wrong ones cost as much, so that ticking everything
    earns nothing."""
    weights = [option.weight for option in options]
    right = [weight for weight in weights if weight > 0]
    if not 0 < len(right) < len(options) or min(weights) < 0 or min(right) != max(right) or abs(sum(right) - 1) > 0.001:
        return options
    return tuple(replace(option, weight=float(option.weight > 0)) for option in options)


def with_code(item: Item) -> str:
    """The stem with the code beneath it as a fenced block, for formats that know no code of its own."""
    if not item.code:
        return item.stem
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", item.code)), 3)
    return f"{item.stem}\n\n{fence}{item.code_language}\n{item.code}\n{fence}"


def split_code(text: str) -> tuple[str, str, str]:
    """Stem, code and its language: what `with_code` joined; code is empty unless the text ends with a fenced block."""
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
