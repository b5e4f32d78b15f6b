"""What model answers and follow-ups say in passing about Python is run."""

import copy
import functools
import inspect
import io
import traceback
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest


def test_a_tuple_with_a_list_changes_and_has_no_hash() -> None:
    pair: tuple[list[int]] = ([],)
    pair[0].append(1)
    assert pair == ([1],)
    with pytest.raises(TypeError):
        hash(pair)


def test_a_failed_entry_is_not_followed_by_an_exit() -> None:
    class Manager:
        left = False

        def __enter__(self) -> None:
            raise ConnectionError

        def __exit__(self, *_: object) -> None:
            self.left = True

    manager = Manager()
    with pytest.raises(ConnectionError), manager:
        pass
    assert not manager.left


@contextmanager
def without_finally(log: list[str]) -> Iterator[None]:
    yield
    log.append("cleaned")


def test_a_manager_without_finally_does_not_clean_up_after_an_error() -> None:
    log: list[str] = []
    with pytest.raises(ValueError, match="bad"), without_finally(log):
        raise ValueError("bad")
    assert log == []


def test_a_generator_based_manager_is_used_up() -> None:
    manager = without_finally([])
    with manager:
        pass
    with pytest.raises((AttributeError, RuntimeError)), manager:
        pass


def test_slots_leave_no_room_for_cached_properties_and_misspellings() -> None:
    @dataclass(slots=True)
    class Order:
        amount: int

        @functools.cached_property
        def gross(self) -> int:
            return self.amount * 2

    with pytest.raises(TypeError):
        assert Order(1).gross
    with pytest.raises(AttributeError):
        Order(1).amuont = 2  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        weakref.ref(Order(1))


def test_a_note_is_printed_with_the_trace() -> None:
    error = ValueError("declined")
    error.add_note("order 7")
    assert traceback.format_exception(error)[-1].strip() == "order 7"


def test_a_cursor_closed_before_the_first_row() -> None:
    def rows() -> Iterator[str]:
        with io.StringIO("1\n2") as file:
            return (line for line in file)

    with pytest.raises(ValueError, match="closed file"):
        next(rows())


def test_yield_from_closes_the_inner_generator() -> None:
    log: list[str] = []

    def inner() -> Iterator[int]:
        try:
            yield 1
        finally:
            log.append("closed")

    def outer() -> Iterator[int]:
        yield from inner()

    rows = outer()
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    assert log == ["closed"]


def test_wraps_keeps_the_signature_and_not_the_kind() -> None:
    async def fetch(url: str) -> None:
        """Fetch a page."""

    @functools.wraps(fetch)
    def wrapper(*args: Any) -> Any:
        return fetch(*args)

    assert (wrapper.__name__, wrapper.__doc__) == ("fetch", "Fetch a page.")
    assert list(inspect.signature(wrapper).parameters) == ["url"]
    assert not inspect.iscoroutinefunction(wrapper)


def test_two_retries_multiply() -> None:
    attempts: list[int] = []

    def retry(call: Any) -> Any:
        def wrapper() -> Any:
            for _ in range(2):
                try:
                    return call()
                except ConnectionError:
                    pass
            return call()

        return wrapper

    @retry
    @retry
    def charge() -> None:
        attempts.append(1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        charge()
    assert len(attempts) == 9


def test_a_weak_dictionary_drops_what_nobody_holds() -> None:
    class Connection:
        pass

    known: weakref.WeakValueDictionary[int, Connection] = weakref.WeakValueDictionary()
    connection = known[1] = Connection()
    assert 1 in known
    del connection
    assert 1 not in known


class Proxy:
    def __init__(self, target: Any) -> None:
        self.target = target

    def __getattr__(self, name: str) -> Any:
        return getattr(self.target, name)


def test_a_naive_proxy_cannot_be_copied() -> None:
    with pytest.raises(RecursionError):
        copy.copy(Proxy("text"))


def test_an_error_inside_a_property_falls_through_to_getattr() -> None:
    class Order(Proxy):
        @property
        def total(self) -> int:
            return self.amuont

    class Target:
        total = "hidden"

    assert Order(Target()).total == "hidden"


def test_a_descriptor_is_told_its_name_only_in_the_class_body() -> None:
    class Field:
        name = "unknown"

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

    class Order:
        amount = Field()

    later = Order.later = Field()  # type: ignore[attr-defined]
    assert (Order.amount.name, later.name) == ("amount", "unknown")
