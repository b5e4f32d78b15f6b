"""Marks each test that may meet the database: `make test-database` runs those alone, on any database.

What a test without the mark finds is the same on every database, so it runs once, with `make test`. The mark is given
by what a test asks for, never by hand, and in doubt it is given. A test without it is refused the database: the ORM by
pytest-django, a fixture that opens it by the last hook of this module. A test that compares pages with each other can
say by hand that it finds the same on every database: `one_database`.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.test import TransactionTestCase

TESTS = Path(__file__).parent
BANK = TESTS / "bank"
# Fixtures that open the database, or name another one.
OPENERS = frozenset(
    {
        *("db", "transactional_db", "django_db_setup", "django_db_serialized_rollback", "django_db_reset_sequences"),
        *("live_server", "admin_user", "admin_client", "place"),
    }
)
# Django's connection, its settings, and ways to a database that do not show among a test's fixtures.
WAYS = re.compile(
    r"import [^\n]*\bconnections?\b|\bdb\.connections?\b|\bDATABASES\b|\bDATABASE_URL\b"
    r"|\bgetfixturevalue\b|\bdjango_db_blocker\b|\bpsycopg\b"
)
ONE_PAGE, ONE_DATABASE = "one page", "one database"
left_out = pytest.StashKey[Counter[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives the mark before `-m` asks for it."""
    for item in items:
        if may_meet_database(item):
            item.add_marker(pytest.mark.database)


def may_meet_database(item: pytest.Item) -> bool:
    """Whether the test has the mark of pytest-django or a fixture that opens a database, is a test case of Django, or
    stands in a file that knows another way there. Checks of the bank bring their own databases."""
    if is_bank_check(item.path):
        return False
    names, cls = getattr(item, "fixturenames", ()), getattr(item, "cls", None)
    return bool(
        item.get_closest_marker("django_db")
        or OPENERS.intersection(names)
        or (cls and issubclass(cls, TransactionTestCase))
        or knows_a_way(item.path)
    )


def is_bank_check(path: Path) -> bool:
    """Whether the file has checks of a topic of the question bank."""
    return path.parent.parent == BANK


@cache
def knows_a_way(path: Path) -> bool:
    """Whether the source of the file names a way to a database."""
    return bool(WAYS.search(path.read_text()))


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Counts by folder what is not run for want of the mark, and what a browser does in one page at a time."""
    for item in items:
        if not item.get_closest_marker("database"):
            reason = item.path.relative_to(TESTS).parts[0].removesuffix(".py")
        elif item.get_closest_marker("browser") and not item.get_closest_marker("concurrent"):
            reason = ONE_PAGE
        elif item.get_closest_marker("one_database"):
            reason = ONE_DATABASE
        else:
            continue
        item.config.stash.setdefault(left_out, Counter())[reason] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tells the process that started this worker, if one did."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash.get(left_out, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Takes what a worker has counted; each of them has been given the same tests."""
    node.config.stash[left_out] = Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Says how many tests `-m database...` has left out, and why."""
    counted = Counter(config.stash.get(left_out, {}))
    if not config.getoption("markexpr").startswith("database"):
        return
    if pages := counted.pop(ONE_PAGE, 0):
        terminalreporter.write_line(f"Left out: {pages} tests in the browser that open one page at a time")
    if same := counted.pop(ONE_DATABASE, 0):
        terminalreporter.write_line(f"Left out: {same} tests that find the same on every database")
    folders = ", ".join(f"{folder} {count}" for folder, count in counted.most_common())
    terminalreporter.write_line(f"Left out: {counted.total()} tests that never meet the database ({folders})")


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request: pytest.FixtureRequest) -> None:
    """Fails a test that comes to the database in a way that this module has overlooked."""
    item = getattr(request, "_pyfuncitem", None)
    if (
        item is not None
        and not is_bank_check(item.path)
        and fixturedef.argname in OPENERS
        and not item.get_closest_marker("database")
    ):
        pytest.fail(f"{item.nodeid} opens the database, but has no mark for it: see {__name__}")
