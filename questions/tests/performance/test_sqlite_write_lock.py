"""Process-wide SQLite write lock."""

from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, transaction

from questions.performance.sqlite_write_lock import serialized


def met(*, inside: bool, within: float) -> bool:
    """Return whether two threads run the service at the same time, called inside or outside a transaction."""
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
                connection.in_atomic_block = True  # as within `atomic`, but without a database lock
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
def test_sqlite_writes_are_serialized() -> None:
    takes_turns = connection.vendor == "sqlite"
    assert met(inside=False, within=0.5 if takes_turns else 20) == (not takes_turns)


@pytest.mark.django_db(transaction=True)
def test_call_inside_a_transaction_does_not_wait() -> None:
    assert met(inside=True, within=20)


@pytest.mark.django_db(transaction=True)
def test_nested_call_does_not_wait_for_itself() -> None:
    inner = serialized(lambda: "written")
    assert serialized(transaction.atomic(inner))() == "written"
