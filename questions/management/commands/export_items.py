"""`manage.py export_items`: questions into a file of any format that the site writes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions.bank.models.questions import Question
from questions.enums import Status
from questions.importexport import importer
from questions.importexport.formats import FORMATS


class Command(BaseCommand):
    help = "Exports questions; says what the format cannot carry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=list(FORMATS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--topic", action="append", default=[], help="slug of a topic; may be given again")
        parser.add_argument("--status", choices=Status.values, help="only those; by default all")

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
            raise CommandError("There is no such question.")
        writing = FORMATS[format].write(records)
        for remark in writing.refused:
            self.stderr.write(f"not exported: {remark.name}: {remark.text}")
        for remark in writing.lost:
            self.stderr.write(f"lost: {remark.name}: {remark.text}")
        try:
            file.write_bytes(writing.content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{len(records) - len(writing.refused)} questions written to {file}.")
