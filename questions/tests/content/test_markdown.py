"""Markdown and code are rendered as HTML that cannot contain scripts."""

import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from questions.content.markdown import highlighted, language_name, markdown_html, phrase_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='x' onclick='y'>a</a>",
    "```html\n<script>alert(1)</script>\n```",
    "![x](https://elsewhere.example/x.png)",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_carries_no_script(attack: str) -> None:
    for html in (markdown_html(attack), phrase_html(attack)):
        assert not re.search(r"<(script|img|iframe|style)|<[^>]+\son\w+=|href=.(javascript|data):", html)


def test_html_in_a_text_is_shown_as_text() -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in markdown_html("<b>bold</b>")
    assert "&lt;script&gt;" in phrase_html("What does <script> do?")


@given(st.text(max_size=200))
def test_code_is_escaped(code: str) -> None:
    html = highlighted(code, "python")
    assert set(re.findall(r"<(/?\w+)", html)) <= {"span", "/span"}


@given(st.text(max_size=200))
def test_a_phrase_contains_no_block_elements(text: str) -> None:
    assert not re.search(r"<(p|pre|ul|ol|li|div|h\d|blockquote|table)\b", phrase_html(text))


def test_paragraphs_of_a_phrase_stay_separate() -> None:
    assert phrase_html("One.\n\nTwo.").count('class="para"') == 2


def words(html: str) -> list[str]:
    """The words that a reader sees, apart where elements are."""
    return strip_tags(html.replace("<", " <")).split()


BLOCKS = [
    "Choose:\n\n- one\n- two with `code`\n\nDone.",
    "1. first\n2. second\n   - nested",
    "```python\nfor x in y:\n    pass\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> A quote",
    "    indented code\n      and more",
]


@pytest.mark.parametrize("text", BLOCKS)
def test_a_phrase_shows_the_blocks_of_its_text(text: str) -> None:
    """Without the markers, which are text here, the words and their order are those of the block-level HTML."""
    phrase = re.sub(r'<span class="md-marker">[^<]+</span>', "", phrase_html(text))
    assert words(phrase) == words(markdown_html(text))


def test_lines_and_indentation_of_code_are_kept_in_a_phrase() -> None:
    assert "x = 1\n    y = 2" in strip_tags(phrase_html("```text\nx = 1\n    y = 2\n```"))


def test_items_of_a_phrase_have_their_numbers() -> None:
    assert re.findall(r'marker">([^<]+)<', phrase_html("3. three\n4. four\n\n- more")) == ["3.", "4.", "•"]


def test_code_is_highlighted_on_the_server() -> None:
    assert '<span class="k">def</span>' in highlighted("def f(): ...", "python")


@pytest.mark.parametrize("text", ["```\nwide\n```", "| wide |\n|---|\n| table |"])
def test_what_scrolls_can_be_reached_by_keyboard(text: str) -> None:
    assert 'tabindex="0"' in markdown_html(text)
    assert "tabindex" not in phrase_html(text)


def test_an_unknown_language_is_shown_plain() -> None:
    assert "<span" not in highlighted("def f(): ...", "klingon")


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "Python"), ("sql", "SQL"), ("postgresql", "PostgreSQL"), ("text", ""), ("", ""), ("klingon", "")],
)
def test_a_language_is_named_as_people_write_it(language: str, name: str) -> None:
    assert language_name(language) == name
