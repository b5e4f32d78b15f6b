"""Checks of the two “find the lines” questions about schema migrations; belongs into `schema_migrations/`.

`item.options` are line numbers or ranges, `item.accepted` those that count.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
from django.db import DatabaseError, migrations, transaction
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, CharField, Field, IntegerField

from questions.tests.bank.content import Asked, django_on_postgresql, postgresql_schema, run


def test_lines_of_a_migration(item: Asked) -> None:
    fields: dict[str, Field] = {
        "number": CharField(max_length=9),
        "status": CharField(max_length=20),
        "quantity": IntegerField(),
    }
    table = migrations.CreateModel("Order", [("id", AutoField(primary_key=True)), *fields.items()])
    lines = item.code.splitlines()
    first = next(number for number, line in enumerate(lines, 1) if "CreateModel" in line)
    last = next(number for number, line in enumerate(lines, 1) if line == "        ),")
    numbers = [f"{first}-{last}", *(str(number) for number in range(last + 1, len(lines)))]

    def applied(state: ProjectState, *operations: Any) -> ProjectState:
        change = type("Change", (Migration,), {"operations": list(operations)})("0009", "shop")
        with connection.schema_editor() as editor:
            return change.apply(state, editor)

    def files() -> Any:
        return session.execute("SELECT pg_relation_filenode('shop_order')").fetchone()

    wrong = set()
    with django_on_postgresql() as (connection, _):
        session = connection.cursor()
        before = applied(ProjectState(), table)
        old = before.clone().apps.get_model("shop", "Order")
        for number, operation in zip(numbers, run(item.code)["Migration"].operations, strict=True):
            with transaction.atomic():
                file, state = files(), before.clone()
                try:
                    with transaction.atomic():
                        applied(state, operation)
                        rewritten = files() != file
                        old.objects.create(number="A-1", status="new", quantity=1)
                        assert list(old.objects.all())
                except DatabaseError:
                    wrong.add(number)
                else:
                    if rewritten or isinstance(
                        operation, migrations.AddIndex
                    ):  # an index that is not built concurrently
                        wrong.add(number)
                transaction.set_rollback(True)
    assert wrong == item.accepted


def test_lines_of_the_blocking_sessions(item: Asked) -> None:
    rows = {
        line.split("|")[0].strip(): (str(number), line.split("|")[1].strip(), line.split("|")[-1].strip())
        for number, line in enumerate(item.code.splitlines(), 1)
        if number > 2
    }
    with postgresql_schema() as connect, ThreadPoolExecutor(16) as threads:
        observer = connect(autocommit=True)
        observer.execute("CREATE TABLE orders (id int, total int)")
        observer.execute("CREATE TABLE invoices (id int, total int)")
        sessions: dict[str, psycopg.Connection[Any]] = {}
        waiting: dict[str, Future[Any]] = {}
        for pid, (_, state, query) in rows.items():
            if "orders" not in query and "invoices" not in query:
                continue
            sessions[pid] = connect(autocommit=state == "active")
            if "active" in state and "orders" in query:
                sessions[pid].execute("SET statement_timeout = '5s'")  # ends by itself if the check fails
                waiting[pid] = threads.submit(sessions[pid].execute, query)
                seen = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
                while observer.execute(seen, [sessions[pid].info.backend_pid]).fetchone() != (True,):
                    assert not waiting[pid].done()
            else:
                sessions[pid].execute(query)
        names = {session.info.backend_pid: pid for pid, session in sessions.items()}
        blocking = "SELECT unnest(pg_blocking_pids(%s))"
        blockers = {
            names[one] for pid in waiting for (one,) in observer.execute(blocking, [sessions[pid].info.backend_pid])
        }
        assert {rows[pid][0] for pid in blockers} == item.accepted
        sessions["304"].commit()
        for future in waiting.values():
            future.result(timeout=5)
