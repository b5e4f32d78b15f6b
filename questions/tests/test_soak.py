"""Short version of `make soak`: a small crowd takes exams on the real server while faults are injected."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from soak import writers
from soak.candidates import Crowd
from soak.faults import CLOCK, COMMON, FAULTS, run, supervisor_killed, worker_killed
from soak.sites import Database, SQLite, postgresql, prepare

MAY_GO_UNNOTICED = (*CLOCK.values(), supervisor_killed, worker_killed)
CROWD = Crowd(candidates=10, questions=6, begin_within=0.5, think=(0.0, 0.2))
# What these stop or change is on this side of the database: `make test` tests them with SQLite.
OF_THE_SERVER = {*COMMON, *CLOCK}
ELSEWHERE = [pytest.mark.one_database, pytest.mark.slow]
ENGINE = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


@pytest.fixture(scope="module")
def site(request) -> Iterator[tuple[Path, Database]]:
    """A prepared site for faults; on PostgreSQL with a server of its own, which is restarted."""
    if ENGINE == "SQLite":
        folder = request.getfixturevalue("prepared_site")
        yield folder, SQLite(folder)
        return
    folder = request.getfixturevalue("tmp_path_factory").mktemp("site")
    with postgresql() as server:
        prepare(folder, server)
        yield folder, server


@pytest.mark.one_database
@pytest.mark.slow
def test_load_loses_no_answer_and_causes_no_error(site):
    verdict = run("load", site[0], site[1], CROWD)
    assert verdict.is_undisturbed, verdict
    assert verdict.acknowledged >= CROWD.candidates * CROWD.questions


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            fault, id=name, marks=[pytest.mark.one_database, pytest.mark.slow] if name in OF_THE_SERVER else []
        )
        for name, fault in FAULTS[ENGINE].items()
    ],
)
def test_fault_loses_no_acknowledged_answer_and_reports_the_rest(site, fault):
    verdict = run("fault", site[0], site[1], CROWD, fault)
    assert verdict.keeps_all, verdict
    # The other faults wait for their own effect; the crowd may finish before it notices one of these.
    assert verdict.unavailable or verdict.disconnected or verdict.refused or fault in MAY_GO_UNNOTICED, (
        "nothing happened"
    )


@pytest.mark.skipif(ENGINE != "SQLite", reason="asks about SQLite's locks")
def test_concurrent_writers_wait_instead_of_failing(prepared_site):
    verdict = writers.measure("ours", prepared_site, seconds=2)
    assert verdict.keeps_all, verdict
    assert verdict.disconnected == 0
