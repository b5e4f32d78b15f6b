"""Threads of one process write to SQLite one after the other."""

from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, transaction

from questions.performance.sqlite_write_lock import serialized


def run_at_once(*, inside: bool, within: float) -> bool:
    """Return whether two threads run a serialized function at once, inside a transaction or outside of one."""
    both, found = Barrier(2, timeout=within), []

    @serialized
    def write() -> None:
        try:
            both.wait()
            found.append(True)
        except BrokenBarrierError:
            found.append(False)

    def call() -> None:
        try:
            if inside:
                connection.in_atomic_block = True  # as `atomic` sets it, without the database's lock
            write()
        finally:
            connection.in_atomic_block = False
            connection.close()

    threads = [Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return any(found)


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_one_thread_runs_at_a_time() -> None:
    one_by_one = connection.vendor == "sqlite"
    assert run_at_once(inside=False, within=0.5 if one_by_one else 20) == (not one_by_one)


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_not_taken_inside_a_transaction() -> None:
    assert run_at_once(inside=True, within=20)


@pytest.mark.django_db(transaction=True)
def test_a_serialized_function_can_call_another() -> None:
    inner = serialized(lambda: "written")
    assert serialized(transaction.atomic(inner))() == "written"
