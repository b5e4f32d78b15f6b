"""Markdown shows pictures by name; without them, or with an unknown name, it stays readable and harmless."""

import re

import pytest

from questions.content.item import Item, Option
from questions.content.markdown import markdown_html, names_in, phrase_html, plain_text
from questions.content.pictures import Picture

ONION = Picture("onion", "0a" * 32, "svg", 432, 300, 'Layers & "rings"', "An onion.", is_line_art=True)
PHOTO = Picture("photo", "1b" * 32, "jpg", 800, 600, "A desk")
BOTH = (ONION, PHOTO)


def test_a_picture_of_its_own_paragraph_becomes_a_figure() -> None:
    html = markdown_html("Before.\n\n![](picture:onion)\n\nAfter.", BOTH)
    (figure,) = re.findall(r"</p>\s*(<figure>.*</figure>)\s*<p>", html, re.DOTALL)
    assert f'src="/pictures/{"0a" * 32}.svg"' in figure
    assert 'alt="Layers &amp; &quot;rings&quot;"' in figure
    assert 'width="432" height="300" loading="lazy"' in figure.replace('" loading', '" loading')
    assert "<figcaption>An onion.</figcaption>" in figure
    assert "line-art" in figure
    assert "line-art" not in markdown_html("![](picture:photo)", BOTH)
    assert "figcaption" not in markdown_html("![](picture:photo)", BOTH)


def test_the_words_of_the_text_override_the_alternative_text() -> None:
    assert 'alt="Two *rings*"' in markdown_html(r"![Two \*rings\*](picture:onion)", BOTH)


def test_a_picture_within_a_sentence_is_part_of_it() -> None:
    html = markdown_html("See ![](picture:onion) here.", BOTH)
    assert re.fullmatch(r"<p>See <img [^>]+> here.</p>\s*", html)


@pytest.mark.parametrize("text", ["![](picture:onion)", "One.\n\n![](picture:onion)", "- ![](picture:onion)"])
def test_a_phrase_contains_no_figure(text: str) -> None:
    html = phrase_html(text, BOTH)
    assert "<img " in html
    assert not re.search("<(figure|figcaption|p)", html)


@pytest.mark.parametrize("render", [markdown_html, phrase_html])
def test_an_unknown_name_is_shown(render) -> None:
    assert "picture:gone" in render("![](picture:gone)", BOTH)
    assert "A &lt;b&gt;" in render("![A \\<b\\>](picture:gone)", BOTH)
    assert "<img" not in render("![](picture:gone)", BOTH)


@pytest.mark.parametrize("render", [markdown_html, phrase_html])
@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/x.png",
        "//elsewhere.example/x",
        "/pictures/x.svg",
        "data:image/png;base64,AA",
        "onion",
    ],
)
def test_no_other_image_is_shown(render, source: str) -> None:
    html = render(f"![x]({source})", BOTH)
    assert "<img" not in html
    assert "elsewhere" not in html


def test_without_pictures_the_words_of_the_text_remain() -> None:
    assert plain_text("Look: ![two rings](picture:onion)") == "Look: two rings"
    assert "picture" not in markdown_html("![](picture:onion)")


def test_names_are_those_of_images_and_not_of_code() -> None:
    text = "![](picture:a) and [![b](picture:b)](https://e.example)\n\n    ![](picture:c)\n\n`![](picture:d)`"
    assert names_in([text, "[x](picture:e)", "![][f]\n\n[f]: picture:f"]) == {"a", "b", "f"}


def test_an_item_with_pictures_round_trips_and_has_a_digest_of_its_own() -> None:
    item = Item("open", "![](picture:onion)", options=(Option("a"),), pictures=(ONION,))
    assert Item.from_json(item.to_json()) == item
    assert item.digest() != Item("open", "![](picture:onion)", options=(Option("a"),)).digest()
    assert "pictures" not in Item("open", "So?").to_json()
