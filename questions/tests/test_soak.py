"""What `make soak` runs at length, in short: a small crowd takes exams on the real server while something breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from soak import writers
from soak.candidates import Crowd
from soak.faults import CLOCK, FAULTS, run, supervisor_killed, worker_killed
from soak.sites import Database, SQLite, postgresql, prepare

UNMET = (*CLOCK.values(), supervisor_killed, worker_killed)
CROWD = Crowd(candidates=10, questions=6, begin_within=0.5, think=(0.0, 0.2))
ENGINE = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


@pytest.fixture(scope="module")
def site(request) -> Iterator[tuple[Path, Database]]:
    """A prepared site whose database may be broken: on PostgreSQL a server of its own, since it is restarted."""
    if ENGINE == "SQLite":
        folder = request.getfixturevalue("prepared_site")
        yield folder, SQLite(folder)
        return
    folder = request.getfixturevalue("tmp_path_factory").mktemp("site")
    with postgresql() as server:
        prepare(folder, server)
        yield folder, server


def test_a_crowd_loses_nothing_and_meets_no_error(site):
    verdict = run("load", site[0], site[1], CROWD)
    assert verdict.is_undisturbed, verdict
    assert verdict.acknowledged >= CROWD.candidates * CROWD.questions


@pytest.mark.parametrize("fault", FAULTS[ENGINE].values(), ids=FAULTS[ENGINE])
def test_what_was_acknowledged_stays_and_the_rest_is_told(site, fault):
    verdict = run("fault", site[0], site[1], CROWD, fault)
    assert verdict.keeps_all, verdict
    # The others wait for what they do themselves; a crowd may be done before it meets that.
    assert verdict.unavailable or verdict.disconnected or verdict.refused or fault in UNMET, "nothing happened"


@pytest.mark.skipif(ENGINE != "SQLite", reason="asks about SQLite's locks")
def test_many_writers_wait_for_each_other_instead_of_failing(prepared_site):
    verdict = writers.measure("ours", prepared_site, seconds=2)
    assert verdict.keeps_all, verdict
    assert verdict.disconnected == 0
