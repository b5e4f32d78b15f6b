"""Import and export of Aiken files, a text format for single choice questions with lettered options."""

import re
from collections.abc import Iterable
from string import ascii_uppercase

from questions.content.item import Item, Option
from questions.importexport.base import ExportedFile, Issue, ParsedFile, Record, decode, split_code, stem_with_code
from questions.importexport.losses import losses_of, read_back

OPTION = re.compile(r"([A-Z])[.)][ \t]+(?=\S)(.*)")
ANSWER = re.compile(r"ANSWER[ \t]*:(.*)", re.IGNORECASE)
# `split_code` takes quadratic time in the number of fences.
MAX_FENCES = 50


class _Question:
    """A question while it is read; `line` is the line where it starts, 0 before its first line."""

    def __init__(self) -> None:
        self.line = 0
        self.stem: list[str] = []
        self.options: list[str] = []

    @property
    def name(self) -> str:
        return next((line for line in self.stem if line.strip()), "")[:200]

    def record(self, key: str) -> Record:
        """Return the question with the option lettered `key` as the right one; raise ValueError if it is invalid."""
        text = "\n".join(self.stem).strip()
        if not text:
            raise ValueError("It has options but no question text. Write the question before them.")
        if len(self.options) < 2:
            raise ValueError("It has fewer than two options. Write each on its own line, such as A. yes, then B. no.")
        place = ascii_uppercase.find(key) if len(key) == 1 else -1
        if not 0 <= place < len(self.options):
            last = ascii_uppercase[len(self.options) - 1]
            raise ValueError(
                f"“{key[:20]}” is not one of its options. Write one letter from A to {last}, as in ANSWER: A."
            )
        options = tuple(Option(option, float(index == place)) for index, option in enumerate(self.options))
        stem, code, language = split_code(text) if text.count("\n\n```") <= MAX_FENCES else (text, "", "")
        return Record(Item("single_choice", stem, code=code, code_language=language, options=options), line=self.line)


def read(data: bytes) -> ParsedFile:
    """Read the questions of an Aiken file; raise UnreadableFile if it is not text or too large."""
    parsed = ParsedFile()
    question = _Question()
    for number, line in enumerate(decode(data).split("\n"), 1):
        bare = line.strip()
        option, answer = OPTION.fullmatch(bare), ANSWER.fullmatch(bare)
        if answer:
            _finish(parsed, question, number, answer[1].strip().upper())
            question = _Question()
        elif question.options and bare and not _continues(question, option):
            _refuse_unfinished(parsed, question, number)
            question = _Question()
        if answer or (not bare and not question.line):
            continue
        question.line = question.line or number
        if option and _continues(question, option):
            question.options.append(option[2])
        elif bare or not question.options:
            question.stem.append(line.rstrip())
    if question.line:
        _refuse_unfinished(parsed, question, number)
    return parsed


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the single choice questions to an Aiken file and refuse the others."""
    exported = ExportedFile()
    parts = []
    for record in records:
        try:
            question = _text(record.item)
            losses = losses_of(record, read_back(question, read), "Aiken")
        except ValueError as reason:
            exported.refused.append(Issue(record.line, record.name, str(reason)))
            continue
        exported.losses.extend(Issue(record.line, record.name, text) for text in losses)
        parts.append(question)
    exported.content = "\n".join(parts).encode()
    return exported


def _continues(question: _Question, option: re.Match[str] | None) -> bool:
    """Whether the line is the next option; other lines that look like an option belong to the stem."""
    remaining_letters = ascii_uppercase[len(question.options) :]
    return option is not None and option[1] == remaining_letters[:1]


def _finish(parsed: ParsedFile, question: _Question, number: int, key: str) -> None:
    try:
        record = question.record(key)
    except ValueError as reason:
        start = f" (The question starts on line {question.line}.)" if 0 < question.line < number else ""
        parsed.refuse(number, question.name, f"{reason}{start}")
    else:
        parsed.add(record)


def _refuse_unfinished(parsed: ParsedFile, question: _Question, number: int) -> None:
    missing = (
        f"Line {number} is neither its next option nor its answer. Write each option on one line, in alphabetical "
        "order, and ANSWER: with a letter after the last option."
        if question.options
        else "It has no options. Write each on its own line, such as A. yes, then B. no, then ANSWER: A."
    )
    parsed.refuse(question.line, question.name, missing)


def _text(item: Item) -> str:
    """Return the question in Aiken; raise ValueError if the format cannot express it."""
    right = [index for index, option in enumerate(item.options) if option.weight == 1]
    if item.type != "single_choice":
        raise ValueError("Aiken supports single choice questions only. Use another format, such as GIFT.")
    if len(right) != 1 or len(item.options) > 26:
        raise ValueError("Aiken needs one right option and at most 26 options. Fix the question first.")
    options = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, item.options, strict=False)]
    return "\n".join([stem_with_code(item), *options, f"ANSWER: {ascii_uppercase[right[0]]}", ""])
