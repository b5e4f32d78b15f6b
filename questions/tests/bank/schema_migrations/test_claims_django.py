"""What questions claim about Django's operations and about two versions of the code is run.

One test for each question, named after its slug.
"""

import sys
from types import ModuleType
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, ProgrammingError, models, transaction
from django.db import migrations as operations
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, CharField, IntegerField, signals

from questions.tests.bank.content import Asked, django_on_postgresql, django_tables, run


def migrated(connection: Any, *steps: Any, state: ProjectState | None = None, atomic: bool = True) -> ProjectState:
    """The state after one migration with these operations, which is applied to the database."""
    migration = type("Change", (Migration,), {"operations": list(steps), "atomic": atomic})("0001", "shop")
    with connection.schema_editor(atomic=atomic) as editor:
        return migration.apply(state or ProjectState(), editor)


def table(model: str, **fields: Any) -> Any:
    """The operation that creates a model with an ID and these fields."""
    return operations.CreateModel(model, [("id", AutoField(primary_key=True)), *fields.items()])


def waits(session: psycopg.Connection[Any], statement: str) -> bool:
    """Whether the statement has to wait for a lock; nothing that it does is kept."""
    session.execute("SET lock_timeout = '15ms'")
    try:
        with session.transaction(force_rollback=True):
            session.execute(statement)
    except psycopg.errors.LockNotAvailable:
        return True
    return False


def test_inserts_fail_during_the_deploy(item: Asked) -> None:
    with django_on_postgresql() as (connection, connect):
        state = migrated(connection, table("Order", number=CharField(max_length=20), total=IntegerField()))
        old = state.clone().apps.get_model("shop", "Order")
        migrated(connection, operations.AddField("order", "points", IntegerField(default=0)), state=state)

        with pytest.raises(IntegrityError) as failed:
            old.objects.create(number="A-1007", total=2400)
        assert str(failed.value).splitlines()[0] in " ".join(item.code.split())

        session = connect(autocommit=True)
        find = "SELECT atthasdef FROM pg_attribute WHERE attrelid = 'shop_order'::regclass AND attname = 'points'"
        assert (session.execute(find).fetchall() == [(False,)]) is item.key.startswith("Django drops")
        with pytest.raises(psycopg.errors.NotNullViolation):  # in a new session too
            session.execute("INSERT INTO shop_order (number, total) VALUES ('A-1008', 1)")
        session.execute("ALTER TABLE shop_order ALTER COLUMN points SET DEFAULT 0")
        old.objects.create(number="A-1009", total=2400)


def test_a_column_both_versions_can_insert(item: Asked) -> None:
    working = set()
    with django_on_postgresql() as (connection, _):
        state = migrated(connection, table("Order", number=CharField(max_length=20)))
        old = state.clone().apps.get_model("shop", "Order")
        for option in item.options:
            field = eval(option.strip("`"), {"models": models})
            with transaction.atomic():
                migrated(connection, operations.AddField("order", "points", field), state=state.clone())
                try:
                    with transaction.atomic():
                        old.objects.create(number="A-1007")
                    working.add(option)
                except IntegrityError:
                    pass
                transaction.set_rollback(True)
    assert working == item.accepted


def test_rename_under_old_processes(item: Asked) -> None:
    with django_on_postgresql() as (connection, _):
        state = migrated(connection, table("Customer", name=CharField(max_length=50)))
        old = state.clone().apps.get_model("shop", "Customer")
        old.objects.create(name="Ada")
        migrated(connection, operations.RenameField("customer", "name", "full_name"), state=state)
        with pytest.raises(ProgrammingError, match=r"column shop_customer\.name does not exist"):
            list(old.objects.all())
    assert item.key.startswith("The query fails")


def test_index_migration_missing_line(item: Asked) -> None:
    def builds(**line: Any) -> bool:
        migration = type("Changed", (shown,), line)("0007", "shop")
        with transaction.atomic() if migration.atomic else mock.MagicMock():
            try:
                with connection.schema_editor(atomic=migration.atomic) as editor:
                    migration.apply(state.clone(), editor)
            except NotSupportedError:
                return False
        migrated(connection, operations.RunSQL("DROP INDEX order_customer_idx"))
        return True

    shown = run(item.code)["Migration"]
    with django_on_postgresql() as (connection, _):
        state = migrated(connection, table("Order", customer=IntegerField()))
        assert not builds()
        working = set()
        for option in item.options:
            line: dict[str, Any] = {}
            exec(option, line)
            if builds(**{name: line[name] for name in line.keys() & {"atomic", "initial", "concurrently"}}):
                working.add(option)
    assert working == item.accepted


def test_offset_in_a_backfill(item: Asked) -> None:
    with django_tables() as connection:
        state = migrated(connection, table("Order", region=CharField(max_length=2, null=True)))
        order = state.apps.get_model("shop", "Order")
        order.objects.bulk_create(order() for _ in range(10))
        run(item.code)["fill"](order)
        assert item.key == str(order.objects.filter(region=None).count())

        order.objects.update(region=None)
        run(item.code.replace("[start : start + 2]", "[:2]"))["fill"](order)
        assert not order.objects.filter(region=None).exists()


def test_todays_model_in_an_old_migration(item: Asked) -> None:
    with django_tables() as connection:
        created = table("Order", currency=CharField(max_length=3, null=True))
        state = migrated(connection, created)
        state.apps.get_model("shop", "Order").objects.create()
        today = state.clone()
        operations.AddField("order", "discount", IntegerField(default=0)).state_forwards("shop", today)
        package, module = ModuleType("shop"), ModuleType("shop.models")
        vars(module)["Order"] = today.apps.get_model("shop", "Order")
        with mock.patch.dict(sys.modules, {"shop": package, "shop.models": module}):
            (fill,) = run(item.code)["Migration"].operations
        with pytest.raises(OperationalError, match=r"no such column: shop_order\.discount"):
            migrated(connection, fill, state=state)

        historical = item.code.replace("from shop.models import Order\n", "").replace(
            "schema_editor):\n", 'schema_editor):\n    Order = apps.get_model("shop", "Order")\n'
        )
        migrated(connection, *run(historical)["Migration"].operations, state=state)
        assert state.apps.get_model("shop", "Order").objects.get().currency == "EUR"
    assert item.key.startswith("`0004` uses the current model")


def test_batches_in_one_transaction(item: Asked) -> None:
    def request_waits_for_the_first_order(atomic: bool) -> bool:
        seen = []

        def after_each_batch(execute: Any, sql: str, *rest: Any) -> Any:
            result = execute(sql, *rest)
            if sql.startswith("UPDATE"):
                seen.append(waits(session, "UPDATE shop_order SET region = 'US' WHERE id = 1"))
            return result

        with connection.execute_wrapper(after_each_batch):
            migrated(connection, fill, state=state, atomic=atomic)
        assert len(seen) == 3
        return all(seen)

    (fill,) = run(item.code.replace("[:1000]", "[:1]"))["Migration"].operations
    with django_on_postgresql() as (connection, connect):
        session = connect(autocommit=True)
        state = migrated(connection, table("Order", region=CharField(max_length=2, null=True)))
        order = state.apps.get_model("shop", "Order")
        order.objects.bulk_create(order() for _ in range(3))
        assert request_waits_for_the_first_order(atomic=True) is item.key.startswith(
            "All batches run in one transaction"
        )
        assert not request_waits_for_the_first_order(atomic=False)


def test_earliest_release_to_drop(item: Asked) -> None:
    with django_tables() as connection:
        state = migrated(connection, table("Customer", fax=CharField(max_length=20, null=True)))
        with_fax = state.clone().apps.get_model("shop", "Customer")
        migrated(connection, operations.RemoveField("customer", "fax"), state=state)
        without_fax = state.apps.get_model("shop", "Customer")

        def serves(release: int) -> bool:
            model = with_fax if release < 42 else without_fax
            try:
                model.objects.create()
                return bool(list(model.objects.all()))
            except OperationalError:
                return False

        may_drop = [release for release in range(41, 45) if serves(release - 1) and serves(release)]
    assert item.key == f"Release {min(may_drop)}"


def test_a_writer_you_cannot_change(item: Asked) -> None:
    trigger = """
        CREATE FUNCTION fill_full_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN NEW.full_name := coalesce(NEW.full_name, NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON shop_customer
        FOR EACH ROW EXECUTE FUNCTION fill_full_name();
    """
    with django_on_postgresql() as (connection, connect):
        fields = {name: CharField(max_length=50, null=True) for name in ("name", "full_name")}
        state = migrated(connection, table("Customer", **fields))
        customer, job = state.apps.get_model("shop", "Customer"), connect(autocommit=True)

        def is_complete_after_the_job() -> bool:
            job.execute("INSERT INTO shop_customer (name) VALUES ('Ada')")
            return customer.objects.latest("pk").full_name == "Ada"

        def copy(instance: Any, **_: Any) -> None:
            customer.objects.filter(pk=instance.pk).update(full_name=instance.name)

        signals.post_save.connect(copy, sender=customer)
        with mock.patch.object(customer, "save", side_effect=AssertionError("not called by SQL")):
            assert not is_complete_after_the_job()
        job.execute("UPDATE shop_customer SET full_name = name")
        assert not is_complete_after_the_job()
        job.execute(trigger)
        assert is_complete_after_the_job() is item.key.startswith("A database trigger")
