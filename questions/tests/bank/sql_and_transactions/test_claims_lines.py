"""Checks of the questions that ask for lines."""

import re

import psycopg
import pytest

from questions.tests.bank.content import played, postgresql_schema

SHOP = """
CREATE TABLE stock AS SELECT 'ink' AS sku, 10 AS quantity, 5 AS price UNION ALL SELECT 'pen', 10, 5;
CREATE TABLE coupon AS SELECT 'SALE' AS code, false AS used;
CREATE TABLE buyer (customer_id integer PRIMARY KEY);
CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY, customer_id integer, total integer);
"""


class Recorder:
    """A connection that writes down the statements of a call, and answers as a fresh shop does."""

    def __init__(self):
        self.sent = []

    def transaction(self):
        return self

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, statement, values):
        self.sent.append(statement.replace("%s", "'{}'").format(*values) + ";")

    def fetchone(self):
        return (0,)


def statements(code, cart, customer):
    """The statements of one call of `place_order`."""
    names: dict = {"psycopg": psycopg, "send_confirmation": lambda *_: None}
    exec(code, names)
    recorder = Recorder()
    names["place_order"](recorder, customer, cart, "SALE")
    return recorder.sent


def test_review_of_place_order(item):
    lines = item.code.splitlines()
    there = statements(item.code, {"ink": 1, "pen": 1}, 1)
    back = statements(item.code, {"pen": 1, "ink": 1}, 2)

    def gave(*steps):
        with postgresql_schema() as connect:
            return played(connect, SHOP + "".join(f"\n-- {name}\n{''.join(some)}" for name, some in steps))

    first = gave(("A", ["BEGIN;", there[0]]), ("B", ["BEGIN;", back[0]]), ("A", [there[1]]), ("B", [back[1]]))
    assert "DeadlockDetected" in first["A"] + first["B"]  # lines 11 and 12
    twice = gave(("A", ["BEGIN;", *there[2:4]]), ("B", ["BEGIN;", back[2], back[3]]), ("A", ["COMMIT;"]))
    assert twice["A"][1] == twice["B"][1] == [(False,)]  # lines 17 to 20
    assert twice["B"][2] == "UPDATE 1"
    with postgresql_schema() as connect:
        shop = connect(autocommit=True)
        shop.execute(SHOP)
        seen = []
        names: dict = {"psycopg": psycopg}
        names["send_confirmation"] = lambda *_: seen.append(shop.info.transaction_status.name)
        exec(item.code, names)
        names["place_order"](shop, 1, {"ink": 1}, "SALE")
        assert seen == ["INTRANS"]  # line 30
        shop.execute("UPDATE coupon SET used = false")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):  # lines 21 to 24
            names["place_order"](shop, 1, {"ink": 1}, "SALE")
    marked = dict(enumerate(lines, 1))
    assert "cart.items()" in marked[11] and "SELECT used" in marked[17] and "SET used" in marked[20]
    assert (marked[21].strip(), marked[24].strip()) == ("try:", "pass") and "send_confirmation" in marked[30]
    assert item.accepted == {"11-12", "17-20", "21-24", "30"}


def test_wasted_work_in_a_plan(item):
    tables = """
    CREATE TABLE customer AS SELECT n AS id, 'country ' || n % 25 AS country, 'city ' || n % 25 AS city
    FROM generate_series(0, 1874) AS n;
    CREATE TABLE orders AS SELECT n AS id, n / 15 AS customer_id, CASE WHEN n % 5 = 0 THEN 'open' ELSE 'sent' END
    AS status, repeat('x', 400) AS note FROM generate_series(0, 28124) AS n;
    CREATE INDEX orders_customer ON orders (customer_id);
    """
    query = """SELECT * FROM customer JOIN orders ON orders.customer_id = customer.id
    WHERE country = 'country 7' AND city = 'city 7' AND status = 'open' ORDER BY orders.id DESC"""
    with postgresql_schema() as connect:
        connection = connect(autocommit=True)
        connection.execute(tables)
        connection.execute("VACUUM ANALYZE customer, orders")
        connection.execute("SET work_mem = '64kB'")
        plan = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF, SUMMARY OFF) {query}")
        lines = [re.sub(r"cost=\S+ | width=\d+", "", line) for (line,) in plan]
    assert "\n".join(lines) == item.code.rstrip()
    telling = ("Disk", "on customer", "Removed by Filter")
    found = {str(number) for number, line in enumerate(lines, 1) if any(words in line for words in telling)}
    assert found == item.accepted
