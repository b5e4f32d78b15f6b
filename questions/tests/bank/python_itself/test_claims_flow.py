"""What questions claim about generators, decorators, context managers and exceptions is run.

One test for each question, named after its slug.
"""

import asyncio
import gc
import itertools
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from questions.tests.bank.content import Asked, in_new_loop, printed, run


def test_failed_rows_after_any(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    as_a_list = item.code.replace("(line.split() for line in lines)", "[line.split() for line in lines]")
    assert printed(as_a_list) == "42 44"


def test_report_with_a_cursor(item: Asked) -> None:
    assert item.options == printed(item.code).splitlines()


def test_pages_that_run_out(item: Asked) -> None:
    class Client:
        def page(self, number: int) -> str:
            return f"page {number}" if number < 4 else ""

    def two_loops_at_once(pages: Any) -> list[list[str]]:
        seen: list[list[str]] = [[], []]
        for pair in itertools.zip_longest(pages, pages):
            for loop, page in zip(seen, pair, strict=True):
                loop += [page] if page else []
        return seen

    def every_page(self: Any) -> Iterator[str]:
        number = 1
        while page := self.client.page(number):
            yield page
            number += 1

    def start_again(self: Any) -> Any:
        self.number = 0
        return self

    shown = run(item.code)["Pages"]
    generator = type("Generator", (shown,), {"__iter__": every_page})
    reset = type("Reset", (shown,), {"__iter__": start_again})
    whole = list(generator(Client()))
    assert two_loops_at_once(shown(Client())) != [whole, whole]
    assert two_loops_at_once(reset(Client())) != [whole, whole]
    assert two_loops_at_once(generator(Client())) == [whole, whole]
    pages = shown(Client())
    assert iter(pages) is pages
    assert item.key.startswith("Make `__iter__` a generator function")


def test_retry_that_never_retries(item: Asked, caplog: pytest.LogCaptureFixture) -> None:
    class Client:
        tried = 0

        async def get(self, path: str) -> None:
            self.tried += 1
            raise ConnectionError(path)

    listing, client = run(item.code), Client()
    with pytest.raises(ConnectionError):
        in_new_loop(listing["fetch_rates"](client))
    assert (client.tried, caplog.messages) == (1, [])
    assert not asyncio.iscoroutinefunction(listing["retry"](Client.get))

    def plain(path: str) -> None:
        raise ConnectionError(path)

    with pytest.raises(RuntimeError):
        listing["retry"](plain)("/rates")
    assert len(caplog.messages) == 3

    awaits = item.code.replace("def wrapper", "async def wrapper").replace("return call", "return await call")
    with pytest.raises(RuntimeError):
        in_new_loop(run(awaits)["fetch_rates"](client))
    assert client.tried == 4
    assert item.key.startswith("The call in `wrapper` only creates a coroutine")


def test_setting_read_by_a_decorator(item: Asked) -> None:
    def follows(place: str) -> bool:
        """Whether a call after the change uses the new value."""
        code = item.code.replace("wrapper(*args)", "wrapper(*args, retries=settings.RETRIES)", 1)
        code = code.replace("return call(*args)", "return retries" if place == "signature" else "return value")
        code = code.replace(f"# place {place}", "value = settings.RETRIES")
        listing = run(f"from types import SimpleNamespace\n\nsettings = SimpleNamespace(RETRIES=3)\n{code}")
        listing["settings"].RETRIES = 0
        return listing["charge"]("order") == 0

    places = {"A": "At place A", "B": "At place B", "C": "At place C", "signature": "In the signature"}
    assert item.accepted == {
        text for text in item.options for place, start in places.items() if text.startswith(start) and follows(place)
    }


class Partition:
    """A file that says whether it is open; there is no third one."""

    opened: list["Partition"] = []

    def __init__(self, path: str) -> None:
        if path == "third":
            raise OSError(path)
        self.closed = False
        self.opened.append(self)

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> "Partition":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def merge_in_a_stack(paths: list[str]) -> bool:
    with ExitStack() as stack:
        files = [stack.enter_context(Partition(path)) for path in paths]
        return not any(file.closed for file in files)


def merge_before_finally(paths: list[str]) -> bool:
    files = [Partition(path) for path in paths]
    try:
        return not any(file.closed for file in files)
    finally:
        for file in files:
            file.close()


def merge_after_a_loop(paths: list[str]) -> bool:
    files = []
    for path in paths:
        with Partition(path) as file:
            files.append(file)
    return not any(file.closed for file in files)


def test_partitions_open_together(item: Asked) -> None:
    def guarantees(merge: Callable[[list[str]], bool]) -> bool:
        """Whether the first two are closed when the third fails, and both are open while they are merged."""
        Partition.opened.clear()
        with pytest.raises(OSError, match="third"):
            merge(["first", "second", "third"])
        return all(file.closed for file in Partition.opened) and merge(["first", "second"])

    merges = {
        "ExitStack": merge_in_a_stack,
        "finally:": merge_before_finally,
        "with open(p) as file": merge_after_a_loop,
    }
    assert item.accepted == {
        text for text in item.options for part, merge in merges.items() if part in text and guarantees(merge)
    }
    assert not hasattr(map(open, []), "close")  # so `closing` can't close the last one


def test_import_that_always_succeeds(item: Asked) -> None:
    def rows_written(code: str, *lines: str) -> list[int]:
        table: list[int] = []
        with run(code)["BatchWriter"](table) as writer:
            for line in lines:
                writer.add(int(line))
        return table

    with pytest.raises(ValueError, match="invalid literal"):
        rows_written(item.code, "x", "2")
    assert rows_written(item.code, "1", "x", "3") == [1]
    returns_nothing = item.code.replace("return self.flush()", "self.flush()")
    with pytest.raises(ValueError, match="invalid literal"):
        rows_written(returns_nothing, "1", "x", "3")
    assert item.key.startswith("`__exit__` returns the row count")


def test_two_errors_one_handled(item: Asked) -> None:
    assert item.stating(*printed(item.code).splitlines()) == {item.key}


def test_what_the_log_shows(item: Asked) -> None:
    def log_of(statement: str) -> str:
        load = run(item.code.replace("raise OrderNotFound(number) from error", statement))["load"]
        with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, its trace is read
            load({}, 7)
        return "".join(traceback.format_exception(raised.value))

    def shown(log: str) -> str:
        if "The above exception was the direct cause" in log:
            return "Both errors, the first as “the direct cause” of the second"
        if "During handling of the above exception" in log:
            return "Both errors, the second “during handling” of the first"
        return "OrderNotFound alone" if "KeyError" not in log else "KeyError alone"

    assert len(item.pairs) == 4
    assert item.pairs == {statement: shown(log_of(statement.strip("`"))) for statement in item.pairs}


def test_plugin_with_another_signature(item: Asked) -> None:
    listing = run(item.code)
    plugin = listing["Disk"]()
    assert isinstance(plugin, listing["Storage"])
    with pytest.raises(TypeError):
        plugin.save("key", b"data")
    assert item.key == "False"


def test_clients_that_stay(item: Asked) -> None:
    listing = run(item.code)
    client_class = listing["TenantClient"]

    def client_after_a_request(call: bool) -> Any:
        client = client_class("acme", lambda tenant: {"pen": 3})
        if call:
            assert client.price("pen") == 3
        return weakref.ref(client)

    kept, dropped = client_after_a_request(call=True), client_after_a_request(call=False)
    gc.collect()
    assert kept() is not None
    assert dropped() is None
    assert client_class.price.cache_info().currsize == 1
    client_class.price.cache_clear()
    assert kept() is None
    assert item.key == "The method's cache, whose keys include `self`"
