"""The mark that decides what runs on every database."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import SimpleTestCase, TestCase

from questions.tests import database_mark
from questions.tests.database_mark import may_meet_database

PURE = "from questions import types\n"


def item(folder: Path, source: str = PURE, marks: tuple[str, ...] = (), **fields) -> SimpleNamespace:
    """A test as pytest collects it, in a file with that source."""
    path = folder / "test_something.py"
    path.write_text(source)
    database_mark.knows_a_way.cache_clear()
    found = {"fixturenames": ["client", "tmp_path"], "cls": None, "path": path, "nodeid": "test_something"} | fields
    return SimpleNamespace(**found, get_closest_marker=lambda name: name if name in marks else None)


def test_it_is_given_for_a_mark_and_for_every_fixture_that_opens_one(tmp_path: Path) -> None:
    assert may_meet_database(item(tmp_path, marks=("django_db",)))
    for name in database_mark.OPENERS:
        assert may_meet_database(item(tmp_path, fixturenames=["request", name]))
    assert may_meet_database(item(tmp_path, cls=TestCase))


@pytest.mark.parametrize(
    "source",
    [
        "from django.db import IntegrityError, connection\n",
        "from django.db import connections\n",
        "from django import db\ndb.connection.vendor\n",
        "def test_it(request):\n    request.getfixturevalue('db')\n",
        "def test_it(django_db_blocker): ...\n",
        "run(tmp_path, 'prepare', DATABASE_URL=url)\n",
        "settings.DATABASES\n",
        "import psycopg\n",
    ],
)
def test_it_is_given_for_a_file_that_knows_another_way(tmp_path: Path, source: str) -> None:
    assert may_meet_database(item(tmp_path, source))


def test_what_has_none_of_these_goes_without(tmp_path: Path) -> None:
    assert not may_meet_database(item(tmp_path))
    assert not may_meet_database(item(tmp_path, cls=SimpleTestCase))


def test_checks_of_the_bank_go_without_since_they_ask_about_libraries(tmp_path: Path) -> None:
    assert not may_meet_database(
        item(tmp_path, marks=("django_db",), path=database_mark.BANK / "orm" / "test_claims.py")
    )
    assert may_meet_database(item(tmp_path, marks=("django_db",), path=database_mark.BANK / "test_pictures.py"))


def test_without_it_no_fixture_opens_the_database(tmp_path: Path) -> None:
    opener, other = SimpleNamespace(argname="db"), SimpleNamespace(argname="rf")
    marked, plain = (SimpleNamespace(_pyfuncitem=item(tmp_path, marks=marks)) for marks in (("database",), ()))
    database_mark.pytest_fixture_setup(opener, marked)
    database_mark.pytest_fixture_setup(other, plain)
    with pytest.raises(pytest.fail.Exception, match="has no mark"):
        database_mark.pytest_fixture_setup(opener, plain)


def test_this_run_has_it_where_the_database_is_set_up_and_nowhere_else(request: pytest.FixtureRequest) -> None:
    for each in request.session.items:
        names = {*getattr(each, "fixturenames", ()), *(mark.name for mark in each.iter_markers())}
        if database_mark.is_bank_check(each.path):
            assert not each.get_closest_marker("database"), each.nodeid
        elif names & {"db", "transactional_db", "live_server", "django_db"}:
            assert each.get_closest_marker("database"), each.nodeid
        elif each.path.parent.name in ("types", "content"):
            assert not each.get_closest_marker("database"), each.nodeid
