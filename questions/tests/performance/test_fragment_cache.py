"""Fragments with placeholders, and the cache that keeps them."""

import uuid

import pytest
from django.template import Context, Template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from questions.performance.fragment_cache import Placeholders, cached

PAGE = "<p>{{ name }}</p>{% if name %}{{ name }}{% endif %}<i>{{ number }}</i><b>{{ id }}</b>{{ html }}"


class TestFragment:
    @given(st.text(), st.integers(0, 2**63), st.uuids())
    def test_a_filled_fragment_equals_the_rendered_template(self, name: str, number: int, id_: uuid.UUID) -> None:
        placeholders = Placeholders()
        context = {
            "name": placeholders.text("name"),
            "number": placeholders.number("number"),
            "id": placeholders.uuid("id"),
        }
        fragment = placeholders.fragment(Template(PAGE).render(Context({**context, "html": placeholders.text("html")})))
        values = {"name": name, "number": number, "id": id_, "html": mark_safe("<hr>")}
        plain = Template("<p>{{ name }}</p>{{ name }}<i>{{ number }}</i><b>{{ id }}</b><hr>")
        assert fragment.fill(values) == plain.render(Context(values))

    def test_a_value_is_not_searched_for_placeholders(self) -> None:
        placeholders = Placeholders()
        mark = placeholders.text("secret")
        fragment = placeholders.fragment(f"{placeholders.text('name')} {mark}")
        assert fragment.fill({"name": mark, "secret": "S"}) == f"{mark} S"

    def test_a_missing_value_is_an_error(self) -> None:
        placeholders = Placeholders()
        with pytest.raises(KeyError):
            placeholders.fragment(placeholders.text("name")).fill({})

    def test_without_placeholders_a_fragment_is_its_html(self) -> None:
        assert Placeholders().fragment("<p>").fill({}) == conditional_escape(mark_safe("<p>"))


class TestCached:
    def test_a_value_is_made_once_for_each_key(self) -> None:
        key, makes = (uuid.uuid4(), {"a": [1]}), iter(["first", "second"])
        assert [cached(key, lambda: next(makes)) for _ in range(3)] == ["first"] * 3
        assert cached((*key, 2), lambda: next(makes)) == "second"

    def test_unless_keeps_a_value_out_of_the_cache(self) -> None:
        key, makes = (uuid.uuid4(),), iter("abc")
        assert [cached(key, lambda: next(makes), unless=lambda: True) for _ in range(3)] == ["a", "b", "c"]
