"""Checks of the two items "find the lines" of the topic Testing.

`reported` is in questions/tests/bank/testing/test_claims_pytest.py; `lines` are the choices that earn something.
"""

import re

from questions.tests.bank.testing.test_claims_pytest import reported

SHOP = """# shop.py
import threading
from datetime import date
from types import SimpleNamespace


class SoldOut(Exception): ...


class Cart:
    def __init__(self, items):
        self.items = items

    def add(self, name):
        self.items.append(name)
        if name == "gold":
            raise SoldOut  # too late: it is in the cart

    def invoice(self, day):
        return SimpleNamespace(due=date(day.year + day.month // 12, day.month % 12 + 1, 1))


go_on = threading.Event()


def start_export(on_done):
    threading.Thread(target=lambda: go_on.wait(5) and on_done(), daemon=True).start()


"""


def module(code):
    """The files that pytest runs; the wait is short, as the thread is slower in any case."""
    return f"{SHOP}# test_review.py\n{code.replace('time.sleep(0.1)', 'time.sleep(0.001)')}\n"


DECEMBER = """

@pytest.fixture(autouse=True)
def december(monkeypatch):
    import datetime

    class Date(datetime.date):
        @classmethod
        def today(cls):
            return cls(2026, 12, 5)

    monkeypatch.setattr("test_review.date", Date)
"""


def test_review_of_a_test_module(item):
    def outcome(code, *names):
        return reported(module(code), *(f"test_review.py::{name}" for name in names))[0]

    assert outcome(item.code, "test_new_cart") == {"test_new_cart": "passed"}
    assert outcome(item.code, "test_add", "test_new_cart") == {"test_add": "passed", "test_new_cart": "failed"}
    own = item.code.replace('(scope="module")', "")
    assert outcome(own, "test_add", "test_new_cart") == {"test_add": "passed", "test_new_cart": "passed"}
    assert outcome(own, "test_sold_out") == {"test_sold_out": "passed"}  # although the cart has gold in it
    mended = own.replace('        assert "gold"', '    assert "gold"')
    assert outcome(mended, "test_sold_out") == {"test_sold_out": "failed"}
    assert outcome(own, "test_export") == {"test_export": "failed"}  # a thread that takes longer than the sleep
    assert outcome(own + DECEMBER, "test_invoice_is_due_next_month") == {"test_invoice_is_due_next_month": "failed"}
    assert outcome(own + DECEMBER.replace("12, 5", "11, 5"), "test_invoice_is_due_next_month") == {
        "test_invoice_is_due_next_month": "passed"
    }
    texts = item.code.splitlines()
    assert [texts[number - 1].strip().split("(")[0] for number in (10, 27, 33, 38, 39)] == [
        "@pytest.fixture",
        'assert "gold" not in cart.items',
        "time.sleep",
        "due = cart.invoice",
        "assert due.month == date.today",
    ]


def test_log_of_four_workers(item):
    log = item.code.splitlines()
    failure = next(number for number, line in enumerate(log, 1) if "FAIL" in line)
    by_path = {}
    for number, line in enumerate(log[:failure], 1):
        if found := re.search(r"(gw\d) (?:write|read) (\S+)", line):
            by_path.setdefault(found[2], []).append((number, found[1]))
    (shared,) = [events for events in by_path.values() if len({worker for _, worker in events}) > 1]
    assert {str(number) for number, _ in shared} == item.accepted
