"""Whatever is uploaded, sanitized SVG has only allowed elements and attributes."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from questions.content import svg

NAMESPACE = "http://www.w3.org/2000/svg"
DRAWING = f'<svg xmlns="{NAMESPACE}" viewBox="0 0 40 20" width="40" height="20">{{}}</svg>'


def sanitized(inside: str) -> svg.CleanSvg:
    return svg.sanitize(DRAWING.format(inside))


def test_a_plain_drawing_stays_as_it_is() -> None:
    inside = (
        '\n  <g fill="none" stroke="#123">\n    <path d="M0 0h9" />\n    <text x="1" y="2">a &lt; b</text>\n  </g>\n'
    )
    clean = sanitized(inside)
    assert clean.source == DRAWING.format(inside)
    assert (clean.width, clean.height, clean.removed) == (40, 20, ())


ATTACKS = [
    ("<script>alert(1)</script>", "<script>"),
    (f'<x:script xmlns:x="{NAMESPACE}">alert(1)</x:script>', "<script>"),
    ('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', "<script>"),
    (
        "<foreignObject><body xmlns='x:y'><img src='x' onerror='alert(1)'/></body></foreignObject>",
        "<foreignObject>",
    ),
    ("<style>@import 'https://elsewhere.example/x.css';</style>", "<style>"),
    ('<image href="https://elsewhere.example/x.png" />', "<image>"),
    ('<use href="https://elsewhere.example/x.svg#a" />', "<use>"),
    ('<a href="javascript:alert(1)"><text>click</text></a>', "<a>"),
    ('<animate attributeName="href" values="javascript:alert(1)" />', "<animate>"),
    ('<set attributeName="onload" to="alert(1)" />', "<set>"),
    ('<filter id="f"><feImage href="https://elsewhere.example/x" /></filter>', "<filter>"),
    ("<iframe src='https://elsewhere.example' />", "<iframe>"),
    ("<svg onload='alert(1)' />", "<svg>"),
    ('<rect onclick="alert(1)" />', "onclick"),
    ('<rect fill="url(https://elsewhere.example/x#a)" />', "fill"),
    ('<rect fill="url(#a) url(https://elsewhere.example/x)" />', "fill"),
    ('<rect fill="u\\72l(https://elsewhere.example)" />', "fill"),
    ('<rect fill="ur/**/l(https://elsewhere.example)" />', "fill"),
    ('<rect fill="URL(//elsewhere.example)" />', "fill"),
    ('<rect fill="image-set(&quot;https://elsewhere.example/x&quot;)" />', "fill"),
    ('<rect style="fill: url(https://elsewhere.example)" />', "style: fill"),
    ('<rect style="background-image: none" />', "style: background-image"),
    ('<linearGradient href="https://elsewhere.example/x.svg#a" />', "href"),
    ('<linearGradient xmlns:l="http://www.w3.org/1999/xlink" l:href="data:image/svg+xml,x" />', "href"),
    ('<rect xml:base="https://elsewhere.example/" />', "base"),
    ('<rect class="x" />', "class"),
]


@pytest.mark.parametrize(("attack", "removed"), ATTACKS)
def test_whatever_could_run_or_load_is_removed_and_named(attack: str, removed: str) -> None:
    clean = sanitized(attack)
    assert removed in clean.removed
    assert not re.search(r"script|alert|elsewhere|onload|onerror|javascript|data:", clean.source)
    assert svg.sanitize(clean.source).removed == ()


REFUSED = [
    "",
    "just text",
    "<html><body /></html>",
    "<svg viewBox='0 0 9 9'/>",  # without its namespace
    f'<!DOCTYPE svg><svg xmlns="{NAMESPACE}" viewBox="0 0 9 9"/>',
    f'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="{NAMESPACE}" viewBox="0 0 9 9">&e;</svg>',
    f'<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg xmlns="{NAMESPACE}" viewBox="0 0 9 9">&b;</svg>',
    f'<svg xmlns="{NAMESPACE}" />',  # without a size
    f'<svg xmlns="{NAMESPACE}" viewBox="0 0 1 1" />',
    f'<svg xmlns="{NAMESPACE}" viewBox="0 0 nan 9" />',
    f'<svg xmlns="{NAMESPACE}" viewBox="0 0 1e999 9" />',
    f'<svg xmlns="{NAMESPACE}" width="100%" height="100%" />',
    DRAWING.format("<g>" * svg.MAX_DEPTH + "</g>" * svg.MAX_DEPTH),
    DRAWING.format("<g/>" * svg.MAX_ELEMENTS),
    DRAWING.format("<!--" + "x" * svg.MAX_BYTES + "-->"),
]


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_no_small_svg_is_refused(source: str) -> None:
    with pytest.raises(svg.UnsafeSvg) as refused:
        svg.sanitize(source)
    assert str(refused.value).endswith(".")


def test_declarations_of_a_style_become_attributes() -> None:
    clean = sanitized('<rect style="fill:#fff; stroke-width: 2" />')
    assert '<rect fill="#fff" stroke-width="2" />' in clean.source
    assert clean.removed == ()


def test_references_inside_the_file_are_kept() -> None:
    inside = '<linearGradient id="a" href="#b" /><path fill="url(#a)" marker-end="url( #b )" />'
    assert sanitized(inside).removed == ()


def test_text_after_a_removed_element_is_kept() -> None:
    assert ">one  two</text>" in sanitized("<text>one <a>x</a> two</text>").source


def test_the_size_comes_from_the_view_box_if_there_is_no_other() -> None:
    clean = svg.sanitize(f'<svg xmlns="{NAMESPACE}" viewBox="0 0 30.4 20" width="100%"/>')
    assert (clean.width, clean.height) == (30, 20)
    assert 'width="30" height="20"' in clean.source


NAMES = st.sampled_from(
    [*svg.ELEMENTS, "script", "style", "image", "use", "a", "animate", "foreignObject", "filter", "x:y", "SCRIPT"]
)
ATTRIBUTES = st.sampled_from(
    [*("id", "fill", "style", "d", "transform", "href", "l:href", "onclick", "class", "clip-path", "xml:base", "x:y")]
)
VALUES = st.lists(
    st.sampled_from(["url(", "#a", ")", "javascript:", "fill:", ";", "red", "&quot;", "\\", "/*", "https://e.example"])
    | st.text("ab(:;#%", max_size=3),
    max_size=5,
).map("".join)
LEAVES = st.text("ab ", max_size=4)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(ATTRIBUTES, VALUES, max_size=3).map(
        lambda found: "".join(f' {name}="{value}"' for name, value in found.items())
    )
    return st.builds("<{0}{1}>{2}</{0}>".format, NAMES, attributes, st.lists(inside, max_size=3).map("".join))


@given(st.recursive(LEAVES, element, max_leaves=8))
@example('<g><script/></g><rect style="fill:url(#a);x:y" />')
def test_nothing_else_gets_through(inside: str) -> None:
    start = f'<svg xmlns="{NAMESPACE}" xmlns:x="urn:x" xmlns:l="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    clean = svg.sanitize(f"{start}{inside}</svg>")
    for node in ET.fromstring(clean.source).iter():
        assert node.tag.removeprefix(svg.SVG) in svg.ELEMENTS
        for name, value in node.attrib.items():
            assert name in svg.ATTRIBUTES or (name == "href" and svg.LOCAL_REFERENCE.fullmatch(value))
            assert "javascript" not in value and "https" not in value and "\\" not in value
            assert "url" not in value or svg.LOCAL_URL.fullmatch(value.strip())
    again = svg.sanitize(clean.source)
    assert (again.source, again.removed) == (clean.source, ())
