"""Comparison tables of a guide."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.bank.models.base import NaturalKeyManager, Positioned, natural_key_method
from questions.bank.models.topics import MARKDOWN, Guide, GuidePart


class Comparison(GuidePart):
    """A table of a guide that compares several things, one per column."""

    guide = models.ForeignKey(
        Guide,
        models.CASCADE,
        related_name="comparisons",
        verbose_name=_("guide"),
        help_text=_("The guide it belongs to."),
    )
    title = models.CharField(_("title"), max_length=120, help_text=_("Caption of the table."))
    subject = models.CharField(_("subject"), max_length=60, help_text=_("Heading of the first column."))
    columns = models.JSONField(_("columns"), help_text=_("Headings of the other columns, one per line."))
    note = models.TextField(_("note"), blank=True, help_text=MARKDOWN)

    class Meta(GuidePart.Meta):
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        constraints = [
            models.UniqueConstraint(fields=["guide", "slug"], name="comparison_slug_unique"),
            models.UniqueConstraint(fields=["guide", "position"], name="comparison_position_unique"),
        ]

    def __str__(self) -> str:
        return self.title

    natural_key = natural_key_method("questions.guide")


class ComparisonRow(Positioned):
    """A row of a comparison: a feature with one cell for each column."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="rows", verbose_name=_("comparison"))
    feature = models.CharField(_("feature"), max_length=120, help_text=_("What is compared in this row. Markdown."))
    cells = models.JSONField(_("cells"), help_text=_("One line of Markdown for each column."))

    natural_key_lookups = ("comparison__guide__topic__slug", "comparison__slug", "position")
    objects = NaturalKeyManager()

    class Meta(Positioned.Meta):
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [models.UniqueConstraint(fields=["comparison", "position"], name="comparisonrow_position_unique")]

    def __str__(self) -> str:
        return self.feature

    natural_key = natural_key_method("questions.comparison")

    def clean(self) -> None:
        """Raise ValidationError if the number of cells differs from the number of columns."""
        columns = self.comparison.columns
        if isinstance(self.cells, list) and isinstance(columns, list) and len(self.cells) != len(columns):
            message = gettext("This row needs %(columns)d cells, one per column, but has %(cells)d.")
            raise ValidationError({"cells": message % {"cells": len(self.cells), "columns": len(columns)}})

    def labelled_cells(self) -> list[tuple[str, str]]:
        """Return (column heading, cell) for each column."""
        return list(zip(self.comparison.columns, self.cells, strict=False))
