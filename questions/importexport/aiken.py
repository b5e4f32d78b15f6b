"""Aiken: a question, its options from A on, and the letter of the right one. Single choice and nothing else."""

import re
from collections.abc import Iterable
from string import ascii_uppercase

from questions.content.item import Item, Option
from questions.importexport.base import Reading, Record, Remark, Writing, decode, split_code, with_code
from questions.importexport.losses import losses_of, read_back

OPTION = re.compile(r"([A-Z])[.)][ \t]+(?=\S)(.*)")
ANSWER = re.compile(r"ANSWER[ \t]*:(.*)", re.IGNORECASE)
# `split_code` takes a time that grows with the square of the fences in a text.
MOST_FENCES = 50


class _Question:
    """What was read of a question so far; `line` is where it begins, 0 before it does."""

    def __init__(self) -> None:
        self.line = 0
        self.stem: list[str] = []
        self.options: list[str] = []

    @property
    def name(self) -> str:
        return next((line for line in self.stem if line.strip()), "")[:200]

    def record(self, key: str) -> Record:
        """The question whose right option has that letter; raises ValueError."""
        text = "\n".join(self.stem).strip()
        if not text:
            raise ValueError("It has options but asks nothing. Write the question before them.")
        if len(self.options) < 2:
            raise ValueError("It has fewer than two options. Write each on its line, such as A. yes, then B. no.")
        place = ascii_uppercase.find(key) if len(key) == 1 else -1
        if not 0 <= place < len(self.options):
            last = ascii_uppercase[len(self.options) - 1]
            raise ValueError(
                f"“{key[:20]}” is none of its options. Write one letter from A to {last}, as in ANSWER: A."
            )
        options = tuple(Option(option, float(index == place)) for index, option in enumerate(self.options))
        stem, code, language = split_code(text) if text.count("\n\n```") <= MOST_FENCES else (text, "", "")
        return Record(Item("single_choice", stem, code=code, code_language=language, options=options), line=self.line)


def read(data: bytes) -> Reading:
    """The questions of an Aiken file; raises Unreadable when it is no text or holds too much."""
    reading = Reading()
    question = _Question()
    for number, line in enumerate(decode(data).split("\n"), 1):
        bare = line.strip()
        option, answer = OPTION.fullmatch(bare), ANSWER.fullmatch(bare)
        if answer:
            _finish(reading, question, number, answer[1].strip().upper())
            question = _Question()
        elif question.options and bare and not _continues(question, option):
            _refuse_unfinished(reading, question, number)
            question = _Question()
        if answer or (not bare and not question.line):
            continue
        question.line = question.line or number
        if option and _continues(question, option):
            question.options.append(option[2])
        elif bare or not question.options:
            question.stem.append(line.rstrip())
    if question.line:
        _refuse_unfinished(reading, question, number)
    return reading


def write(records: Iterable[Record]) -> Writing:
    """An Aiken file of the single choice questions, in their order."""
    writing = Writing()
    parts = []
    for record in records:
        try:
            question = _text(record.item)
            losses = losses_of(record, read_back(question, read), "Aiken")
        except ValueError as reason:
            writing.refused.append(Remark(record.line, record.name, str(reason)))
            continue
        writing.lost.extend(Remark(record.line, record.name, text) for text in losses)
        parts.append(question)
    writing.content = "\n".join(parts).encode()
    return writing


def _continues(question: _Question, option: re.Match[str] | None) -> bool:
    """Whether the line is the option that comes next: a stem may hold a line that only looks like another one."""
    following = ascii_uppercase[len(question.options) :]
    return option is not None and option[1] == following[:1]


def _finish(reading: Reading, question: _Question, number: int, key: str) -> None:
    try:
        record = question.record(key)
    except ValueError as reason:
        begins = f" (The question begins on line {question.line}.)" if 0 < question.line < number else ""
        reading.refuse(number, question.name, f"{reason}{begins}")
    else:
        reading.add(record)


def _refuse_unfinished(reading: Reading, question: _Question, number: int) -> None:
    missing = (
        f"Line {number} is neither its next option nor its answer. Write each option on one line, in the order of the "
        "alphabet, and ANSWER: with a letter after the last."
        if question.options
        else "It has no options. Write each on its line, such as A. yes, then B. no, then ANSWER: A."
    )
    reading.refuse(question.line, question.name, missing)


def _text(item: Item) -> str:
    """The question's lines; raises ValueError where Aiken has nothing like it."""
    right = [place for place, option in enumerate(item.options) if option.weight == 1]
    if item.type != "single_choice":
        raise ValueError("Aiken knows single choice questions only. Export it in another format, such as GIFT.")
    if len(right) != 1 or len(item.options) > 26:
        raise ValueError("Aiken wants one right option and at most 26 in all. Mend the question first.")
    options = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, item.options, strict=False)]
    return "\n".join([with_code(item), *options, f"ANSWER: {ascii_uppercase[right[0]]}", ""])
