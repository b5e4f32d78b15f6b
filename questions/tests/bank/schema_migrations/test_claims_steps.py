"""What questions claim about single schema changes and about their order is run on PostgreSQL.

One test for each question, named after its slug.
"""

import itertools
import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from questions.tests.bank.content import Asked, postgresql_schema


def value(session: psycopg.Connection[Any], query: str) -> Any:
    """The one value that the query returns."""
    (row,) = session.execute(query).fetchall()
    return row[0]


def test_which_statements_rewrite(item: Asked) -> None:
    rewriting = set()
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        session.execute("CREATE TABLE orders (quantity integer, email varchar(100), fax text)")
        session.execute("INSERT INTO orders VALUES (1, 'eve@example.com', '1')")
        for option in item.options:
            before = value(session, "SELECT pg_relation_filenode('orders')")
            session.execute("ALTER TABLE orders " + option.strip("`"))
            if value(session, "SELECT pg_relation_filenode('orders')") != before:
                rewriting.add(option)
    assert rewriting == item.accepted


def test_rerun_of_a_concurrent_index(item: Asked) -> None:
    build = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email)"
    with postgresql_schema() as connect:
        session, notices = connect(autocommit=True), []
        session.add_notice_handler(lambda notice: notices.append(notice.message_primary))
        session.execute("CREATE TABLE users (id int, email text)")
        session.execute("INSERT INTO users VALUES (1, 'eve@example.com'), (7071, 'eve@example.com')")

        with pytest.raises(psycopg.errors.UniqueViolation) as failed:
            session.execute(build)
        assert {failed.value.diag.message_primary, failed.value.diag.message_detail} <= {
            line.partition(":")[2].strip() for line in item.code.splitlines()
        }
        session.execute("DELETE FROM users WHERE id = 7071")
        session.execute(build)
        assert notices == ['relation "users_email" already exists, skipping']
        valid = value(session, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_email'::regclass")
        assert (not valid) is item.key.startswith("The first run left an invalid index")

        session.execute("SET enable_seqscan = off")
        plan = "EXPLAIN SELECT * FROM users WHERE email = 'eve@example.com'"
        session.execute("ANALYZE users")
        assert "Seq Scan" in str(session.execute(plan).fetchall())
        session.execute("REINDEX INDEX CONCURRENTLY users_email")
        assert "users_email" in str(session.execute(plan).fetchall())


def test_steps_of_a_rename(item: Asked) -> None:
    add, drop = "Add the column `full_name`", "Drop the column `name`"
    copy = "Copy `name` into `full_name` where the two differ"
    write_both = "Release code that writes both columns and reads `name`"
    read_new = "Release code that writes both columns and reads `full_name`"
    write_new = "Release code that reads and writes `full_name` only"
    releases = {  # the columns that a release writes, and the one that it reads
        "before": (["name"], "name"),
        write_both: (["name", "full_name"], "name"),
        read_new: (["name", "full_name"], "full_name"),
        write_new: (["full_name"], "full_name"),
    }
    statements = {
        add: "ALTER TABLE customers ADD COLUMN full_name",
        copy: "UPDATE customers SET full_name = name WHERE full_name IS NOT name",
        drop: "ALTER TABLE customers DROP COLUMN name",
    }

    def works(steps: Sequence[str]) -> bool:
        session = sqlite3.connect(":memory:")
        session.execute("CREATE TABLE customers (name)")
        session.execute("INSERT INTO customers VALUES ('Ada')")
        running = "before"
        try:
            for step in steps:
                if step in statements:
                    session.execute(statements[step])
                serving = {running, step} & releases.keys()  # two releases while one replaces the other
                running = step if step in releases else running
                for release in serving:
                    columns, _ = releases[release]
                    values = ", ".join("'Eve'" for _ in columns)
                    session.execute(f"INSERT INTO customers ({', '.join(columns)}) VALUES ({values})")
                for release in serving:
                    if (None,) in session.execute(f"SELECT {releases[release][1]} FROM customers"):
                        return False
        except sqlite3.OperationalError:
            return False
        finally:
            session.close()
        return True

    assert [list(steps) for steps in itertools.permutations(item.options) if works(steps)] == [item.options]


def test_not_null_in_small_steps(item: Asked) -> None:
    def works(steps: Sequence[str]) -> bool:
        notices: list[str] = []
        email = None
        with postgresql_schema() as connect:
            session = connect(autocommit=True)
            session.execute("CREATE TABLE users (id serial, city text, email text)")
            session.execute("INSERT INTO users (city) VALUES ('Bonn'), ('Kiel')")
            session.add_notice_handler(lambda notice: notices.append(str(notice.message_primary)))
            session.execute("SET client_min_messages = debug1")  # says whether a statement scans the table
            try:
                for step in steps:
                    notices.clear()
                    if step.startswith("Release"):
                        email = "eve@example.com"
                    elif step.startswith("Fill"):
                        session.execute("UPDATE users SET email = 'unknown' WHERE email IS NULL")
                    else:
                        session.execute(step.strip("`"))
                    if "VALIDATE" not in step and 'verifying table "users"' in notices:
                        return False
                    session.execute("INSERT INTO users (city, email) VALUES ('Ulm', %s)", [email])
                    session.execute("UPDATE users SET city = 'Ulm' WHERE id = 1")
            except psycopg.Error:
                return False
            return value(
                session, "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum = 3"
            )

    assert works(item.options)
    for n in range(len(item.options) - 1):
        swapped = list(item.options)
        swapped[n : n + 2] = reversed(swapped[n : n + 2])
        assert not works(swapped), swapped


def test_not_valid_and_an_old_row(item: Asked) -> None:
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        session.execute("CREATE TABLE users (id int, city text, email text)")
        session.execute("INSERT INTO users VALUES (7, 'Bonn', NULL)")
        session.execute("ALTER TABLE users ADD CONSTRAINT email_set CHECK (email IS NOT NULL) NOT VALID")
        try:
            session.execute("UPDATE users SET city = 'Ulm' WHERE id = 7")
            succeeds = True
        except psycopg.errors.CheckViolation:
            succeeds = False
    assert item.key == str(succeeds)


def test_safe_before_the_code(item: Asked) -> None:
    working = set()
    with postgresql_schema() as connect:
        session = connect()
        session.execute("CREATE TABLE orders (number varchar(20) NOT NULL, total int NOT NULL)")
        session.commit()
        for option in item.options:
            session.execute(option.strip("`"))
            try:
                session.execute(item.code)
                working.add(option)
            except psycopg.Error:
                pass
            session.rollback()
        assert working == item.accepted

        select = item.code.splitlines()[-1]
        session.execute(f"PREPARE orders_of_a_session AS {select}")  # ruled out by the stem, named in the feedback
        session.execute("ALTER TABLE orders ALTER COLUMN number TYPE varchar(40)")
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="cached plan must not change result type"):
            session.execute("EXECUTE orders_of_a_session")


def test_pause_for_the_replica(item: Asked) -> None:
    def lag_after_an_hour(pause: int) -> float:
        cycle = (150 + pause) / 1000
        return max(0, 1000 - 4000 * cycle) * 3600 / cycle

    assert item.key == str(min(pause for pause in range(1000) if lag_after_an_hour(pause) == 0))
    assert lag_after_an_hour(50) > 0


def test_messages_of_a_deploy(item: Asked) -> None:
    mistakes = {
        "The code was released before its migration": ["SELECT full_name FROM customers"],
        "A column was dropped while code still used it": [
            "ALTER TABLE customers DROP COLUMN fax",
            "SELECT customers.id, customers.fax FROM customers",
        ],
        "A required column has no default in the schema": [
            "ALTER TABLE customers ADD COLUMN points int NOT NULL",
            "INSERT INTO customers (id) VALUES (1)",
        ],
        "A migration without a transaction stopped halfway": [
            "ALTER TABLE customers ADD COLUMN note text",
            "ALTER TABLE customers ADD COLUMN note text",
        ],
    }
    with postgresql_schema() as connect:
        session = connect()
        session.execute("CREATE TABLE customers (id int, fax text)")
        session.commit()
        for text, match in item.pairs.items():
            *before, last = mistakes[match]
            for statement in before:
                session.execute(statement)
            with pytest.raises(psycopg.Error) as failed:
                session.execute(last)
            assert f"`{failed.value.diag.message_primary}`" in text
            session.rollback()
