"""The guide's listings give what stands beneath them, and its facts hold."""

import sqlite3

import pytest

from questions.tests.bank.content import plan, played, postgresql_schema
from questions.tests.bank.fixture_files import Bank
from questions.tests.bank.sql_and_transactions.test_claims_plans import ORDERS, prepared

BANK = Bank("08-sql-and-transactions.yaml")


def as_text(rows) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in rows)


@pytest.mark.parametrize("slug", ["newest-of-each", "below-one-category"])
def test_a_query_returns_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    *before, query = filter(str.strip, listing["code"].split(";"))
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute(";".join(before))
        assert as_text(connection.execute(query)) == listing["output"]


def test_two_sessions_lose_one_update_and_not_the_other() -> None:
    listing = BANK.fields("codelisting", "lost-and-found")
    with postgresql_schema() as connect:
        assert as_text(played(connect, listing["code"])["A"][-1]) == listing["output"]


def test_the_plan_is_the_one_that_is_shown() -> None:
    listing = BANK.fields("codelisting", "a-plan")
    by_hundreds = ORDERS.replace("n % 100, ", "n / 100, ").replace("n % 50", "n % 20")
    query = listing["code"].partition("\n")[2].rstrip(";")
    with postgresql_schema() as connect:
        connection = prepared(connect, by_hundreds, "CREATE INDEX orders_customer ON orders (customer_id)")
        assert plan(connection, query) == listing["output"]
        connection.execute("DROP INDEX orders_customer")
        connection.execute("CREATE INDEX orders_both ON orders (customer_id, status)")
        assert "Removed by Filter" not in plan(connection, query)


def test_a_check_accepts_null_and_a_comparison_drops_it() -> None:
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute("CREATE TABLE orders (status text CHECK (status <> 'bad'))")
        connection.execute("INSERT INTO orders VALUES (NULL), ('new')")
        select = "SELECT count(*) FROM orders WHERE status {} 'paid'"
        assert connection.execute(select.format("<>")).fetchone() == (1,)
        assert connection.execute(select.format("IS DISTINCT FROM")).fetchone() == (2,)


def test_a_join_of_items_and_payments_multiplies() -> None:
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute("CREATE TABLE item AS SELECT 1 AS order_id FROM generate_series(1, 3)")
        connection.execute("CREATE TABLE payment AS SELECT 1 AS order_id, 50 AS amount FROM generate_series(1, 2)")
        joined = connection.execute("SELECT count(*), sum(amount) FROM item JOIN payment USING (order_id)")
        assert joined.fetchone() == (6, 300)


def test_sqlite_refuses_a_write_after_a_read_that_is_out_of_date(tmp_path) -> None:
    one, other = (sqlite3.connect(tmp_path / "site.db", isolation_level=None, timeout=0) for _ in range(2))
    one.execute("PRAGMA journal_mode = wal")
    one.execute("CREATE TABLE stock AS SELECT 10 AS quantity")
    one.execute("BEGIN")
    assert one.execute("SELECT quantity FROM stock").fetchone() == (10,)
    other.execute("UPDATE stock SET quantity = 9")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        one.execute("UPDATE stock SET quantity = 9")
    one.execute("ROLLBACK")
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("UPDATE stock SET quantity = 8")
    one.close()
    other.close()


@pytest.mark.parametrize(
    ("level", "change_of_the_other", "write_skew"),
    [
        ("READ COMMITTED", "UPDATE 1", False),
        ("REPEATABLE READ", "SerializationFailure", False),
        ("SERIALIZABLE", "SerializationFailure", True),
    ],
)
def test_levels_do_what_the_table_says(level: str, change_of_the_other: str, write_skew: bool) -> None:
    table = "CREATE TABLE doctor AS SELECT id, true AS on_call FROM generate_series(1, 2) AS id;"
    begin = f"BEGIN ISOLATION LEVEL {level};\nSELECT id FROM doctor WHERE on_call;"
    with postgresql_schema() as connect:
        change = "UPDATE doctor SET on_call = false WHERE id = 1;"
        gave = played(connect, f"{table}\n-- A\n{begin}\n-- B\n{change}\n-- A\n{change}\nROLLBACK;")
        assert gave["A"][2] == change_of_the_other
    off = "UPDATE doctor SET on_call = false WHERE id = {};"
    with postgresql_schema() as connect:
        steps = (
            f"-- A\n{begin}\n-- B\n{begin}\n-- A\n{off.format(1)}\n-- B\n{off.format(2)}\n-- A\nCOMMIT;\n-- B\nCOMMIT;"
        )
        gave = played(connect, f"{table}\n{steps}")
        assert ("SerializationFailure" in gave["A"] + gave["B"]) is write_skew
