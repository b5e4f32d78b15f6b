"""Pictures that Markdown texts show by name, and the content that replaced pictures had."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.bank.models.base import NaturalKeyManager, natural_key_method
from questions.content import pictures, raster, svg

MAX_WORDS = 1_500  # characters of an alternative text


class PictureQuerySet(models.QuerySet["Picture"]):
    """Queries for pictures."""

    def shown(self, names: Iterable[str]) -> tuple[pictures.Picture, ...]:
        """Return what texts show for these names, without the content, in one query; in none if there are no names."""
        wanted = set(names)
        found = self.filter(name__in=wanted).defer("svg", "raster").order_by("name") if wanted else ()
        return tuple(picture.shown() for picture in found)

    def files(self, names: Iterable[str]) -> dict[str, pictures.PictureFile]:
        """Return the pictures with these names and their content, by name, in one query; in none without names."""
        wanted = set(names)
        found = self.filter(name__in=wanted) if wanted else ()
        return {picture.name: pictures.PictureFile(picture.shown(), picture.content()) for picture in found}

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the pictures, but keep their content for revisions."""
        KeptPicture.objects.keep(self)
        return super().delete()


class Picture(models.Model):
    """A picture; `svg` holds the source of a drawing, `raster` the bytes of any other kind."""

    name = models.SlugField(
        _("name"),
        unique=True,
        help_text=_("To show the picture, write ![](picture:name) in a text. The name cannot be changed later."),
    )
    alternative_text = models.TextField(
        _("alternative text"),
        max_length=MAX_WORDS,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True, help_text=_("Shown below the picture."))
    is_line_art = models.BooleanField(
        _("line drawing"),
        default=False,
        help_text=_(
            "Dark lines on a transparent background: the dark theme inverts them. "
            "Other pictures get a light background in the dark theme."
        ),
    )
    kind = models.CharField(_("kind"), max_length=5, choices={kind: kind.upper() for kind in pictures.MEDIA_TYPES})
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    svg = models.TextField(_("SVG"), blank=True)
    raster = models.BinaryField(_("raster"), blank=True, default=b"")

    natural_key_lookups = ("name",)
    objects = NaturalKeyManager.from_queryset(PictureQuerySet)()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(pictures.MEDIA_TYPES)), name="picture_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind="svg") & ~Q(svg="")) | (~Q(kind="svg") & Q(svg="")), name="picture_svg_has_source"
            ),
            models.CheckConstraint(condition=~Q(alternative_text=""), name="picture_has_alternative_text"),
            models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="picture_has_size"),
        ]

    def __str__(self) -> str:
        return self.name

    natural_key = natural_key_method()

    def clean_fields(self, exclude: Any = None) -> None:
        """Derive kind, size and digest from the content first, since fixtures leave them out; raise ValidationError."""
        self.derive()
        super().clean_fields(exclude=exclude)

    def derive(self) -> None:
        """Set kind, size and digest from the content; raise ValidationError if it is unsafe or unreadable."""
        if self.svg:
            try:
                clean = svg.sanitize(self.svg)
            except svg.UnsafeSvg as error:
                raise ValidationError({"svg": str(error)}) from None
            if clean.removed:
                text = gettext(
                    "The SVG contains elements or attributes that are not allowed: %s. Delete them."
                ) % ", ".join(clean.removed)
                raise ValidationError({"svg": text})
            self.svg, self.raster, self.kind = clean.source, b"", "svg"
            self.width, self.height = clean.width, clean.height
        elif self.raster:
            try:
                self.kind, self.width, self.height = raster.measure(bytes(self.raster))
            except raster.UnreadableRaster as error:
                raise ValidationError({"raster": str(error)}) from None
        else:
            raise ValidationError(gettext("A picture needs a file."))
        self.digest = hashlib.sha256(self.content()).hexdigest()

    def content(self) -> bytes:
        """Return the file."""
        return self.svg.encode() if self.svg else bytes(self.raster)

    def shown(self) -> pictures.Picture:
        """Return the picture as texts show it."""
        return pictures.Picture(
            name=self.name,
            digest=self.digest,
            kind=self.kind,
            width=self.width,
            height=self.height,
            alternative_text=self.alternative_text,
            caption=self.caption,
            is_line_art=self.is_line_art,
        )

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the picture and keep the content that it replaces; raise ValidationError as `derive` does."""
        self.derive()
        self.changed_at = timezone.now()
        self.keep_replaced()
        super().save(*args, **kwargs)

    def keep_replaced(self) -> None:
        """Keep the content in the database if it is not the one to be saved; `loaddata` does not call `save`."""
        KeptPicture.objects.keep(Picture.objects.filter(pk=self.pk).exclude(digest=self.digest))

    def keep_times(self) -> None:
        """Take over when the picture was made and, if it shows the same, changed; fixtures leave the times out."""
        if before := Picture.objects.defer("svg", "raster").filter(pk=self.pk).first():
            self.created_at = before.created_at
            if before.shown() == self.shown():
                self.changed_at = before.changed_at

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the picture, but keep its content for revisions."""
        KeptPicture.objects.keep(Picture.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)


class KeptPictureQuerySet(models.QuerySet["KeptPicture"]):
    """Queries for the content of replaced and deleted pictures."""

    def keep(self, pictures: "models.QuerySet[Picture]") -> None:
        """Copy the content of the pictures."""
        KeptPicture.objects.bulk_create(
            [KeptPicture(digest=each.digest, kind=each.kind, content=each.content()) for each in pictures],
            ignore_conflicts=True,
        )


class KeptPicture(models.Model):
    """Content that a picture had before it was replaced or deleted; revisions of questions go on showing it."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=5)
    content = models.BinaryField(_("content"))
    kept_at = models.DateTimeField(_("archived at"), default=timezone.now)

    objects = KeptPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("archived picture")
        verbose_name_plural = _("archived pictures")

    def __str__(self) -> str:
        return self.digest
