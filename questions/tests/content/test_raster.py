"""Uploaded pictures are re-encoded without metadata; what is too large, animated or broken is refused."""

import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from questions.content import raster


def encoded(image: Image.Image, name: str, **options) -> bytes:
    stored = BytesIO()
    image.save(stored, name, **options)
    return stored.getvalue()


def picture(width: int = 40, height: int = 20, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), 200 if mode in "LP" else (200, 100, 50, 128)[: len(mode)])


@pytest.mark.parametrize(("name", "kind"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")])
def test_each_format_is_read_and_stored(name: str, kind: str) -> None:
    clean = raster.reencode(encoded(picture(), name))
    assert (clean.kind, clean.width, clean.height) == (kind, 40, 20)
    assert raster.measure(clean.content) == (kind, 40, 20)


def test_transparency_is_kept() -> None:
    clean = raster.reencode(encoded(picture(mode="RGBA"), "PNG"))
    assert Image.open(BytesIO(clean.content)).getpixel((0, 0)) == (200, 100, 50, 128)


def test_metadata_is_dropped_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "taken at home"
    clean = raster.reencode(encoded(picture(), "JPEG", exif=exif, comment=b"secret", icc_profile=b"profile"))
    assert (clean.width, clean.height) == (20, 40)
    for hidden in (b"taken at home", b"secret", b"profile", b"Exif"):
        assert hidden not in clean.content


def test_text_chunks_and_what_follows_the_pixels_are_dropped() -> None:
    info = PngInfo()
    info.add_text("Comment", "secret")
    clean = raster.reencode(encoded(picture(), "PNG", pnginfo=info) + b"<script>alert(1)</script>")
    assert b"secret" not in clean.content
    assert b"script" not in clean.content


def test_a_large_picture_is_scaled_down() -> None:
    clean = raster.reencode(encoded(picture(2 * raster.MAX_SIDE, 100), "PNG"))
    assert (clean.width, clean.height) == (raster.MAX_SIDE, 50)


def bomb(side: int) -> bytes:
    """Return the start of a PNG that says it is this wide and high."""
    data = bytearray(encoded(picture(), "PNG"))
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("side", [4_001, 10_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(raster.UnreadableRaster, match="16 million pixels"):
        raster.reencode(bomb(side))


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_refused(name: str) -> None:
    frames = [picture(), Image.new("RGB", (40, 20), "blue")]
    with pytest.raises(raster.UnreadableRaster, match="animated"):
        raster.reencode(encoded(frames[0], name, save_all=True, append_images=frames[1:]))


def test_a_large_file_is_refused() -> None:
    with pytest.raises(raster.UnreadableRaster, match="5 MB"):
        raster.reencode(b"x" * (raster.MAX_BYTES + 1))


@pytest.mark.parametrize("name", ["BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(raster.UnreadableRaster, match="not a PNG"):
        raster.reencode(encoded(picture(16, 16), name))


@given(st.binary(max_size=80), st.integers(0, 90))
def test_broken_files_are_refused_and_never_crash(noise: bytes, at: int) -> None:
    data = encoded(picture(), "PNG")
    for broken in (noise, data[:at] + noise + data[at + len(noise) :], data[:at]):
        with suppress(raster.UnreadableRaster):
            assert raster.reencode(broken).content
