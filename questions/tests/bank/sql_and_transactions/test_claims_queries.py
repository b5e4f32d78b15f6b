"""What questions claim about SQL is run on PostgreSQL, and on SQLite where they name it.

One test for each question, named after its slug.
"""

import sqlite3

import psycopg
import pytest

from questions.tests.bank.content import postgresql_schema


def on_postgresql(code):
    """The rows that the last statement returns."""
    *before, last = filter(str.strip, code.split(";"))
    with postgresql_schema() as connect:
        connection = connect(autocommit=True)
        for statement in before:
            connection.execute(statement)
        cursor = connection.execute(last)
        return cursor.fetchall() if cursor.description else []


def on_sqlite(code):
    """The rows that the last statement returns."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    *before, last = filter(str.strip, code.split(";"))
    for statement in before:
        connection.execute(statement)
    return connection.execute(last).fetchall()


def test_not_in_with_null(item):
    for rows in (on_postgresql, on_sqlite):
        ((count,),) = rows(item.code)
        assert item.stating(count) == {item.key}
        exists = "NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = customer.id)"
        asked = item.code.replace("id NOT IN (SELECT customer_id FROM orders)", exists)
        assert rows(asked) == [(2,)]


def test_count_with_nulls(item):
    for rows in (on_postgresql, on_sqlite):
        (row,) = rows(item.code)
        assert " ".join(map(str, row)) in item.accepted
        assert all(
            [int(word) for word in text.replace(",", " ").replace("|", " ").split()] == list(row)
            for text in item.accepted
        )
        assert rows(item.code.replace("sum(score) / count(*)", "avg(score)"))[0][3] == 20


def test_running_total_with_ties(item):
    windows = [
        "ORDER BY paid_on)",
        "ORDER BY paid_on ROWS UNBOUNDED PRECEDING)",
        "ORDER BY paid_on, id)",
        ")",
        "PARTITION BY paid_on)",
    ]
    for rows in (on_postgresql, on_sqlite):
        stating = {}
        for window in windows:
            totals = [total for (total,) in rows(item.code.replace("ORDER BY paid_on)", window))]
            (stating[window],) = item.stating(totals)
        assert stating["ORDER BY paid_on)"] == item.key
        assert set(stating.values()) == set(item.options)
        assert stating["ORDER BY paid_on ROWS UNBOUNDED PRECEDING)"] == stating["ORDER BY paid_on, id)"]


def test_nulls_in_descending_order(item):
    assert [name for (name,) in on_postgresql(item.code)] == item.options
    assert [name for (name,) in on_sqlite(item.code)] == item.options[2:] + item.options[:2]
    last = item.code.replace("DESC,", "DESC NULLS LAST,")
    assert on_postgresql(last) == on_sqlite(item.code)


def test_upsert_run_three_times(item):
    before, insert = item.code.rstrip().rsplit("\n\n", 1)
    three_times = f"{before}\n{insert * 3}\nSELECT quantity FROM stock;"
    for rows in (on_postgresql, on_sqlite):
        assert rows(three_times) == [(int(item.key),)]
        assert rows(three_times.replace("WHERE stock.quantity < 10", "")) == [(18,)]
        assert rows(f"{before}\n{insert * 2}\n{insert.replace(';', ' RETURNING *;')}") == []


def test_after_an_error_in_a_transaction(item):
    statements = [line for line in item.code.splitlines() if line]
    counts = []
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        for execute, error in ((session.execute, psycopg.Error), (sqlite3.connect(":memory:").execute, sqlite3.Error)):
            for statement in statements:
                try:
                    cursor = execute(statement)
                except error:
                    assert "'sql'" in statement or error is psycopg.Error
            counts += cursor.fetchall()
    assert [item.stating(*count) for count in counts] == [{item.key}, {"`2`"}]


def test_delete_inside_a_cte(item):
    inbox = "CREATE TABLE inbox AS SELECT id FROM generate_series(1, 5) AS id;"
    (row,) = on_postgresql(inbox + item.code)
    assert item.stating(*row) == {item.key}
    assert on_postgresql(f"{inbox}{item.code}SELECT count(*) FROM inbox;") == [(3,)]


CUSTOMERS = """
CREATE TABLE customer (id integer PRIMARY KEY, name text);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, status text);
INSERT INTO customer VALUES (1, 'paid twice'), (2, 'no order'), (3, 'unpaid only');
INSERT INTO orders VALUES (1, 1, 'paid'), (2, 1, 'paid'), (3, 3, 'new');
"""


def test_customers_without_paid_orders(item):
    changes = {
        "Moving": item.code.replace("WHERE", "AND"),
        "`OR orders.status IS NULL`": item.code.replace("= 'paid'", "= 'paid' OR orders.status IS NULL"),
        "`coalesce(count(orders.id), 0)`": item.code.replace("count(orders.id)", "coalesce(count(orders.id), 0)"),
        "`FULL JOIN`": item.code.replace("LEFT JOIN", "FULL JOIN"),
    }
    for rows in (on_postgresql, on_sqlite):
        wanted = [("no order", 0), ("paid twice", 2), ("unpaid only", 0)]
        assert rows(CUSTOMERS + item.code) == [("paid twice", 2)]
        right = {
            text
            for text in item.options
            for name, query in changes.items()
            if name in text and rows(CUSTOMERS + query) == wanted
        }
        assert right == {item.key}


ORDERS = """
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, created_at date);
INSERT INTO orders VALUES (1, 1, '2026-03-01'), (2, 1, '2026-03-05'), (3, 1, '2026-03-05'), (4, 2, '2026-03-02');
"""


def test_newest_order_of_each_customer(item):
    numbered = "SELECT id, {} AS n FROM orders"
    newest = "SELECT customer_id, max(created_at) AS created_at FROM orders GROUP BY customer_id"
    by_rank = "rank() OVER (PARTITION BY customer_id ORDER BY created_at DESC)"
    by_number = "row_number() OVER (PARTITION BY customer_id ORDER BY created_at DESC, id DESC)"
    queries = {
        by_number: f"SELECT id FROM ({numbered.format(by_number)}) AS numbered WHERE n = 1 ORDER BY id",
        by_rank: f"SELECT id FROM ({numbered.format(by_rank)}) AS ranked WHERE n = 1 ORDER BY id",
        "SELECT customer_id, max(created_at) FROM orders GROUP BY customer_id": (
            f"SELECT id FROM orders JOIN ({newest}) AS newest USING (customer_id, created_at) ORDER BY id"
        ),
    }
    ids = {text: on_postgresql(ORDERS + query) for text, query in queries.items()}
    assert {
        option for text, rows in ids.items() for option in item.options if text in option and rows == [(3,), (4,)]
    } == {item.key}
    assert list(ids.values())[1:] == [[(2,), (3,), (4,)]] * 2
    distinct = "SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY"
    with pytest.raises(psycopg.ProgrammingError):
        on_postgresql(f"{ORDERS}{distinct} created_at DESC, customer_id")
    chosen = on_postgresql(f"{ORDERS}{distinct} customer_id, created_at DESC, id DESC")
    assert [row[0] for row in chosen] == [3, 4]
