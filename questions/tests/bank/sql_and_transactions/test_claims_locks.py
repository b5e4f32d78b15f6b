"""What questions claim about locks, deadlocks and connections is run in several sessions on PostgreSQL.

One test for each question, named after its slug.
"""

import re
import sqlite3

import pytest
import sqlalchemy.exc
from sqlalchemy.pool import QueuePool

from questions.tests.bank.content import played, postgresql_schema

ACCOUNTS = "CREATE TABLE account AS SELECT id, 100 AS balance FROM generate_series(1, 2) AS id;"


def test_who_gets_the_deadlock_error(item):
    steps = re.findall(r"([AB])   (UPDATE .*?;)", item.code)
    (_, a_1), (_, b_2), (_, a_2), (_, b_1) = steps
    assert [session for session, _ in steps] == ["A", "B", "A", "B"]

    script = f"""{ACCOUNTS}
-- A
SET deadlock_timeout = '5ms';
BEGIN; {a_1}
-- B
SET deadlock_timeout = '20ms';
BEGIN; {b_2}
-- A
{a_2}
-- B
SELECT pg_sleep(0.03);
{b_1}
"""
    with postgresql_schema() as connect:  # A's check finds nothing while B sleeps; B's check comes later
        outcomes = played(connect, script)
    assert (outcomes["A"][-1], outcomes["B"][-1]) == ("UPDATE 1", "DeadlockDetected")
    assert item.key == "At 6 s B gets a deadlock error, and A goes on"


def test_deadlock_between_transfers(item):
    def transfer(source, target):
        """The statements of a transfer, as the code sends them."""
        sent = []
        names: dict = {}
        exec(item.code, names)
        cursor = type(
            "Cursor", (), {"execute": lambda _, sql, values: sent.append(sql.replace("%s", "{}").format(*values))}
        )
        names["transfer"](cursor(), source, target, 10)
        return sent

    def deadlocks(one, other, level="READ COMMITTED", between=""):
        """Whether two transfers that take turns end in a deadlock."""
        steps = [
            f"-- {name}\nBEGIN ISOLATION LEVEL {level};\n{lines[0]};{between}"
            for name, lines in (("A", one), ("B", other))
        ]
        steps += [f"-- {name}\n" + ";".join(lines[1:]) for name, lines in (("A", one), ("B", other))]
        with postgresql_schema() as connect:
            outcomes = played(connect, "\n".join([ACCOUNTS, *steps]))
            return "DeadlockDetected" in outcomes["A"] + outcomes["B"]

    there, back = transfer(1, 2), transfer(2, 1)
    assert deadlocks(there, back)
    assert deadlocks(there, back, level="SERIALIZABLE")
    locked = [[f"SELECT 1 FROM account WHERE id = {n} FOR UPDATE", *lines] for n, lines in ((1, there), (2, back))]
    assert deadlocks(*locked)
    assert not deadlocks(there, back, between="COMMIT;")  # but no longer all or nothing
    assert not deadlocks(there, back[::-1])
    assert item.key == "Update the two accounts in ascending order of their ids"


def test_workers_pick_jobs(item):
    def picked(end):
        """What the second of two workers gets while the first has its job."""
        jobs = "CREATE TABLE job AS SELECT id, NULL::timestamp AS done_at FROM generate_series(1, 3) AS id;"
        with postgresql_schema() as connect:
            gave = played(connect, f"{jobs}\n-- A\nBEGIN;\n{item.code} {end};\n-- B\nBEGIN;\n{item.code} {end};")
            assert gave["A"][-1] == [(1,)]
            return gave["B"][-1]

    results = {"FOR UPDATE SKIP LOCKED": [(2,)], "FOR UPDATE": "waits", "FOR UPDATE NOWAIT": "LockNotAvailable"}
    assert {end: picked(end) for end in results} == results
    assert picked("") == [(1,)]  # the same job
    assert "`FOR UPDATE SKIP LOCKED`" in item.key
    with postgresql_schema() as connect:  # the lock ends with the connection
        connect(autocommit=True).execute("CREATE TABLE job AS SELECT 1 AS id, NULL::timestamp AS done_at")
        worker = connect()
        assert worker.execute(f"{item.code} FOR UPDATE SKIP LOCKED").fetchall() == [(1,)]
        worker.close()
        assert connect().execute(f"{item.code} FOR UPDATE").fetchall() == [(1,)]


def test_who_blocks_the_migration(item):
    table = [re.split("  +", line) for line in item.code.splitlines()[1:]]
    shown = {int(pid): (state, by, query) for pid, state, by, query in table}
    queries = [query for _, _, query in shown.values()]
    observe = """SELECT pid, state, pg_blocking_pids(pid), query FROM pg_stat_activity
        WHERE query LIKE '%customer%' AND pid <> pg_backend_pid() AND application_name = 'service'
        ORDER BY backend_start"""
    sessions = "".join(
        f"\n-- {name}\n{'BEGIN;' * (name == 'A')}{query};" for name, query in zip("ABCD", queries, strict=True)
    )
    with postgresql_schema() as connect:

        def connect_named(**options):
            return connect(application_name="service", **options)

        customer = "CREATE TABLE customer AS SELECT id, 'Ann' AS name FROM generate_series(1, 20) AS id;"
        rows = played(connect_named, f"{customer}{sessions}\n-- E\n{observe};")["E"][0]
    rows = [row for row in rows if row[3].strip() in queries]
    number = {row[0]: pid for row, pid in zip(rows, shown, strict=True)}
    assert {
        number[pid]: (state, str({number[by] for by in blockers} or "{}"), query.strip())
        for pid, state, blockers, query in rows
    } == shown
    assert item.accepted == {"4120", "pid 4120"}


def test_inserts_wait_for_a_locked_customer(item):
    tables = """CREATE TABLE customer (id integer PRIMARY KEY, balance integer);
    CREATE TABLE orders (customer_id integer REFERENCES customer);
    INSERT INTO customer VALUES (7, 0);"""

    def meanwhile(lock):
        """What an order, an update and a second batch get while a batch holds the lock."""
        with postgresql_schema() as connect:
            select = f"SELECT 1 FROM customer WHERE id = 7 {lock}"
            gave = played(
                connect,
                f"""{tables}
-- A
BEGIN;
{select};
-- B
INSERT INTO orders VALUES (7);
-- C
UPDATE customer SET balance = 1 WHERE id = 7;
-- D
{select};
""",
            )
            return [gave["B"][0] == "INSERT 0 1", gave["C"][0] == "UPDATE 1", gave["D"][0] == [(1,)]]

    through = {lock: meanwhile(lock) for lock in ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")}
    assert through == {
        "FOR UPDATE": [False, False, False],
        "FOR NO KEY UPDATE": [True, False, False],
        "FOR SHARE": [True, False, True],
        "FOR KEY SHARE": [True, True, True],
    }
    assert meanwhile("FOR UPDATE NOWAIT") == [False, False, False]
    assert item.key == "`FOR NO KEY UPDATE`"


def test_behind_a_transaction_pooler(item):
    """Two server connections take the transactions of one client in turn, as a pooler may let them."""
    with postgresql_schema() as connect:
        first, second = connect(autocommit=True), connect(autocommit=True)
        first.execute("SET statement_timeout = '9s'")
        kept = second.execute("SHOW statement_timeout").fetchone() == ("9s",)
        first.execute("SELECT pg_advisory_lock(7)")
        unlocked = second.execute("SELECT pg_advisory_unlock(7)").fetchone() == (True,)
        first.execute("LISTEN news")
        second.execute("NOTIFY news")
        heard = bool(list(second.notifies(timeout=0)))
        with second.transaction():
            second.execute("SET LOCAL lock_timeout = '9s'")
            limited = second.execute("SHOW lock_timeout").fetchone() == ("9s",)
        limited = limited and second.execute("SHOW lock_timeout").fetchone() == ("0",)
    works = {"SET statement_timeout": kept, "pg_advisory_lock": unlocked, "LISTEN": heard, "SET LOCAL": limited}
    breaks = {text for text in item.options for name, fine in works.items() if f"`{name}`" in text and not fine}
    assert breaks == item.accepted


def test_connections_of_all_pools(item):
    pool = QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=5, max_overflow=10, timeout=0)
    taken = [pool.connect() for _ in range(15)]
    with pytest.raises(sqlalchemy.exc.TimeoutError):
        pool.connect()
    assert item.key == str(3 * 8 * len(taken))
