"""Pictures in Markdown texts: what a page needs to show one, and its HTML."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# File extension and media type of each kind of picture that is stored.
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a text shows it. `digest` is the SHA-256 of its content, `kind` one of MEDIA_TYPES."""

    name: str
    digest: str
    kind: str
    width: int
    height: int
    alternative_text: str
    caption: str = ""
    is_line_art: bool = False

    @property
    def url(self) -> str:
        """The address of the content. It holds the digest, so what it leads to never changes."""
        return reverse("picture", args=[self.digest, self.kind])


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture with its content, for exports."""

    picture: Picture
    content: bytes

    @property
    def name(self) -> str:
        """The name of the file in an export."""
        return f"{self.picture.name}.{self.picture.kind}"


def missing_message(names: Iterable[str]) -> str:
    """Return an error for names that no picture has."""
    quoted = ", ".join(f"“{name}”" for name in sorted(names))
    return _("No picture is named %s. Upload it, or correct the name.") % quoted


def figure_html(picture: Picture, alternative_text: str = "") -> SafeString:
    """Return a figure with the picture and its caption; `alternative_text` overrides the picture's own."""
    caption = format_html("<figcaption>{}</figcaption>", picture.caption) if picture.caption else ""
    return format_html("<figure>{}{}</figure>", image_html(picture, alternative_text), caption)


def image_html(picture: Picture, alternative_text: str = "") -> SafeString:
    """Return the picture as phrasing content, without its caption."""
    return format_html(
        '<img class="{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        "picture line-art" if picture.is_line_art else "picture",
        picture.url,
        alternative_text or picture.alternative_text,
        picture.width,
        picture.height,
    )


def missing_html(name: str, alternative_text: str = "") -> SafeString:
    """Return what stands in for a picture that does not exist: its alternative text if the author wrote one, or its
    name."""
    return format_html('<span class="picture-missing">{}</span>', alternative_text or f"picture:{name}")
