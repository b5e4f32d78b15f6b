"""The guide's programs print what stands beneath them, and its diagrams are readable."""

import re

import pytest

from questions.content import svg
from questions.content.markdown import names_in
from questions.tests.bank.content import django_models, printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("07-orm-and-n-plus-one.yaml")
DIAGRAMS = {row["fields"]["name"]: row["fields"] for row in BANK.rows if row["model"] == "questions.picture"}


@pytest.mark.parametrize("slug", ["n-plus-one-counted", "sum-over-two-joins", "one-object-per-row"])
def test_a_listing_prints_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with django_models():
        assert printed(listing["code"]) == listing["output"]


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_is_readable_on_a_phone_and_says_itself_in_words(name: str) -> None:
    clean = svg.sanitize(DIAGRAMS[name]["svg"])
    assert clean.source == DIAGRAMS[name]["svg"]
    assert clean.removed == ()
    (width,) = map(float, re.findall(r'viewBox="0 0 ([\d.]+)', clean.source)[:1])
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', clean.source)]
    assert min(sizes) * 288 / width >= 11  # pixels where the window is 320 pixels wide
    assert len(DIAGRAMS[name]["alternative_text"]) > 200


def test_the_guide_shows_its_diagrams() -> None:
    bodies = [row["fields"]["body"] for row in BANK.rows if row["model"] == "questions.section"]
    assert names_in(bodies) == DIAGRAMS.keys()
