"""`manage.py import_items`: import questions from a file in any supported format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions.bank.models.topics import Topic
from questions.importexport import importer
from questions.importexport.base import MAX_BYTES, UnreadableFile
from questions.importexport.formats import IMPORT_FORMATS, detect_format


class Command(BaseCommand):
    help = "Import questions as drafts and report created, changed, unchanged and refused ones with file and line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=list(IMPORT_FORMATS), help="by default, from the file name")
        parser.add_argument("--topic", help="slug of the topic for questions whose file names no topic of this site")
        parser.add_argument("--dry-run", action="store_true", help="only report what would be done")
        parser.add_argument("--all-or-nothing", action="store_true", help="import nothing if a question is refused")

    def handle(
        self,
        *args: Any,
        file: Path,
        format: str | None,  # noqa: A002 - the name of the option
        topic: str | None,
        dry_run: bool,
        all_or_nothing: bool,
        **options: Any,
    ) -> None:
        plan = self.plan(file, format, topic)
        for word, steps in (("created", plan.created), ("changed", plan.changed)):
            for step in steps:
                self.stdout.write(f"{file}:{step.record.line}: {word}: {step.record.topic}/{step.record.slug}")
        for issue in plan.refused:
            self.stderr.write(f"{file}:{issue.line}: refused: {issue.name}: {issue.text}")
        if not dry_run:
            try:
                importer.apply(plan=plan, at=timezone.now(), all_or_nothing=all_or_nothing)
            except importer.NothingImported as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"{'Would be: ' if dry_run else ''}{len(plan.created)} created, {len(plan.changed)} changed, "
            f"{len(plan.unchanged)} unchanged, {len(plan.refused)} refused."
        )
        if plan.refused:
            raise CommandError("Some questions were refused. Fix them and import the file again.", returncode=1)

    def plan(self, file: Path, format: str | None, topic: str | None) -> importer.Plan:  # noqa: A002
        """Return what importing would do; raise CommandError if the topic is unknown or the file cannot be read."""
        default_topic = Topic.objects.filter(slug=topic).first() if topic else None
        if topic and not default_topic:
            known = ", ".join(Topic.objects.values_list("slug", flat=True))
            raise CommandError(f"Unknown topic “{topic}”. Use one of: {known}")
        try:
            if file.stat().st_size > MAX_BYTES:  # checked before it is read into memory
                raise UnreadableFile("The file is larger than 10 MB. Split it and import the parts separately.")
            data = file.read_bytes()
            file_format = IMPORT_FORMATS[format] if format else detect_format(file.name, data)
            return importer.plan(parsed=file_format.read(data), topic=default_topic)  # type: ignore[misc]
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error
