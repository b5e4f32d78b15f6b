"""The guide's programs print what stands beneath them, and its facts hold."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypedDict

import pytest

from questions.content.markdown import names_in
from questions.tests.bank.content import printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("06-python-itself.yaml")
ROWS = [(row["model"].removeprefix("questions."), row["fields"]) for row in BANK.rows]


@pytest.mark.parametrize("slug", ["shared-or-not", "when-it-runs", "kept-by-a-traceback"])
def test_a_listing_prints_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    assert printed(listing["code"]) == listing["output"]


def test_each_diagram_is_shown() -> None:
    drawn = {fields["name"] for model, fields in ROWS if model == "picture"}
    assert drawn == names_in([fields["body"] for model, fields in ROWS if model == "section"])


def test_a_deep_copy_keeps_cycles() -> None:
    order: dict[str, Any] = {"lines": []}
    order["lines"].append(order)
    copied = copy.deepcopy(order)
    assert copied is not order
    assert copied["lines"][0] is copied


def test_special_methods_are_looked_up_on_the_type() -> None:
    class Cart:
        pass

    cart = Cart()
    cart.__len__ = lambda: 3  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        len(cart)  # type: ignore[arg-type]


def test_a_cached_property_is_not_called_while_the_instance_has_a_value() -> None:
    class Order:
        calls = 0

        @cached_property
        def total(self) -> int:
            self.calls += 1
            return self.calls

    order = Order()
    assert (order.total, order.total) == (1, 1)
    del order.total
    assert order.total == 2


def test_defining_equality_alone_takes_away_the_hash() -> None:
    class Order:  # noqa: PLW1641 - it is what the guide is about
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Order)

    assert Order.__hash__ is None


def test_keys_cannot_be_removed_during_a_loop() -> None:
    sessions = {"a": 1, "b": 2}
    with pytest.raises(RuntimeError):
        [sessions.pop(key) for key in sessions]
    for key in list(sessions):
        del sessions[key]
    assert list(dict.fromkeys([3, 1, 3, 2])) == [3, 1, 2]


def test_return_in_finally_discards_an_exception() -> None:
    namespace: dict[str, Any] = {}
    exec("def save():\n  try:\n    raise OSError\n  finally:\n    return 'saved'", namespace)
    assert namespace["save"]() == "saved"


class Typed(TypedDict):
    amount: int


class Named(NamedTuple):
    amount: int


@dataclass
class Plain:
    amount: int


@dataclass(frozen=True)
class Frozen:
    amount: int


def works(action: Callable[[], Any]) -> bool:
    try:
        action()
    except (TypeError, AttributeError, KeyError):
        return False
    return True


def test_the_table_of_records() -> None:
    typed, others = Typed(amount=1), [Named(1), Plain(1), Frozen(1)]
    assert type(typed) is dict
    assert [works(lambda one=one: setattr(one, "amount", 2)) for one in others] == [False, True, False]
    assert [works(lambda one=one: hash(one)) for one in [typed, *others]] == [False, True, False, True]
    assert not works(lambda: hash(Frozen([])))  # type: ignore[arg-type]
    assert [works(lambda one=one: setattr(one, "amuont", 2)) for one in others] == [False, True, False]
    assert not any(works(lambda one=one: one.amonut) for one in others)
    assert not works(lambda: typed["amuont"])  # type: ignore[typeddict-item]
    assert Named(1) == (1,)
    assert Plain(1) != (1,)
    assert Frozen(1) != Plain(1)
    assert [one.amount for one in (Named("x"), Plain("x"), Frozen("x"))] == ["x"] * 3  # type: ignore[arg-type]
