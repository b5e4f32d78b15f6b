"""`manage.py check_bank`: run the quality checks of the question bank, as the tests do."""

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
    help = "Lint every question, run every check, and print a summary table and the findings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--database", action="store_true", help="check the questions in the database, not the fixtures"
        )
        parser.add_argument("--no-run", action="store_true", help="lint only; do not run the checks")
        parser.add_argument(
            "--write", action="store_true", help="write the manifest of verified answers if there are no findings"
        )

    def handle(self, *args: Any, database: bool, no_run: bool, write: bool, **options: Any) -> None:
        if not (no_run or importlib.util.find_spec("pytest")):
            raise CommandError("The checks need pytest. Install requirements/dev.txt or use --no-run.")
        if write and (no_run or database):
            raise CommandError("--write needs the fixtures and their checks. Drop --no-run and --database.")
        if write and not manifest.can_build():
            raise CommandError(f"The manifest must be built with Python {manifest.PYTHON}. Use that version.")
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
            verification.MANIFEST.write_text(manifest.text(manifest.build(found)), encoding="utf-8")
            self.stdout.write(f"Written: {verification.MANIFEST.name}")

    def table(self, found: list[entries.Entry]) -> None:
        """Print a line for each topic: the number of questions, by type and difficulty, and how many have a check."""
        header = ["topic", "questions", *types.names(), *Difficulty.values, "checked", "of graded"]
        rows = [header, *([topic, *map(str, self.counts(topic, found))] for topic in lint.topics(found))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *rest in rows:
            cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
            self.stdout.write("  ".join([first.ljust(widths[0]), *cells]))

    def counts(self, topic: str, found: list[entries.Entry]) -> list[str | int]:
        """Return the cells of one topic's line."""
        mine = [entry for entry in found if entry.topic == topic]
        by_type = Counter(entry.item.type for entry in mine)
        by_level = Counter(entry.item.difficulty for entry in mine)
        graded = sum(by_type[name] for name in types.names(machine_graded=True))
        checked = sum(checks.check_of(entry) is not None for entry in mine)
        share = f"{percent(checked / graded)} %" if graded else "–"
        return [
            len(mine),
            *(by_type[name] for name in types.names()),
            *(by_level[level] for level in Difficulty.values),
            checked,
            share,
        ]
