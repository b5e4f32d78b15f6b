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
