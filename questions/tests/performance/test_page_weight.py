"""What a first visit downloads: the page, its stylesheets and scripts, compressed as in production."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question
from quizsite.static_files import BOOTSTRAP, used_rules, words

CSS = """
:root{--x:1}.btn,.card>.btn{color:red}.gone{color:blue}a:hover{color:green}
@media (min-width:10px){.gone{top:0}.btn:not(.gone,.card){top:1px}.btn{top:2px}}
@media print{.gone{top:0}}@supports (x:y){.btn{left:0}}@keyframes spin{to{top:0}}
"""


def test_rules_whose_classes_are_used_are_kept() -> None:
    kept = used_rules(CSS, {"btn"})
    for part in (
        ":root{--x:1}",
        ".btn{color:red}",
        "a:hover",
        ".btn{top:2px}",
        "@supports (x:y){.btn{left:0}}",
        "spin",
    ):
        assert part in kept
    assert not re.search("gone|card|print", kept)
    assert ".btn:not(.gone,.card){top:1px}" in used_rules(CSS, {"btn", "gone", "card"})


def test_every_class_of_bootstrap_that_a_template_names_is_kept() -> None:
    original = Path(finders.find(BOOTSTRAP)).read_text()
    kept = used_rules(original, words())
    for name in ("btn-primary", "form-control", "form-select", "form-check-input", "alert-danger", "visually-hidden"):
        assert f".{name}" in kept, name
    assert len(kept) < len(original) / 3


@pytest.mark.django_db
@pytest.mark.parametrize("type_name", ["single_choice", "ordering", "open"])
def test_first_visit_to_a_question_page_is_below_60_kb(client: Client, type_name: str) -> None:
    attempt = visitor_attempt(client, *(make_question(type_name) for _ in range(10)))
    page = client.get(reverse("question", args=[attempt.public_id, 1])).content
    assert weight(page) < 60_000


def weight(page: bytes) -> int:
    """Return the compressed size of the page with everything that its head loads, in bytes."""
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.decode())
    assert BOOTSTRAP in names
    return len(brotli.compress(page)) + sum(len(brotli.compress(content(name))) for name in names)


def content(name: str) -> bytes:
    """Return the static file as production serves it."""
    found = Path(finders.find(name))
    return used_rules(found.read_text(), words()).encode() if name == BOOTSTRAP else found.read_bytes()
