"""What questions claim about locks on PostgreSQL is tried with several connections.

One test for each question, named after its slug.
"""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from questions.tests.bank.content import Asked, django_on_postgresql, postgresql_schema

READ = "SELECT id FROM orders"
WRITE = "INSERT INTO orders (id) VALUES (8)"


def waits(session: psycopg.Connection[Any], *statements: str) -> bool:
    """Whether a statement of another session has to wait for a lock; nothing that it does is kept."""
    session.execute("SET lock_timeout = '15ms'")
    try:
        with session.transaction(force_rollback=True):
            for statement in statements:
                session.execute(statement)
    except psycopg.errors.LockNotAvailable:
        return True
    return False


def started(threads: ThreadPoolExecutor, session: psycopg.Connection[Any], statement: str) -> Future[Any]:
    """The statement, running in a thread; it ends by itself if the check fails."""
    session.execute("SET statement_timeout = '5s'")
    return threads.submit(session.execute, statement)


def until_it_waits(observer: psycopg.Connection[Any], waiting: psycopg.Connection[Any], running: Future[Any]) -> None:
    """Return once this session waits for a lock; fail if its statement ends before that."""
    query = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
    while observer.execute(query, [waiting.info.backend_pid]).fetchone() != (True,):
        assert not running.done()


def test_add_column_behind_a_report(item: Asked) -> None:
    with postgresql_schema() as connect, ThreadPoolExecutor() as threads:
        report, migration, request = connect(), connect(autocommit=True), connect(autocommit=True)
        request.execute("CREATE TABLE orders (id int)")
        report.execute(READ)
        assert not waits(request, READ, WRITE)

        altering = started(threads, migration, "ALTER TABLE orders ADD COLUMN note text")
        until_it_waits(request, migration, altering)
        assert waits(request, READ) is item.key.startswith("They wait")

        report.commit()
        altering.result()
        assert not waits(request, READ, WRITE)


def test_give_up_waiting_not_working(item: Asked) -> None:
    def gives_up_and_lets_scan(setting: str) -> bool:
        migration.execute("SET " + setting.strip("`").replace("2s", "10ms"))
        holder.execute("LOCK TABLE orders")
        attempt = threads.submit(migration.execute, "LOCK TABLE orders")
        try:
            gave_up = isinstance(attempt.exception(timeout=0.3), psycopg.Error)
        except TimeoutError:
            gave_up = False
        holder.commit()
        attempt.exception()
        if migration.broken:  # the setting has ended the session, not the statement
            return False
        migration.rollback()
        if gave_up:
            migration.execute("SET " + setting.strip("`").replace("2s", "10ms"))
            try:
                migration.execute("SELECT pg_sleep(0.02)")
            except psycopg.errors.QueryCanceled:
                migration.rollback()
                return False
        return gave_up

    with postgresql_schema() as connect, ThreadPoolExecutor() as threads:
        holder = connect()
        holder.execute("CREATE TABLE orders (id int)")
        holder.commit()
        working = set()
        for option in item.options:
            migration = connect()
            if gives_up_and_lets_scan(option):
                working.add(option)
    assert working == {item.key}


def test_what_each_statement_blocks(item: Asked) -> None:
    def seen(session: psycopg.Connection[Any]) -> str:
        if waits(session, READ):
            return "Reads and writes wait"
        return "Only writes wait" if waits(session, WRITE) else "Reads and writes continue"

    with postgresql_schema() as connect, ThreadPoolExecutor() as threads:
        migration, request, builder = connect(), connect(autocommit=True), connect(autocommit=True)
        request.execute("CREATE TABLE customers (id int PRIMARY KEY)")
        request.execute("CREATE TABLE orders (id int, total int, customer_id int)")
        request.execute("ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID")
        for statement, outcome in item.pairs.items():
            if "CONCURRENTLY" in statement:
                migration.execute(WRITE)  # a transaction that the build has to wait for
                building = started(threads, builder, statement.strip("`"))
                until_it_waits(request, builder, building)
                assert seen(request) == outcome
                migration.rollback()
                building.result()
            else:
                migration.execute(statement.strip("`"))
                assert seen(request) == outcome
                migration.rollback()


def test_validate_in_the_same_transaction(item: Asked) -> None:
    two = [re.sub(r"\s+", " ", part).strip() for part in item.code.split(";")[1:3]]
    changed = {
        "Commit": [two[0], "COMMIT", two[1]],
        "Make": [two[0].replace(" NOT VALID", " DEFERRABLE INITIALLY DEFERRED NOT VALID"), two[1]],
        "Set": [two[0], "SET lock_timeout = '2s'", two[1]],
        "Replace": [two[0].replace(" NOT VALID", "")],
    }

    def writes_go_on(statements: list[str]) -> bool:
        with postgresql_schema() as connect:
            migration, request = connect(), connect(autocommit=True)
            request.execute("CREATE TABLE orders (id int PRIMARY KEY)")
            request.execute("CREATE TABLE payments (id int, order_id int)")
            for statement in statements:
                migration.execute(statement)
            return not waits(request, "INSERT INTO payments (id) VALUES (1)") and not waits(request, WRITE)

    assert not writes_go_on(two)
    assert {option for option in item.options if writes_go_on(changed[option.split()[0]])} == {item.key}


def test_one_transaction_two_locks(item: Asked) -> None:
    added = migrations.AddField("order", "status", models.CharField(max_length=20, default="new"))
    index = migrations.AddIndex("order", models.Index(fields=["status"], name="order_status_idx"))
    create = migrations.CreateModel("Order", [("id", models.AutoField(primary_key=True))])
    shown = type("Shown", (migrations.Migration,), {"operations": [added, index]})("0002", "shop")
    with django_on_postgresql() as (connection, connect):
        state = ProjectState()
        create.state_forwards("shop", state)
        with connection.schema_editor() as editor:
            create.database_forwards("shop", editor, ProjectState(), state)
        with connection.schema_editor(collect_sql=True) as editor:
            shown.apply(state, editor, collect_sql=True)
        assert ["BEGIN;", *editor.collected_sql, "COMMIT;"] == item.code.splitlines()

        migration, request = connect(), connect(autocommit=True)
        for statement in editor.collected_sql:
            migration.execute(statement)
        assert waits(request, 'SELECT id FROM "shop_order"') is item.key.startswith("Neither")
        migration.rollback()
        migration.execute('CREATE INDEX alone ON "shop_order" (id)')
        assert not waits(request, 'SELECT id FROM "shop_order"')


def test_concurrent_index_never_finishes(item: Asked) -> None:
    with postgresql_schema() as connect, ThreadPoolExecutor() as threads:
        observer = connect(autocommit=True)
        observer.execute("CREATE TABLE invoices (id int)")
        observer.execute("CREATE TABLE orders (id int, number text)")
        sessions = {"`387`": connect(), "`392`": connect(), "`455`": connect()}
        sessions["`387`"].isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for session in sessions.values():
            session.execute("SELECT count(*) FROM invoices")
        sessions["`455`"].commit()
        numbers = {session.info.backend_pid: name for name, session in sessions.items()}
        held = "SELECT pid FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid = ANY(%s)"
        assert [numbers[pid] for (pid,) in observer.execute(held, [list(numbers)])] == [item.key]

        builder = connect(autocommit=True)
        building = started(threads, builder, "CREATE INDEX CONCURRENTLY ON orders (number)")
        until_it_waits(observer, builder, building)
        newer = connect()
        newer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        newer.execute("SELECT count(*) FROM invoices")  # as session 421, a snapshot taken after the build's
        seen = "SELECT wait_event, backend_xmin, pg_blocking_pids(pid) FROM pg_stat_activity WHERE pid = %s"
        event, xmin, blocking = observer.execute(seen, [builder.info.backend_pid]).fetchone() or ("", 0, [])
        assert (event, xmin, [numbers[pid] for pid in blocking]) == ("virtualxid", None, [item.key])
        sessions["`387`"].commit()
        building.result(timeout=5)


def test_unique_without_blocking_writes(item: Asked) -> None:
    with postgresql_schema() as connect, ThreadPoolExecutor() as threads:
        migration, request, writer = connect(autocommit=True), connect(autocommit=True), connect()
        request.execute("CREATE TABLE users (id int, email text)")
        working = set()
        for option in item.options:
            build, *rest = [part for part in option.split("`")[1::2] if not part.startswith("SET")]
            if "CONCURRENTLY" in build:
                writer.execute("INSERT INTO users VALUES (1, 'a')")  # makes the build wait
                building = started(threads, migration, build)
                until_it_waits(request, migration, building)
                if not waits(request, "INSERT INTO users VALUES (2, 'b')"):
                    working.add(option)
                writer.commit()
                building.result()
                migration.execute(rest[0])
                with pytest.raises(psycopg.errors.UniqueViolation):
                    request.execute("INSERT INTO users VALUES (3, 'a')")
                request.execute("ALTER TABLE users DROP CONSTRAINT users_email")
            elif "NOT VALID" in build:
                with pytest.raises(psycopg.errors.FeatureNotSupported):
                    migration.execute(build)
            else:
                with migration.transaction(force_rollback=True):
                    migration.execute(build)
                    assert waits(request, "INSERT INTO users VALUES (2, 'b')")
        assert working == {item.key}
