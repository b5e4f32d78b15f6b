"""`manage.py check_bank`: the same gates that the tests hold the question bank against."""

import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions import types
from questions.enums import Difficulty
from questions.percent import percent
from questions.quality import api_names, checks, entries, lint, manifest, verification
from questions.quality.unresolved import KNOWN


class Command(BaseCommand):
    help = "Checks the question bank: reads every question, runs every check, and prints a table and what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", action="store_true", help="the questions of this site, not the fixtures")
        parser.add_argument("--no-run", action="store_true", help="only read; run no check")
        parser.add_argument(
            "--write", action="store_true", help="write the manifest of what was verified, if all is well"
        )

    def handle(self, *args: Any, database: bool, no_run: bool, write: bool, **options: Any) -> None:
        if not (no_run or importlib.util.find_spec("pytest")):
            raise CommandError("Checks need what requirements/dev.txt installs (make test does); or say --no-run.")
        if write and (no_run or database):
            raise CommandError("The manifest is written from the fixtures, after their checks have been run.")
        if write and not manifest.is_made_here():
            raise CommandError(f"The manifest is made with Python {manifest.PYTHON}.")
        files = [path for folder in settings.FIXTURE_DIRS for path in Path(folder).glob("*.yaml")]
        found = entries.in_database() if database else entries.in_files(files)
        problems = lint.findings(found)
        if not no_run:
            problems += api_names.unresolved(found, known=KNOWN) + checks.failures(found)
        self.table(found)
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} finding{'s'[: len(problems) != 1]}", returncode=1)
        self.stdout.write("No findings.")
        if write:
            verification.MANIFEST.write_text(manifest.text(manifest.made_from(found)), encoding="utf-8")
            self.stdout.write(f"Written: {verification.MANIFEST.name}")

    def table(self, found: list[entries.Entry]) -> None:
        """A line for each topic: its questions, how many of each type and difficulty, and how many have a check."""
        heads = ["topic", "questions", *types.names(), *Difficulty.values, "checked", "of graded"]
        rows = [heads, *([topic, *map(str, self.counts(topic, found))] for topic in lint.topics(found))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *rest in rows:
            cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
            self.stdout.write("  ".join([first.ljust(widths[0]), *cells]))

    def counts(self, topic: str, found: list[entries.Entry]) -> list[str | int]:
        """The figures of one topic."""
        mine = [entry for entry in found if entry.topic == topic]
        by_type = Counter(entry.item.type for entry in mine)
        by_level = Counter(entry.item.difficulty for entry in mine)
        graded = len(mine) - by_type[lint.OPEN]
        checked = sum(checks.check_of(entry) is not None for entry in mine)
        share = f"{percent(checked / graded)} %" if graded else "–"
        return [
            len(mine),
            *(by_type[name] for name in types.names()),
            *(by_level[level] for level in Difficulty.values),
            checked,
            share,
        ]
