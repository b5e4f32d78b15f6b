"""Sanitize SVG with lists of allowed elements and attributes. Pure: text in, text out.

The result holds nothing that can run, load or animate. It is served under a policy that forbids all of that again
(`questions/views/pictures.py`) and shown by `<img>` only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

MAX_BYTES = 200_000
MAX_ELEMENTS = 3_000
MAX_DEPTH = 50
MIN_SIDE, MAX_SIDE = 8, 4_000
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"

ELEMENTS = {
    *("svg", "g", "defs", "title", "desc"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("marker", "clipPath", "linearGradient", "radialGradient", "stop"),
}
PRESENTATION = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"),
    *("stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity", "color", "paint-order"),
    *("font-family", "font-size", "font-style", "font-weight", "letter-spacing", "text-anchor", "text-decoration"),
    *("dominant-baseline", "marker-start", "marker-mid", "marker-end", "clip-path", "clip-rule"),
    *("stop-color", "stop-opacity", "vector-effect", "visibility", "display"),
}
ATTRIBUTES = PRESENTATION | {
    *("id", "viewBox", "width", "height", "preserveAspectRatio", "transform", "role"),
    *("x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "d", "points", "rotate"),
    *("textLength", "lengthAdjust", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient"),
    *("gradientUnits", "gradientTransform", "spreadMethod", "offset", "fx", "fy", "fr", "clipPathUnits"),
}
LOCAL_REFERENCE = re.compile(r"#[A-Za-z_][\w.-]*", re.ASCII)
LOCAL_URL = re.compile(r"url\(\s*#[A-Za-z_][\w.-]*\s*\)", re.ASCII)
# An address, a function that loads something, a comment or an escape that could hide one, or a scheme.
SUSPICIOUS = re.compile(r"//|url|src\s*\(|image|expression|import|script|data:|/\*|\\|[<>{}@]", re.IGNORECASE)
LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*", re.ASCII)


class UnsafeSvg(ValueError):
    """The file is not an SVG that can be sanitized; the message says why."""


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """Sanitized SVG: its source, its size in CSS pixels, and what was removed, such as "<script>" or "onclick"."""

    source: str
    width: int
    height: int
    removed: tuple[str, ...]


def sanitize(source: str) -> CleanSvg:
    """Return the SVG with allowed elements and attributes only; raise UnsafeSvg."""
    root = _parse(source)
    removed: list[str] = []
    clean = _copy(root, removed)
    clean.attrib = {"xmlns": SVG.strip("{}"), **clean.attrib}
    width, height = _size(clean)
    clean.attrib.update({"width": f"{width}", "height": f"{height}"})
    clean.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    clean.tail = None
    return CleanSvg(ET.tostring(clean, encoding="unicode"), width, height, tuple(dict.fromkeys(removed)))


def _parse(source: str) -> ET.Element:
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise UnsafeSvg(_("The SVG is larger than %d kB. Simplify it.") % (MAX_BYTES // 1000))
    try:
        root = fromstring(source.strip(), forbid_dtd=True)
    except DefusedXmlException:
        raise UnsafeSvg(_("The SVG has a DOCTYPE or entities. Delete them.")) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UnsafeSvg(_("This is not an SVG: %s.") % str(error).rstrip(".")) from None
    if root.tag != f"{SVG}svg":
        raise UnsafeSvg(_('This is not an SVG: it must start with <svg xmlns="http://www.w3.org/2000/svg">.'))
    level, count, depth = [root], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise UnsafeSvg(_("The SVG has more than %d elements, or they are nested too deeply.") % MAX_ELEMENTS)
        level = [child for element in level for child in element]
    return root


def _copy(element: ET.Element, removed: list[str]) -> ET.Element:
    """Return a copy of an allowed element with allowed content; add the names of everything else to `removed`."""
    copy = ET.Element(element.tag.removeprefix(SVG), dict(_attributes(element, removed)))
    copy.text, copy.tail = element.text, element.tail
    for child in element:
        name = child.tag.removeprefix(SVG)
        if name in ELEMENTS and name != "svg":
            copy.append(_copy(child, removed))
            continue
        removed.append(f"<{_local(child.tag)}>")
        if child.tail and child.tail.strip():  # text after what was removed, such as a part of a label
            _append_text(copy, child.tail)
    return copy


def _append_text(parent: ET.Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _attributes(element: ET.Element, removed: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the allowed attributes; declarations in `style` become attributes."""
    for name, value in element.attrib.items():
        local = _local(name)
        if name in ("href", f"{XLINK}href") and "Gradient" in element.tag and LOCAL_REFERENCE.fullmatch(value.strip()):
            yield "href", value.strip()
        elif name == "style":
            yield from _declarations(value, removed)
        elif name in ATTRIBUTES and _is_safe(value):
            yield name, value
        else:
            removed.append(local)


def _declarations(style: str, removed: list[str]) -> Iterator[tuple[str, str]]:
    for declaration in filter(str.strip, style.split(";")):
        name, _colon, value = (part.strip() for part in declaration.partition(":"))
        if name in PRESENTATION and value and _is_safe(value):
            yield name, value
        else:
            removed.append(f"style: {name}")


def _is_safe(value: str) -> bool:
    return LOCAL_URL.fullmatch(value.strip()) is not None or not SUSPICIOUS.search(value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _size(root: ET.Element) -> tuple[int, int]:
    """Return width and height in CSS pixels, from the attributes of these names or from viewBox; raise UnsafeSvg."""
    sides = [LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if all(sides):
            width, height = (float(side[1]) for side in sides if side)
        else:
            _x, _y, width, height = map(float, box)
        size = round(width), round(height)
    except (ValueError, OverflowError):
        raise UnsafeSvg(_("The SVG has no size. Give it a viewBox, or width and height in pixels.")) from None
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in size):
        raise UnsafeSvg(
            _("The SVG must be %(least)d to %(most)d pixels wide and high.") % {"least": MIN_SIDE, "most": MAX_SIDE}
        )
    return size
