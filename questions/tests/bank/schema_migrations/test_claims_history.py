"""What questions claim about the graph of migrations and about half-applied ones is run with Django's executor.

One test for each question, named after its slug.
"""

from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import ProgrammingError, migrations
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import AutoField, CharField, Index, IntegerField

from questions.tests.bank.content import Asked, django_on_postgresql, django_tables, run

ID = ("id", AutoField(primary_key=True))


def made(name: str, after: list[str], *operations: Any, **attributes: Any) -> Migration:
    """A migration of the app `shop` with these dependencies and operations."""
    attributes |= {"dependencies": [("shop", other) for other in after], "operations": list(operations)}
    return type("Migration", (Migration,), attributes)(name, "shop")


def executor(connection: Any, *given: Migration) -> MigrationExecutor:
    """What `migrate` works with, for these migrations instead of those on disk."""

    class Loader(MigrationLoader):
        def load_disk(self) -> None:
            self.disk_migrations = {("shop", migration.name): migration for migration in given}
            self.migrated_apps, self.unmigrated_apps = {"shop"}, set()

    with mock.patch("django.db.migrations.executor.MigrationLoader", Loader):
        return MigrationExecutor(connection)


def test_half_applied(item: Asked) -> None:
    first = made("0009_order_number", [], migrations.CreateModel("Order", [ID, ("number", CharField(max_length=9))]))
    shown = run(item.code)["Migration"]("0010_order_note", "shop")

    def migrate() -> None:
        executor(connection, first, shown).migrate([("shop", shown.name)])

    with django_on_postgresql() as (connection, connect):
        session = connect(autocommit=True)
        executor(connection, first).migrate([("shop", first.name)])
        session.execute("CREATE INDEX order_number_idx ON shop_order (id)")
        with pytest.raises(ProgrammingError, match="order_number_idx"):
            migrate()
        session.execute("DROP INDEX order_number_idx")
        with pytest.raises(ProgrammingError, match=r'column "note" .* already exists'):
            migrate()
        assert item.key.startswith("It fails, because the column `note`")

        session.execute("ALTER TABLE shop_order DROP COLUMN note")
        migrate()
        assert ("shop", shown.name) in executor(connection, first, shown).loader.applied_migrations


def test_same_field_two_branches(item: Asked) -> None:
    def code(length: int) -> CharField:
        return CharField(max_length=length)

    given = [
        made("0006_order", [], migrations.CreateModel("Order", [ID, ("code", code(50))])),
        made("0007_a", ["0006_order"], migrations.AlterField("order", "code", code(200))),
        made("0007_b", ["0006_order"], migrations.AlterField("order", "code", code(100))),
        made("0008_merge", ["0007_a", "0007_b"]),
    ]

    def length_after(*targets: str) -> int:
        with django_on_postgresql() as (connection, connect):
            for target in targets:
                executor(connection, *given).migrate([("shop", target)])
            loader = executor(connection, *given).loader
            assert loader.applied_migrations.keys() == {("shop", one.name) for one in given}
            models = ProjectState()
            models.add_model(ModelState("shop", "Order", [ID, ("code", code(200))]))
            assert MigrationAutodetector(loader.project_state(), models).changes(loader.graph) == {}
            session = connect()
            session.execute("INSERT INTO shop_order (code) VALUES (repeat('x', 100))")
            try:
                session.execute("INSERT INTO shop_order (code) VALUES (repeat('x', 101))")
            except psycopg.errors.StringDataRightTruncation:
                return 100
            session.execute("INSERT INTO shop_order (code) VALUES (repeat('x', 200))")
            return 200

    assert length_after("0008_merge") == 200
    assert length_after("0007_b", "0008_merge") == 200
    assert (length_after("0007_a", "0008_merge") == 100) is item.key.startswith("It applied `0007_a` before `0007_b`")


def test_squash_half_applied(item: Asked) -> None:
    fields = [(name, IntegerField(null=True)) for name in ("one", "two", "three")]
    old = [made("0001", [], migrations.CreateModel("Order", [ID]))]
    for number, (name, field) in enumerate(fields, 2):
        old.append(made(f"000{number}", [f"000{number - 1}"], migrations.AddField("order", name, field)))
    squashed = made(
        "0001_squashed_0004",
        [],
        migrations.CreateModel("Order", [ID, *fields]),
        replaces=[("shop", migration.name) for migration in old],
    )

    def planned(applied: str | None) -> list[str]:
        with django_tables() as connection:
            if applied:
                executor(connection, *old).migrate([("shop", applied)])
            runner = executor(connection, *old, squashed)
            plan = runner.migration_plan(runner.loader.graph.leaf_nodes())
            runner.migrate(runner.loader.graph.leaf_nodes())
            assert ("shop", squashed.name) in executor(connection, *old, squashed).loader.applied_migrations
            return [migration.name for migration, _ in plan]

    assert planned(None) == ["0001_squashed_0004"]
    assert planned("0004") == []
    assert (planned("0002") == ["0003", "0004"]) is item.key.startswith("It runs `0026` to `0040` and records")


def test_index_that_exists_already(item: Asked) -> None:
    index = Index(fields=["number"], name="order_number_idx")
    table = migrations.CreateModel("Order", [ID, ("number", CharField(max_length=9))])
    given = [made("0010_order", [], table), made("0011_index", ["0010_order"], migrations.AddIndex("order", index))]
    target = [("shop", "0011_index")]
    with django_on_postgresql() as (connection, connect):
        executor(connection, *given).migrate([("shop", "0010_order")])
        connect(autocommit=True).execute("CREATE INDEX order_number_idx ON shop_order (number)")
        for options in ({}, {"fake_initial": True}):
            with pytest.raises(ProgrammingError, match="already exists"):
                executor(connection, *given).migrate(target, **options)
        executor(connection, *given).migrate(target, fake=True)
        assert target[0] in executor(connection, *given).loader.applied_migrations
    assert item.accepted == {option for option in item.options if option.split()[-1].removeprefix("--") == "fake"}
