"""What questions claim about isolation levels and lost updates is run in two sessions on PostgreSQL.

One test for each question, named after its slug.
"""

import contextlib
import threading

import pytest
from django.db import connections, models, transaction
from django.db.utils import load_backend
from django.test.utils import isolate_apps

from questions.tests.bank.content import django_tables, played, postgresql_schema


def test_update_at_repeatable_read(item):
    outcomes = {}
    for level in ("READ COMMITTED", "REPEATABLE READ"):
        with postgresql_schema() as connect:
            script = item.code.replace("REPEATABLE READ", level)
            a = played(connect, f"{script}\n-- A\nCOMMIT;\nSELECT quantity FROM stock;")["A"]
            outcomes[level] = (a[1], a[2], a[3], a[5])
    assert outcomes == {
        "READ COMMITTED": ([(10,)], [(7,)], "UPDATE 1", [(6,)]),
        "REPEATABLE READ": ([(10,)], [(10,)], "SerializationFailure", [(7,)]),
    }
    assert item.key == "It reads `10`, and the update raises an error"


DOCTORS = "CREATE TABLE doctor AS SELECT id, true AS on_call FROM generate_series(1, 2) AS id;"
ON_CALL = "SELECT 1 FROM doctor WHERE on_call"


def test_nobody_on_call(item):
    def left(level="READ COMMITTED", first="", selected=ON_CALL):
        """How many doctors are on call after both have tried to go off, and how many each saw before the commit."""
        count = f"CREATE TEMPORARY TABLE seen AS SELECT count(*) AS doctors FROM ({selected}) AS on_call;"
        off = "UPDATE doctor SET on_call = false WHERE (SELECT doctors FROM seen) >= 2 AND id = {id};"
        steps = [
            f"BEGIN ISOLATION LEVEL {level};{first}{count}",
            off,
            f"SELECT count(*) FROM ({ON_CALL}) AS again;",
            "COMMIT;",
        ]
        script = "".join(f"\n-- {name}\n{step.format(id=n)}" for step in steps for n, name in ((1, "A"), (2, "B")))
        with postgresql_schema() as connect:
            outcome = played(connect, f"{DOCTORS}{script}\n-- C\n{ON_CALL};")
            assert outcome["A"][-1] == outcome["B"][-1] == "COMMIT"
            return len(outcome["C"][0]), [outcome["A"][-2], outcome["B"][-2]]

    both_see_one = (0, [[(1,)], [(1,)]])
    assert left() == both_see_one
    assert left(first="SELECT 1 FROM doctor WHERE id = {id} FOR UPDATE;") == both_see_one
    assert left(level="REPEATABLE READ") == both_see_one
    assert left(selected=f"{ON_CALL} ORDER BY id FOR UPDATE")[0] == 1
    assert "ordered by id, `FOR UPDATE`, and count the rows that come back" in item.key


def test_serialization_failure_in_one_of_fifty(item):
    code = """
    CREATE TABLE stock AS SELECT 'pen' AS sku, 10 AS quantity;
    -- A
    BEGIN ISOLATION LEVEL SERIALIZABLE;
    SELECT quantity FROM stock;
    SAVEPOINT before;
    -- B
    UPDATE stock SET quantity = 7;
    -- A
    UPDATE stock SET quantity = 9;
    {then};
    """
    code = "\n".join(line.strip() for line in code.splitlines())
    results = {}
    for name, then in {
        "the whole transaction": "ROLLBACK; BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT quantity FROM stock;"
        "UPDATE stock SET quantity = 6; COMMIT",
        "in the same transaction": "UPDATE stock SET quantity = 9; ROLLBACK",
        "to a savepoint": "ROLLBACK TO before; UPDATE stock SET quantity = 9; ROLLBACK",
        "only the statements that write": "ROLLBACK; BEGIN; UPDATE stock SET quantity = 9; COMMIT",
    }.items():
        with postgresql_schema() as connect:
            outcome = played(connect, code.format(then=then) + "\n-- C\nSELECT quantity FROM stock;")
            assert outcome["A"][3] == "SerializationFailure"
            (text,) = [option for option in item.options if name in option]
            results[text] = (outcome["A"][-2], outcome["C"][0])
    assert {text for text, result in results.items() if result == ("UPDATE 1", [(6,)])} == {item.key}
    assert sorted(result for result in results.values()) == [
        ("InFailedSqlTransaction", [(7,)]),
        ("SerializationFailure", [(7,)]),
        ("UPDATE 1", [(6,)]),
        ("UPDATE 1", [(9,)]),  # overwrites what it has not read
    ]


def test_two_editors_of_one_page(item):
    def saved(script):
        """What the second editor's save gave, and what is stored."""
        with postgresql_schema() as connect:
            page = "CREATE TABLE page AS SELECT 1 AS id, 1 AS version, 'old' AS text;"
            outcome = played(connect, f"{page}{script}\n-- C\nSELECT text FROM page;")
            return outcome["B"][-1], outcome["C"][0]

    save = "UPDATE page SET text = '{}', version = 2 WHERE id = 1 AND version = 1;"
    plain = "UPDATE page SET text = '{}', version = version + 1 WHERE id = 1;"
    assert saved(f"\n-- A\n{save.format('A')}\n-- B\n{save.format('B')}") == ("UPDATE 0", [("A",)])
    both_at_once = f"\n-- A\nBEGIN;\n{save.format('A')}\n-- B\n{save.format('B')}\n-- A\nCOMMIT;"
    assert saved(both_at_once) == ("UPDATE 0", [("A",)])
    same = save.replace("version = 2", "version = version")  # without an increment there is no conflict
    assert saved(f"\n-- A\n{same.format('A')}\n-- B\n{same.format('B')}") == ("UPDATE 1", [("B",)])
    checked = (
        f"\n-- B\nBEGIN;\nSELECT version FROM page;\n-- A\n{plain.format('A')}\n-- B\n{plain.format('B')}\nCOMMIT;"
    )
    later = f"\n-- A\n{plain.format('A')}\n-- B\nBEGIN ISOLATION LEVEL REPEATABLE READ;\n{plain.format('B')}\nCOMMIT;"
    assert saved(checked) == saved(later) == ("COMMIT", [("B",)])
    assert "increment `version` with `WHERE id = … AND version = …`" in item.key


def test_two_decrements_at_the_same_time(item):
    update = "BEGIN;\nUPDATE stock SET quantity = quantity - 1 WHERE sku = 'pen';"
    with postgresql_schema() as connect:
        stock = "CREATE TABLE stock AS SELECT 'pen' AS sku, 10 AS quantity;"
        script = f"{stock}\n-- A\n{update}\n-- B\n{update}\n-- A\nCOMMIT;\n-- B\nCOMMIT;\nSELECT quantity FROM stock;"
        assert played(connect, script)["B"][-1] == [(8,)]
    assert item.key == "False"


@contextlib.contextmanager
def django_on_postgresql(connect, *tables):
    """Django's default connection, for this block to PostgreSQL, in each thread one of its own."""
    info = connect().info
    options = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.postgresql", "HOST": info.host}
    options |= {"NAME": info.dbname, "USER": info.user, "PASSWORD": "", "PORT": info.port}
    options["OPTIONS"] = {"options": info.get_parameters()["options"]}
    usual, opened = connections["default"], []

    def use():
        opened.append(load_backend(options["ENGINE"]).DatabaseWrapper(options, "default"))
        opened[-1].inc_thread_sharing()  # it is closed in the main thread
        opened[-1].ensure_connection = lambda: None
        opened[-1].connect()
        connections["default"] = opened[-1]

    use()
    try:
        with connections["default"].schema_editor() as editor:
            for table in tables:
                editor.create_model(table)
        yield use
    finally:
        connections["default"] = usual
        for connection in opened:
            connection.close()


@isolate_apps("django.contrib.contenttypes")
def test_for_update_outside_a_transaction(item):
    class Account(models.Model):
        balance = models.IntegerField()

        class Meta:
            app_label = "contenttypes"

        def __str__(self):
            return str(self.balance)

    names = {"Account": Account}
    exec(item.code, names)
    withdraw = names["withdraw"]
    with django_tables(Account):
        withdraw(Account.objects.create(balance=10).pk, 3)
        assert Account.objects.get().balance == 7

    with postgresql_schema() as connect, django_on_postgresql(connect, Account) as use:
        pk = Account.objects.create(balance=10).pk
        for change in (
            ("", ""),
            ("select_for_update()", "select_for_update(nowait=True)"),
            ("account.save()", "with transaction.atomic():\n        account.save()"),
        ):
            exec(item.code.replace(*change) if change[0] else item.code, {**names, "transaction": transaction}, names)
            with pytest.raises(transaction.TransactionManagementError):
                names["withdraw"](pk, 3)

        def withdraw_in_thread():
            use()
            with transaction.atomic():
                withdraw(pk, 3)

        with transaction.atomic():
            thread = threading.Thread(target=withdraw_in_thread)
            withdraw(pk, 3)
            thread.start()
            thread.join(0.02)  # it waits for the row
            assert thread.is_alive()
        thread.join(5)
        assert Account.objects.get().balance == 4
    assert item.key == "`transaction.atomic()` around all three lines"
