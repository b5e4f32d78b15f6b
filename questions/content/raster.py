"""Re-encode uploaded PNG, JPEG, WebP and GIF files with Pillow. Pure: bytes in, bytes out.

Re-encoding drops metadata, such as the place where a photograph was taken, and anything hidden after the pixels.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 5_000_000  # of a file that is uploaded, and of what is stored
MAX_PIXELS = 16_000_000  # about 64 MB of memory while the file is read
MAX_SIDE = 1_600  # larger pictures are scaled down
# What each format is stored as: file extension, name in Pillow and options.
STORED_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("jpg", "JPEG", {"quality": 85, "optimize": True, "progressive": True}),
    "WEBP": ("webp", "WEBP", {"quality": 85, "method": 4}),
    "PNG": ("png", "PNG", {"optimize": True}),
    "GIF": ("png", "PNG", {"optimize": True}),
}


class UnreadableRaster(ValueError):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class CleanRaster:
    """A re-encoded picture; `kind` is its file extension."""

    content: bytes
    kind: str
    width: int
    height: int


def reencode(data: bytes) -> CleanRaster:
    """Return the picture without metadata, upright, and scaled down to MAX_SIDE; raise UnreadableRaster."""
    if len(data) > MAX_BYTES:
        raise UnreadableRaster(_("The file is larger than %d MB. Scale the picture down.") % (MAX_BYTES // 1_000_000))
    try:
        with Image.open(BytesIO(data), formats=list(STORED_AS)) as opened:
            _check(opened)
            kind, name, options = STORED_AS[str(opened.format)]
            image = ImageOps.exif_transpose(opened)
            image = image.convert("RGBA" if image.has_transparency_data and kind != "jpg" else "RGB")
    except UnreadableRaster:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnreadableRaster(_too_many_pixels()) from None
    except Exception:  # Pillow's decoders raise many kinds of errors for broken files
        raise UnreadableRaster(_unreadable()) from None
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image.info.clear()
    stored = BytesIO()
    image.save(stored, name, **options)
    if stored.tell() > MAX_BYTES:
        raise UnreadableRaster(_("The picture is too large. Scale it down or save it as JPEG or WebP."))
    return CleanRaster(stored.getvalue(), kind, image.width, image.height)


def measure(data: bytes) -> tuple[str, int, int]:
    """Return kind, width and height of a picture that `reencode` made; raise UnreadableRaster for any other file."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "WEBP", "PNG"]) as opened:
            _check(opened)
            opened.verify()
            return STORED_AS[str(opened.format)][0], opened.width, opened.height
    except UnreadableRaster:
        raise
    except Exception:
        raise UnreadableRaster(_unreadable()) from None


def _check(image: Image.Image) -> None:
    """Raise UnreadableRaster for a picture that is too large or that moves; nothing has been decoded yet."""
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableRaster(_too_many_pixels())
    if getattr(image, "is_animated", False):
        raise UnreadableRaster(_("The picture is animated. Upload a still picture."))


def _too_many_pixels() -> str:
    return _("The picture has more than %d million pixels. Scale it down.") % (MAX_PIXELS // 1_000_000)


def _unreadable() -> str:
    return _("This is not a PNG, JPEG, WebP or GIF file, or it is damaged.")
