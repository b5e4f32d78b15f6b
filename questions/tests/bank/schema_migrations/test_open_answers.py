"""What the model answers of the open questions rest on is run, question by question."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import psycopg
import pytest
from django.db import OperationalError, migrations
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, CharField, IntegerField

from questions.tests.bank.content import django_tables, postgresql_schema
from questions.tests.bank.schema_migrations.test_claims_history import ID, executor, made

TABLE = migrations.CreateModel(
    "Customer", [("id", AutoField(primary_key=True)), ("fax", CharField(max_length=20, null=True))]
)

# rolling-back-a-release-with-a-migration


def test_a_removed_field_comes_back_empty() -> None:
    first = type("First", (migrations.Migration,), {"operations": [TABLE]})("0001", "shop")
    second = type("Second", (migrations.Migration,), {"operations": [migrations.RemoveField("customer", "fax")]})
    with django_tables() as connection:
        with connection.schema_editor() as editor:
            state = first.apply(ProjectState(), editor)
        state.clone().apps.get_model("shop", "Customer").objects.create(fax="123")
        with connection.schema_editor() as editor:
            second("0002", "shop").apply(state.clone(), editor)
        with connection.schema_editor() as editor:
            second("0002", "shop").unapply(state, editor)
        assert connection.cursor().execute("SELECT fax FROM shop_customer").fetchall() == [(None,)]


def test_without_a_reverse_function_django_refuses_to_go_back() -> None:
    fill = migrations.RunPython(lambda apps, schema_editor: None)
    change = type("Change", (migrations.Migration,), {"operations": [fill]})("0002", "shop")
    with (
        django_tables() as connection,
        pytest.raises(IrreversibleError),
        connection.schema_editor() as editor,
    ):
        change.unapply(ProjectState(), editor)


# four-hundred-migrations


def test_a_new_first_migration_is_skipped_or_fails_where_an_old_one_was_applied() -> None:
    note = ("note", IntegerField(null=True))
    old = made("0001_initial", [], migrations.CreateModel("Order", [ID]))
    rest = made("0002_order_note", ["0001_initial"], migrations.AddField("order", *note))
    same_name, other_name = (
        made(name, [], migrations.CreateModel("Order", [ID, note])) for name in ("0001_initial", "0001_start")
    )
    with django_tables() as connection:
        executor(connection, old, rest).migrate([("shop", "0001_initial")])
        executor(connection, same_name).migrate([("shop", "0001_initial")])
        with pytest.raises(OperationalError, match="note"):
            connection.cursor().execute("SELECT note FROM shop_order")
        with pytest.raises(OperationalError, match="already exists"):
            executor(connection, other_name).migrate([("shop", "0001_start")])


# primary-key-runs-out


def test_the_integers_last_for_68_days() -> None:
    assert int((2**31 - 1 - 1_600_000_000) / 8_000_000) == 68
    assert timedelta(seconds=1_600_000_000 / 10_000) < timedelta(days=2)


def test_a_column_is_exchanged_by_changes_of_the_catalog() -> None:
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        session.execute("CREATE TABLE events (id serial PRIMARY KEY, name text)")
        session.execute("INSERT INTO events (name) VALUES ('a'), ('b')")
        session.execute("ALTER TABLE events ADD COLUMN id_new bigint NOT NULL DEFAULT 0")
        session.execute("UPDATE events SET id_new = id")
        session.execute("CREATE UNIQUE INDEX CONCURRENTLY events_id_new ON events (id_new)")
        file = session.execute("SELECT pg_relation_filenode('events')").fetchone()
        with session.transaction():
            for change in (
                "ALTER TABLE events DROP CONSTRAINT events_pkey",
                "ALTER TABLE events RENAME COLUMN id TO id_old",
                "ALTER TABLE events RENAME COLUMN id_new TO id",
                "ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_id_new",
                "ALTER TABLE events ALTER COLUMN id SET DEFAULT nextval('events_id_seq')",
                "ALTER TABLE events ALTER COLUMN id_old DROP DEFAULT, ALTER COLUMN id_old DROP NOT NULL",
                "ALTER SEQUENCE events_id_seq AS bigint OWNED BY events.id",
            ):
                session.execute(change)
        assert session.execute("SELECT pg_relation_filenode('events')").fetchone() == file
        session.execute("SELECT setval('events_id_seq', 2147483647)")
        assert session.execute("INSERT INTO events (name) VALUES ('c') RETURNING id").fetchone() == (2**31,)


# from-euros-to-cents


def test_rounding_differs_between_a_float_and_a_decimal() -> None:
    assert round(2.675, 2) == 2.67
    assert Decimal("2.675").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == Decimal("2.68")
    with postgresql_schema() as connect:
        assert connect().execute("SELECT round(2.675, 2), round(-2.675, 2)").fetchone() == (
            Decimal("2.68"),
            Decimal("-2.68"),
        )


def test_a_virtual_column_rewrites_nothing_and_a_stored_one_does() -> None:
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        session.execute("CREATE TABLE items (price float)")
        files = []
        for name, kind in (("a", "VIRTUAL"), ("b", "STORED")):
            session.execute(
                f"ALTER TABLE items ADD COLUMN {name} int GENERATED ALWAYS AS (round(price::numeric * 100)) {kind}"
            )
            files.append(session.execute("SELECT pg_relation_filenode('items')").fetchone())
        assert files[0] != files[1]
        with pytest.raises(psycopg.errors.GeneratedAlways):
            session.execute("INSERT INTO items (a) VALUES (1)")
