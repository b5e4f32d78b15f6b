"""What the model answers of the open questions rest on is run, question by question."""

import math
import sqlite3
import threading
from datetime import datetime
from unittest.mock import create_autospec
from zoneinfo import ZoneInfo

import psycopg
import pytest

from questions.tests.bank.content import postgresql_schema

# what-to-replace-in-a-checkout-test


def test_an_autospec_refuses_wrong_names_and_wrong_arguments() -> None:
    class Payments:
        def charge(self, amount: int, token: str) -> None: ...

    payments = create_autospec(Payments, instance=True)
    payments.charge(40, "card")
    with pytest.raises(TypeError):
        payments.charge(40)
    with pytest.raises(AttributeError):
        payments.pay(40)


# three-percent-of-runs-fail


def test_halving_500_tests_takes_nine_runs() -> None:
    assert math.ceil(math.log2(500)) == 9


# renewals-on-the-thirty-first


def test_the_day_differs_between_auckland_and_utc() -> None:
    renewal = datetime(2026, 3, 1, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert renewal.astimezone(ZoneInfo("UTC")).date().isoformat() == "2026-02-28"


def test_midnight_does_not_exist_on_one_day_in_some_zones() -> None:
    zone, utc = ZoneInfo("America/Santiago"), ZoneInfo("UTC")

    def exists(midnight: datetime) -> bool:
        return midnight.astimezone(utc).astimezone(zone).replace(fold=0) == midnight

    days = [datetime(2024, 9, day, tzinfo=zone) for day in range(1, 31)]
    assert [day.day for day in days if not exists(day)] == [8]


# a-race-in-a-test


def test_withdrawing_too_much_shows_whether_the_row_is_locked_before_the_check() -> None:
    with postgresql_schema() as connect:
        holder, other = connect(), connect(autocommit=True)
        holder.execute("CREATE TABLE account (id integer PRIMARY KEY, balance integer)")
        holder.execute("INSERT INTO account VALUES (1, 60)")
        holder.commit()
        holder.execute("SELECT balance FROM account WHERE id = 1 FOR UPDATE")
        other.execute("SET lock_timeout = '10ms'")

        def withdraw(amount: int, lock: str) -> str:
            (balance,) = other.execute(f"SELECT balance FROM account WHERE id = 1 {lock}").fetchone()  # type: ignore
            if balance < amount:
                return "not enough money"
            other.execute("UPDATE account SET balance = balance - %s WHERE id = 1", [amount])
            return "paid"

        with pytest.raises(psycopg.errors.LockNotAvailable):
            withdraw(100, "FOR UPDATE")
        assert withdraw(100, "") == "not enough money"
        with pytest.raises(psycopg.errors.LockNotAvailable):  # at the update, so it would not show the missing lock
            withdraw(50, "")


def test_a_barrier_whose_time_is_up_breaks_for_both_threads() -> None:
    barrier = threading.Barrier(2)
    for limit in (0.001, 5):
        with pytest.raises(threading.BrokenBarrierError):
            barrier.wait(limit)


def test_a_condition_in_the_update_leaves_no_gap() -> None:
    with postgresql_schema() as connect:
        connection = connect(autocommit=True)
        connection.execute("CREATE TABLE account (id integer PRIMARY KEY, balance integer)")
        connection.execute("INSERT INTO account VALUES (1, 60)")
        withdraw = "UPDATE account SET balance = balance - 50 WHERE id = 1 AND balance >= 50"
        assert [connection.execute(withdraw).rowcount for _ in range(2)] == [1, 0]


# fast-tests-on-the-wrong-database


def test_a_rollback_takes_back_the_key_on_sqlite_and_not_on_postgresql() -> None:
    def second_key(connection, key: str):
        connection.execute(f"CREATE TABLE orders (id {key}, total integer)")
        connection.commit()
        connection.execute("INSERT INTO orders (total) VALUES (40)")
        connection.rollback()
        connection.execute("INSERT INTO orders (total) VALUES (40)")
        return connection.execute("SELECT id FROM orders").fetchone()[0]

    connection = sqlite3.connect(":memory:")
    assert second_key(connection, "integer PRIMARY KEY AUTOINCREMENT") == 1  # as Django makes it
    connection.close()
    with postgresql_schema() as connect:
        assert second_key(connect(), "serial PRIMARY KEY") == 2


def test_an_error_aborts_the_transaction_on_postgresql() -> None:
    with postgresql_schema() as connect:
        connection = connect()
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.execute("SELECT 1")
