"""Admin of pictures: upload, preview, and where each is used."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.bank import pictures
from questions.bank.models.pictures import Picture
from questions.content import raster, svg
from questions.content.pictures import image_html


class PictureForm(forms.ModelForm):
    """A picture with the file to upload. `removed` is what was removed from an SVG, such as "<script>"."""

    removed: tuple[str, ...] = ()
    file = forms.FileField(
        label=_("File"),
        help_text=_("SVG up to %(svg)d kB, or PNG, JPEG, WebP or GIF up to %(raster)d MB; stored without metadata.")
        % {"svg": svg.MAX_BYTES // 1000, "raster": raster.MAX_BYTES // 1_000_000},
    )

    class Meta:
        model = Picture
        fields = ["name", "file", "alternative_text", "caption", "is_line_art"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # users who may only view have no fields
            self.fields["file"].required = self.instance.pk is None

    def clean_file(self) -> UploadedFile | None:
        """Put the sanitized or re-encoded content into the instance."""
        uploaded: UploadedFile | None = self.cleaned_data["file"]
        if uploaded is None:
            return None
        if (uploaded.size or 0) > raster.MAX_BYTES:
            text = gettext("The file is larger than %d MB. Scale the picture down.")
            raise forms.ValidationError(text % (raster.MAX_BYTES // 1_000_000))
        data = uploaded.read()
        try:
            if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                clean = svg.sanitize(data.decode("utf-8-sig"))
                self.instance.svg, self.instance.raster, self.removed = clean.source, b"", clean.removed
            else:
                self.instance.svg, self.instance.raster = "", raster.reencode(data).content
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("The SVG is not UTF-8. Save it as UTF-8.")) from None
        except (svg.UnsafeSvg, raster.UnreadableRaster) as error:
            raise forms.ValidationError(str(error)) from None
        return uploaded

    def _post_clean(self) -> None:
        if "file" not in self.errors:  # without a file there is nothing that the model could check
            super()._post_clean()  # type: ignore[misc]


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):
    """Pictures. The name stays, because texts contain it; a picture that a text shows cannot be deleted."""

    form = PictureForm
    list_display = ["name", "preview", "caption", "kind", "changed_at"]
    list_filter = ["kind", "is_line_art"]
    search_fields = ["name", "alternative_text", "caption"]
    readonly_fields = ["preview", "markdown", "used_in", "changed_at"]

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Picture]:
        return super().get_queryset(request).defer("svg", "raster")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        own = ["name", "file", "alternative_text", "caption", "is_line_art"]
        if obj is None:
            return own
        shown = ["preview", "markdown", "used_in", "changed_at"]
        return [*(own if self.has_change_permission(request, obj) else [one for one in own if one != "file"]), *shown]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *(["name"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.removed:
            text = gettext("Removed from the SVG because it is not allowed: %s. Check the preview.")
            self.message_user(request, text % ", ".join(form.removed), messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the texts that show one of the pictures as protected, so that the pictures are not deleted."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, lacking, [*protected, *(_link(row) for one in objs for row in pictures.uses(one))]

    @admin.display(description=_("preview"))
    def preview(self, picture: Picture) -> SafeString:
        return format_html('<div class="preview">{}</div>', image_html(picture.shown()))

    @admin.display(description=_("Markdown"))
    def markdown(self, picture: Picture) -> SafeString:
        return format_html("<code>![](picture:{})</code>", picture.name)

    @admin.display(description=_("used in"), empty_value="–")
    def used_in(self, picture: Picture) -> SafeString | None:
        found = pictures.uses(picture)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_link(row),) for row in found))) or None


def _link(row: models.Model) -> SafeString:
    """Return the row's kind and name, with a link to the page where it can be edited."""
    page: Any = row
    for parent in ("question", "comparison", "section"):  # rows that have no page of their own
        page = page if isinstance(getattr(row, parent, None), str) else getattr(row, parent, page)
    label = f"{row._meta.verbose_name}: {row}"[:120]
    try:
        address = reverse(f"admin:questions_{page._meta.model_name}_change", args=[page.pk])
    except NoReverseMatch:
        return format_html("{}", label)
    return format_html('<a href="{}">{}</a>', address, label)
