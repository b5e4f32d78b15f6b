"""Items survive JSON unchanged, and equal content has an equal digest."""

import json

import pytest
from hypothesis import given

from questions.content.item import FollowUpQuestion, Item, Option
from questions.tests.strategies import items


@given(items)
def test_an_item_survives_json(item: Item) -> None:
    assert Item.from_json(json.loads(json.dumps(item.to_json()))) == item


@given(items)
def test_the_digest_is_that_of_the_content(item: Item) -> None:
    assert Item.from_json(item.to_json()).digest() == item.digest()


@given(items, items)
def test_different_content_has_different_digests(first: Item, second: Item) -> None:
    assert (first == second) == (first.digest() == second.digest())


def test_content_from_before_units_keeps_its_digest() -> None:
    item = Item("numeric", "How many?", options=(Option("250", 1.0, tolerance="5"),))
    assert item.digest() == "bc3492db7d271283c47b53bb922c648a3b8465099f6bf30933abe0681ae55e6b"
    assert "units" not in item.to_json()
    assert Item.from_json(item.to_json()).units == ""


def test_content_from_before_model_answers_of_follow_ups_keeps_its_digest() -> None:
    stored = {"type": "open", "stem": "Why?", "follow_ups": ["And then?", "And if not?"]}
    item = Item.from_json(stored)
    assert item == Item("open", "Why?", follow_ups=(FollowUpQuestion("And then?"), FollowUpQuestion("And if not?")))
    assert item.to_json()["follow_ups"] == stored["follow_ups"]
    assert item.digest() == "78de664f3f1b0f744a430c6a3e0e9b34f8e6fbebc9a04680bf228af13d53d413"


def test_content_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        Item.from_json({"type": "open", "stem": "?", "colour": "red"})
