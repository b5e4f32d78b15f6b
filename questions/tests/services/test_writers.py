"""Whose turn it is to write."""

from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, transaction

from questions.services.writers import in_turn


def met(*, inside: bool) -> bool:
    """Whether two threads are in the verb at once, called inside a transaction or outside of one."""
    both, found = Barrier(2, timeout=0.5), []

    @in_turn
    def write() -> None:
        try:
            both.wait()
            found.append(True)
        except BrokenBarrierError:
            found.append(False)

    def call() -> None:
        try:
            if inside:
                connection.in_atomic_block = True  # as `atomic` says it, without the lock of the database
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
def test_on_sqlite_threads_take_turns() -> None:
    assert met(inside=False) == (connection.vendor != "sqlite")


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nobody_waits() -> None:
    assert met(inside=True)


@pytest.mark.django_db(transaction=True)
def test_a_verb_in_another_does_not_wait_for_itself() -> None:
    inner = in_turn(lambda: "written")
    assert in_turn(transaction.atomic(inner))() == "written"
