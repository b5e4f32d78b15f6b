"""Django's loaddata, which also refuses content that is well-formed and wrong."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models, transaction

from questions.models import ComparisonRow, Question, Status
from questions.models.parts import QuestionPart
from questions.services import authoring


class Command(loaddata.Command):
    """Either everything in the files named is loaded, or nothing; what is wrong is told with its file and object.

    Beside what Django checks, a published question must be one that can be asked and graded fairly, and a comparison's
    rows must fit its columns.
    """

    def loaddata(self, fixture_labels: Any) -> None:
        """Loads the files and looks at what they brought; raises CommandError, upon which nothing is kept."""
        self.sources: dict[tuple[type[models.Model], Any], str] = {}
        self.label, self.number = "", 0
        try:
            super().loaddata(fixture_labels)
        except CommandError:
            raise
        except (DeserializationError, DatabaseError, ObjectDoesNotExist, ValueError, ValidationError) as error:
            place = f"{self.label}, object {self.number}"
            raise CommandError(f"Nothing was loaded. What has to be mended is in {place}: {error}") from error
        findings = [*self._unsound_questions(), *self._uneven_rows()]
        if findings:
            raise CommandError("\n".join(["Nothing was loaded. What has to be mended:", *findings]))

    def load_label(self, fixture_label: str) -> None:
        """Loads one file, whose name goes with what comes from it."""
        self.label, self.number = fixture_label, 1
        super().load_label(fixture_label)

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Saves one object and notes where it stands."""
        try:
            with transaction.atomic(using=self.using):  # so that the object can still be named when it is refused
                saved = super().save_obj(obj)
        except (DatabaseError, ValueError) as error:
            error.args = (f"{_named(obj.object)}: {error}",)
            raise
        self.number += 1
        row = obj.object
        if isinstance(row, Question):
            self.sources[Question, row.pk] = self.label
        elif isinstance(row, QuestionPart):
            self.sources.setdefault((Question, row.question_id), self.label)  # type: ignore[attr-defined]
        elif isinstance(row, ComparisonRow):
            self.sources[ComparisonRow, row.pk] = self.label
        return saved

    def _loaded(self, model: type[models.Model]) -> dict[Any, str]:
        """The files of the loaded rows of a model, by primary key."""
        return {pk: label for (kind, pk), label in self.sources.items() if kind is model}

    def _unsound_questions(self) -> list[str]:
        """A line for each flaw of a published question."""
        labels = self._loaded(Question)
        found = Question.objects.using(self.using).with_content().with_teaching().filter(pk__in=labels)
        return [
            f"{labels[question.pk]}: {_named(question)}: {problem.field}: {problem.message}"
            for question in found
            if question.status == Status.PUBLISHED
            for problem in authoring.problems_of(question.item())
        ]

    def _uneven_rows(self) -> list[str]:
        """A line for each row of a comparison whose cells do not fit its columns."""
        labels = self._loaded(ComparisonRow)
        found = ComparisonRow.objects.using(self.using).select_related("comparison__guide__topic")
        return [
            f"{labels[row.pk]}: {_named(row)}: cells: {len(row.cells)} cells for {len(row.comparison.columns)} columns"
            for row in found.filter(pk__in=labels)
            if len(row.cells) != len(row.comparison.columns)
        ]


def _named(row: models.Model) -> str:
    """The model and the natural key, as they stand in a fixture."""
    try:
        key = row.natural_key()  # type: ignore[attr-defined]
    except (AttributeError, ObjectDoesNotExist):
        key = row.pk
    return f"{row._meta.label_lower} {list(key) if isinstance(key, tuple) else key}"
