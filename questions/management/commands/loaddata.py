"""Django's loaddata, which also refuses content that is well-formed and wrong."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models, transaction

from questions.bank import authoring
from questions.bank.models.comparisons import Comparison, ComparisonRow
from questions.bank.models.question_parts import QuestionPart
from questions.bank.models.questions import Question
from questions.enums import Status
from questions.management import fixtures

WRONG = (
    DeserializationError,
    DatabaseError,
    ObjectDoesNotExist,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)


class Command(loaddata.Command):
    """Either everything in the files named is loaded, or nothing; what is wrong is told with its file and object.

    Beside what Django checks, every field must hold what the admin would take, a published question must be one that
    can be asked and graded fairly, and a comparison's rows must fit its columns.
    """

    def loaddata(self, fixture_labels: Any) -> None:
        """Loads the files and looks at what they brought; raises CommandError, upon which nothing is kept."""
        self.sources: dict[tuple[type[models.Model], Any], str] = {}
        self.label, self.number = "", 0
        try:
            super().loaddata(fixture_labels)
        except WRONG as error:
            raise CommandError(_refusal([": ".join([*self._place(), fixtures.reason(error)])])) from error
        findings = [*self._unsound_questions(), *self._uneven_tables()]
        if findings:
            raise CommandError(_refusal(findings))

    def load_label(self, fixture_label: str) -> None:
        """Loads one file, whose name goes with what comes from it."""
        self.label, self.number = fixture_label, 1
        super().load_label(fixture_label)
        self.label = ""

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Saves one object and notes where it stands."""
        row = obj.object
        if hasattr(row, "natural_key_lookups"):  # what staff write; the rest comes from this site's own dumps
            linked = [field.name for field in row._meta.fields if field.is_relation]
            row.clean_fields(exclude=linked)
        with transaction.atomic(using=self.using):  # so that the database still answers once it has refused
            saved = super().save_obj(obj)
        if obj.deferred_fields:
            self.objs_with_deferred_fields[-1] = _Deferred(self, obj)  # type: ignore[call-overload]
        self.number += 1
        if isinstance(row, Question | Comparison | ComparisonRow):
            self.sources[type(row), row.pk] = self.label
        if isinstance(row, QuestionPart):
            self.sources.setdefault((Question, row.question_id), self.label)  # type: ignore[attr-defined]
        if isinstance(row, ComparisonRow):
            self.sources.setdefault((Comparison, row.comparison_id), self.label)
        return saved

    def _place(self) -> list[str]:
        """The file, and the place in it, at which loading stopped; empty where it had read all files."""
        if not self.label:
            return []
        paths = [path for path, _folder, _name in self.find_fixtures(self.label)]
        # Objects that are skipped, and files that share a name, are not counted one by one.
        place = fixtures.place(paths[0], self.number) if len(paths) == 1 and not self.ignore else ""
        return [self.label, place] if place else [self.label]

    def _loaded(self, model: type[models.Model]) -> dict[Any, str]:
        """The files of the loaded rows of a model, by primary key."""
        return {pk: label for (kind, pk), label in self.sources.items() if kind is model}

    def _unsound_questions(self) -> Iterator[str]:
        """A line for each flaw of a published question."""
        labels = self._loaded(Question)
        found = Question.objects.using(self.using).with_content().with_teaching().filter(pk__in=labels)
        for question in found:
            if question.status == Status.PUBLISHED:
                for problem in authoring.publishing_problems(question.item()):
                    yield f"{labels[question.pk]}: {fixtures.named(question)}: {problem.field}: {problem.message}"

    def _uneven_tables(self) -> Iterator[str]:
        """A line for each comparison, and each row of one, that does not make a table."""
        labels = self._loaded(Comparison)
        rows = self._loaded(ComparisonRow)
        found = Comparison.objects.using(self.using).select_related("guide__topic").prefetch_related("rows")
        for table in found.filter(pk__in=labels):
            if not fixtures.is_texts(table.columns):
                yield f"{labels[table.pk]}: {fixtures.named(table)}: columns: they are no list of texts"
                continue
            for row in table.rows.all():
                place = f"{rows.get(row.pk, labels[table.pk])}: {fixtures.named(row)}: cells"
                if not fixtures.is_texts(row.cells):
                    yield f"{place}: they are no list of texts"
                elif len(row.cells) != len(table.columns):
                    yield f"{place}: {len(row.cells)} cells for {len(table.columns)} columns"


class _Deferred:
    """An object whose links are saved once all files are loaded; should that fail, it is known where it stands."""

    def __init__(self, command: Command, obj: DeserializedObject) -> None:
        self.command, self.obj = command, obj
        self.label, self.number = command.label, command.number

    def save_deferred_fields(self, using: str | None = None) -> None:
        """Saves the links; raises as Django does, with the command set to the object's place."""
        self.command.label, self.command.number = self.label, self.number
        self.obj.save_deferred_fields(using=using)
        self.command.label = ""


def _refusal(findings: list[str]) -> str:
    """The message for people who have to mend these."""
    return "\n".join(["Nothing was loaded. What has to be mended:", *findings])
