"""What two reviews of code claim about faulty lines is run."""

import gc
import threading
import weakref

import pytest

from questions.tests.bank.content import Asked, run


def lines_of(item: Asked, text: str) -> str:
    first, _, last = text.partition("-")
    return "\n".join(item.code.splitlines()[int(first) - 1 : int(last or first)])


def test_review_of_a_session_store(item: Asked) -> None:
    listing = run(item.code)
    store_class = listing["SessionStore"]
    first, second = store_class(), store_class(clock=lambda: float("inf"))
    first.add("a", {"user": 1})
    assert second.sessions is first.sessions  # shared by all stores
    added_at, lifetime = store_class.add.__defaults__[0], first.lifetime
    assert first.sessions["a"][0] == added_at + lifetime  # evaluated once
    assert store_class(clock=lambda: 1 / 0).get("a") is None  # hides a faulty clock
    assert (first.keys(), second.keys()) == (["a"], [])  # for the second store it has expired
    first.get("a")["user"] = 2
    assert first.get("a") == {"user": 1}
    first.add("b", {})
    with pytest.raises(RuntimeError, match="changed size"):
        second.remove_expired()
    marks = ["sessions = {}", "now=time.time()", "except:", "del self.sessions[key]"]
    right = [text for text in item.options if text in item.accepted]
    assert all(mark in lines_of(item, text) for mark, text in zip(marks, right, strict=True))


def test_review_of_a_price_list(item: Asked) -> None:
    listing = run(item.code)
    price, price_list = listing["Price"], listing["PriceList"]
    assert price(5, "EUR") == price(5, "EUR")
    assert price(5, "EUR") not in {price(5, "EUR"): "found"}
    assert price(5, "EUR") != "5 EUR"

    def list_after_an_import(use: str) -> weakref.ref:
        prices = price_list({"pen": price(5, "EUR")})
        assert prices.lookup("pen") if use == "lookup" else prices.currencies
        return weakref.ref(prices)

    kept, freed = list_after_an_import("lookup"), list_after_an_import("currencies")
    gc.collect()
    assert kept() is not None
    assert freed() is None
    lock = threading.Lock()
    with pytest.raises(ValueError, match="bad"), price_list({}).locked(lock):
        raise ValueError("bad")
    assert lock.locked()
    marks = ["return id(self)", "lru_cache", "lock.release()"]
    right = [text for text in item.options if text in item.accepted]
    assert all(mark in lines_of(item, text) for mark, text in zip(marks, right, strict=True))
