"""What questions claim about pytest is run by pytest itself, in this process, on the files of the listing.

One test for each question, named after its slug.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
import warnings
from pathlib import Path
from unittest.mock import patch

import pytest

from questions.tests.bank.content import run

PLUGINS_OFF = ["terminal", "cacheprovider", "faulthandler", "unraisableexception", "threadexception", "warnings"]


class Reports:
    """A pytest plugin that notes the outcome of each test, by its name."""

    def __init__(self):
        self.outcomes = {}

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.rpartition("::")[2]
        if report.failed:
            self.outcomes[name] = "failed" if report.when == "call" else "error"
        elif report.when == "call":
            self.outcomes[name] = "passed"


def reported(code, *selected):
    """Run pytest on the files of the code, each below a line `# name.py`; return (outcomes by test, the output)."""
    reports, known = Reports(), set(sys.modules)
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(io.StringIO()) as output,
        warnings.catch_warnings(action="ignore"),
        patch.dict(os.environ, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}),
        patch.object(sys, "path", [*sys.path]),
    ):
        _, *parts = re.split(r"^# (\w+\.py)\n", code, flags=re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            Path(folder, name).write_text(text)
        options = ["-s", "--assert=plain", f"--rootdir={folder}", *(f"-pno:{name}" for name in PLUGINS_OFF)]
        pytest.main([*options, *(f"{folder}/{one}" for one in selected or [""])], plugins=[reports])
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]
    return reports.outcomes, output.getvalue()


def test_patched_where_it_is_defined(item):
    assert reported(item.code)[0] == {"test_total": "failed"}
    _, total = reported(item.code.replace("assert shipping.total(2) == 11", "print(shipping.total(2))"))
    assert item.stating(total.strip()) == {item.key}
    assert reported(item.code.replace('"rates.quote"', '"shipping.quote"'))[0] == {"test_total": "passed"}


def test_fixture_that_fails_halfway(item):
    outcomes, _ = reported(item.code)
    assert list(outcomes) == ["test_export", "test_is_clean"]
    assert item.stating(*outcomes.values()) == {item.key}
    assert reported(item.code.replace('raise OSError("no samples")', "pass"))[0] == {
        "test_export": "passed",
        "test_is_clean": "passed",
    }


def test_fixtures_of_two_scopes(item):
    outcomes, output = reported(item.code)
    assert outcomes == {"test_login": "passed"}
    assert output.splitlines() == item.options
    assert reported(item.code.replace("(user, server)", "(server, user)"))[1] == output


def test_rate_kept_in_a_cache(item):
    orders = [["test_default", "test_reduced"], ["test_reduced", "test_default"]]

    def passes(code):
        """Whether both tests pass, in either order."""
        found = (reported(code, *(f"test_vat.py::{name}" for name in order))[0] for order in orders)
        return all(set(outcomes.values()) == {"passed"} for outcomes in found)

    def with_fixture(line):
        fixture = f"import pytest\n\n\n@pytest.fixture(autouse=True)\ndef clean(monkeypatch):\n    {line}\n"
        return f"{item.code.rstrip()}\n\n\n{fixture}"

    for name in orders[0]:
        assert reported(item.code, f"test_vat.py::{name}")[0] == {name: "passed"}
    additions = {
        "cache_clear": with_fixture("vat.rate.cache_clear()"),
        "delenv": with_fixture('monkeypatch.delenv("VAT", raising=False)'),
        "undo": f"{item.code.rstrip()}\n    monkeypatch.undo()\n",
        "moved above": item.code,  # `passes` tries this order as well
    }
    helping = {text for text in item.options for word, code in additions.items() if word in text and passes(code)}
    assert helping == {item.key}


def test_assertion_behind_the_exception(item):
    listing = run(item.code)
    listing["test_a_refused_withdrawal"]()  # it passes
    account = {"balance": 100}
    with pytest.raises(ValueError, match="not enough"):
        listing["withdraw"](account, 500)
    assert account == {"balance": -400}
    mended = item.code.replace("        assert account", "    assert account")
    with pytest.raises(AssertionError):
        run(mended)["test_a_refused_withdrawal"]()
    assert item.key == "False"


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
    assert [texts[number - 1].strip().split("(")[0] for number in (10, 27, 33, 38)] == [
        "@pytest.fixture",
        'assert "gold" not in cart.items',
        "time.sleep",
        "assert cart.invoice",
    ]
    assert item.accepted == {"10", "27", "33", "38"}


def test_log_of_four_workers(item):
    log = item.code.splitlines()
    failure = next(number for number, line in enumerate(log, 1) if "FAIL" in line)
    by_path: dict = {}
    for number, line in enumerate(log[:failure], 1):
        if found := re.search(r"(gw\d) (?:write|read) (\S+)", line):
            by_path.setdefault(found[2], []).append((number, found[1]))
    (shared,) = [events for events in by_path.values() if len({worker for _, worker in events}) > 1]
    assert {str(number) for number, _ in shared} == item.accepted
