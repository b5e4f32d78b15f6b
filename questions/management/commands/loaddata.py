"""`manage.py loaddata`: Django's command, which also validates the content of questions and comparisons."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models, transaction

from questions.bank import authoring, pictures
from questions.bank.models.base import remembered_natural_keys
from questions.bank.models.comparisons import Comparison, ComparisonRow
from questions.bank.models.pictures import Picture
from questions.bank.models.question_parts import QuestionPart
from questions.bank.models.questions import Question
from questions.content.markdown import names_in
from questions.content.pictures import missing_message
from questions.enums import Status
from questions.management import fixtures

LOADING_ERRORS = (
    DeserializationError,
    DatabaseError,
    ObjectDoesNotExist,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)


def _drop_needless_zeros(row: models.Model) -> None:
    """Undo that Django reads a number such as 0.4 in YAML with as many digits as its field has, and then refuses it."""
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.DecimalField) and isinstance(value, Decimal):
            setattr(row, field.attname, value.normalize())


class Command(loaddata.Command):
    """Load all of the named files or nothing; errors name the file and the object.

    In addition to Django's checks, every field must be valid in the admin, published questions must be valid, and a
    comparison's rows must have as many cells as it has columns. Texts may show only pictures that exist or are loaded.
    """

    def loaddata(self, fixture_labels: Any) -> None:
        """Load the files and validate them; raise CommandError, and load nothing, if anything is invalid."""
        self.sources: dict[tuple[type[models.Model], Any], str] = {}
        self.shown: list[tuple[str, str, str]] = []  # place, field and name of each picture that a loaded text shows
        self.label, self.number = "", 0
        try:
            with remembered_natural_keys():
                super().loaddata(fixture_labels)
        except LOADING_ERRORS as error:
            raise CommandError(
                _refusal_message([": ".join([*self._describe_place(), fixtures.reason(error)])])
            ) from error
        findings = [*self._invalid_questions(), *self._uneven_comparisons(), *self._missing_pictures()]
        if findings:
            raise CommandError(_refusal_message(findings))

    def load_label(self, fixture_label: str) -> None:
        self.label, self.number = fixture_label, 1
        super().load_label(fixture_label)
        self.label = ""

    def save_obj(self, obj: DeserializedObject) -> bool:
        row = obj.object
        if hasattr(row, "natural_key_lookups"):  # content; other models come from this site's own dumps
            linked = [field.name for field in row._meta.fields if field.is_relation]
            _drop_needless_zeros(row)
            row.clean_fields(exclude=linked)
        if isinstance(row, Picture):
            row.keep_replaced()
            row.keep_times()
        with transaction.atomic(using=self.using):  # keeps the connection usable after an error
            saved = super().save_obj(obj)
        if obj.deferred_fields:
            self.objs_with_deferred_fields[-1] = _DeferredObject(self, obj)  # type: ignore[call-overload]
        self.number += 1
        for field, text in pictures.markdown_texts(row):
            for name in names_in([text]):
                self.shown.append((f"{self.label}: {fixtures.describe_row(row)}", field, name))
        if isinstance(row, Question | Comparison | ComparisonRow):
            self.sources[type(row), row.pk] = self.label
        if isinstance(row, QuestionPart):
            self.sources.setdefault((Question, row.question_id), self.label)  # type: ignore[attr-defined]
        if isinstance(row, ComparisonRow):
            self.sources.setdefault((Comparison, row.comparison_id), self.label)
        return saved

    def _describe_place(self) -> list[str]:
        """Return the file and the object where loading stopped, or an empty list if all files were read."""
        if not self.label:
            return []
        paths = [path for path, _folder, _name in self.find_fixtures(self.label)]
        # The number is wrong if objects are skipped or several files share the name.
        place = fixtures.describe_object(paths[0], self.number) if len(paths) == 1 and not self.ignore else ""
        return [self.label, place] if place else [self.label]

    def _loaded_labels(self, model: type[models.Model]) -> dict[Any, str]:
        """Return {primary key: file} for the loaded rows of a model."""
        return {pk: label for (kind, pk), label in self.sources.items() if kind is model}

    def _invalid_questions(self) -> Iterator[str]:
        """Yield a finding for each problem of a published question."""
        labels = self._loaded_labels(Question)
        found = Question.objects.using(self.using).with_content().with_teaching().filter(pk__in=labels)
        for question in found:
            if question.status == Status.PUBLISHED:
                for problem in authoring.publishing_problems(question.item()):
                    place = f"{labels[question.pk]}: {fixtures.describe_row(question)}"
                    yield f"{place}: {problem.field}: {problem.message}"

    def _uneven_comparisons(self) -> Iterator[str]:
        """Yield a finding for each comparison or row whose columns or cells are invalid."""
        labels = self._loaded_labels(Comparison)
        rows = self._loaded_labels(ComparisonRow)
        found = Comparison.objects.using(self.using).select_related("guide__topic").prefetch_related("rows")
        for table in found.filter(pk__in=labels):
            if not fixtures.is_list_of_strings(table.columns):
                yield f"{labels[table.pk]}: {fixtures.describe_row(table)}: columns: not a list of texts"
                continue
            for row in table.rows.all():
                place = f"{rows.get(row.pk, labels[table.pk])}: {fixtures.describe_row(row)}: cells"
                if not fixtures.is_list_of_strings(row.cells):
                    yield f"{place}: not a list of texts"
                elif len(row.cells) != len(table.columns):
                    yield f"{place}: {len(row.cells)} cells for {len(table.columns)} columns"

    def _missing_pictures(self) -> Iterator[str]:
        """Yield a finding for each text that shows a picture which does not exist."""
        existing = set(Picture.objects.using(self.using).values_list("name", flat=True)) if self.shown else set()
        for place, field, name in self.shown:
            if name not in existing:
                yield f"{place}: {field}: {missing_message([name])}"


class _DeferredObject:
    """An object whose relations are saved after all files are loaded; it remembers its place for error messages."""

    def __init__(self, command: Command, obj: DeserializedObject) -> None:
        self.command, self.obj = command, obj
        self.label, self.number = command.label, command.number

    def save_deferred_fields(self, using: str | None = None) -> None:
        """Save the relations; on an error, the command knows the object's place."""
        self.command.label, self.command.number = self.label, self.number
        self.obj.save_deferred_fields(using=using)
        self.command.label = ""


def _refusal_message(findings: list[str]) -> str:
    return "\n".join(["Nothing was loaded. Fix these problems and try again:", *findings])
