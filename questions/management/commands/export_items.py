"""`manage.py export_items`: export questions to a file in any supported format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions.bank.models.questions import Question
from questions.enums import Status
from questions.importexport import importer
from questions.importexport.formats import FORMATS


class Command(BaseCommand):
    help = "Export questions to a file and report what the format cannot store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=list(FORMATS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--topic", action="append", default=[], help="slug of a topic; can be repeated")
        parser.add_argument("--status", choices=Status.values, help="only questions with this status; by default all")

    def handle(
        self,
        *args: Any,
        format: str,  # noqa: A002 - the name of the argument
        file: Path,
        topic: list[str],
        status: str | None,
        **options: Any,
    ) -> None:
        found = Question.objects.in_topics(topic).with_content().select_related("topic")
        records = importer.records(found.with_status(status) if status else found)
        if not records:
            raise CommandError("No questions match. Check --topic and --status.")
        exported = FORMATS[format].write(records)
        for issue in exported.refused:
            self.stderr.write(f"not exported: {issue.name}: {issue.text}")
        for issue in exported.losses:
            self.stderr.write(f"lost: {issue.name}: {issue.text}")
        try:
            file.write_bytes(exported.content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{len(records) - len(exported.refused)} questions written to {file}.")
