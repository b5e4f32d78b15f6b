"""What the model answers of the open questions rest on is run, question by question."""

from questions.tests.bank.content import plan, played, postgresql_schema
from questions.tests.bank.sql_and_transactions.test_claims_plans import ORDERS, prepared

# a-transaction-is-not-enough


def test_the_condition_in_the_update_does_not_oversell() -> None:
    buy = "UPDATE stock SET quantity = quantity - 1 WHERE quantity > 0;"
    with postgresql_schema() as connect:
        script = f"CREATE TABLE stock AS SELECT 1 AS quantity;\n-- A\nBEGIN;\n{buy}\n-- B\n{buy}\n-- A\nCOMMIT;"
        assert played(connect, script)["B"] == ["UPDATE 0"]


# page-two-thousand


def test_a_row_comparison_drops_rows_with_null() -> None:
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute("CREATE TABLE product (id int, price int)")
        connection.execute("INSERT INTO product VALUES (1, NULL), (2, 5), (3, 9)")
        query = "SELECT id FROM product WHERE (price, id) < (%s, %s) ORDER BY id"
        assert connection.execute(query, [9, 3]).fetchall() == [(2,)]
        assert connection.execute(query, [None, 1]).fetchall() == []


# an-index-on-every-column


def test_an_index_can_be_read_backwards_and_its_second_column_by_jumps() -> None:
    with postgresql_schema() as connect:
        connection = prepared(connect, ORDERS, "CREATE INDEX orders_two ON orders (status, total)")
        assert "Backward using orders_two" in plan(
            connection, "SELECT * FROM orders WHERE status = 'open' ORDER BY total DESC LIMIT 5"
        )
        connection.execute("SET enable_seqscan = off")
        searches = plan(connection, "SELECT * FROM orders WHERE total = 7").partition("Index Searches: ")[2]
        assert int(searches.split()[0]) > 1


# a-query-that-became-slow


def test_explain_analyze_deletes() -> None:
    with postgresql_schema() as connect:
        connection = prepared(connect, ORDERS)
        plan(connection, "DELETE FROM orders WHERE id = 1")
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (9999,)


# deadlocks-every-night


def test_inserts_into_a_unique_column_can_deadlock() -> None:
    insert = "INSERT INTO tag VALUES ('{}');"
    with postgresql_schema() as connect:
        table = "CREATE TABLE tag (name text UNIQUE);"
        first = f"-- A\nBEGIN;\n{insert.format('a')}\n-- B\nBEGIN;\n{insert.format('b')}"
        gave = played(connect, f"{table}\n{first}\n-- A\n{insert.format('b')}\n-- B\n{insert.format('a')}")
        assert "DeadlockDetected" in gave["A"] + gave["B"]


# a-job-queue-in-a-table


def test_a_job_is_leased_by_one_statement_and_free_again_when_the_lease_ends() -> None:
    take = """UPDATE job SET locked_until = now() + interval '15 minutes', attempts = attempts + 1
    WHERE id = (
        SELECT id FROM job WHERE done_at IS NULL AND failed_at IS NULL AND attempts < 5 AND run_at <= now()
        AND (locked_until IS NULL OR locked_until < now()) ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id;"""
    table = """CREATE TABLE job AS SELECT id, now() - interval '1 hour' + id * interval '1 minute' AS run_at,
    0 AS attempts, NULL::timestamptz AS locked_until, NULL::timestamptz AS done_at, NULL::timestamptz AS failed_at
    FROM generate_series(1, 2) AS id;"""
    with postgresql_schema() as connect:
        expire = "UPDATE job SET locked_until = now() - interval '1 second' WHERE id = 2;"
        gave = played(connect, f"{table}\n-- A\nBEGIN;\n{take}\n-- B\n{take}{take}\n-- A\nCOMMIT;\n{expire}\n{take}")
        assert (gave["A"][1], gave["B"], gave["A"][-1]) == ([(1,)], [[(2,)], []], [(2,)])
    with postgresql_schema() as connect:  # a job that kills each of its workers is not taken forever
        expire = "UPDATE job SET locked_until = now() - interval '1 second';"
        gave = played(connect, f"{table}DELETE FROM job WHERE id = 2;\n-- A\n" + f"{take}{expire}" * 6)
        assert gave["A"][::2] == [[(1,)]] * 5 + [[]]


# a-budget-over-many-rows


def test_the_budget_breaks_without_a_common_row_and_holds_with_one() -> None:
    tables = """CREATE TABLE project (id int PRIMARY KEY, budget int, spent int);
    CREATE TABLE expense (project_id int REFERENCES project, amount int);
    INSERT INTO project VALUES (1, 100, 80); INSERT INTO expense VALUES (1, 80);"""
    checked = "INSERT INTO expense SELECT 1, 15 WHERE (SELECT sum(amount) FROM expense) + 15 <= 100;"

    def spent(before: str, level: str = "READ COMMITTED", insert: str = checked) -> tuple[int, list]:
        """The sum after two requests, and all outcomes."""
        begin = f"BEGIN ISOLATION LEVEL {level};\n"
        steps = f"-- A\n{begin}{before}{insert}\n-- B\n{begin}{before}{insert}\n-- A\nCOMMIT;\n-- B\nCOMMIT;"
        with postgresql_schema() as connect:
            gave = played(connect, f"{tables}\n{steps}\n-- C\nSELECT sum(amount) FROM expense;")
            return gave["C"][0][0][0], gave["A"] + gave["B"]

    assert spent("")[0] == spent("", "REPEATABLE READ")[0] == 110
    rows = "CREATE TEMPORARY TABLE seen AS SELECT sum(amount) FROM (SELECT amount FROM expense FOR UPDATE) AS rows;"
    assert spent(rows, insert="INSERT INTO expense SELECT 1, 15 WHERE (SELECT sum FROM seen) + 15 <= 100;")[0] == 110
    assert spent("SELECT 1 FROM project WHERE id = 1 FOR NO KEY UPDATE;")[0] == 95
    total, outcomes = spent("", "SERIALIZABLE")
    assert total == 95 and "SerializationFailure" in outcomes


# a-counter-that-everybody-updates


def test_an_index_on_the_counter_prevents_hot_updates() -> None:
    with postgresql_schema() as connect:
        connection = connect(autocommit=True)
        counts = []
        for index in ("", "CREATE INDEX ON article (views)"):
            connection.execute("CREATE TABLE article (id int PRIMARY KEY, views int)")
            connection.execute(index or "SELECT 1")
            connection.execute("INSERT INTO article VALUES (1, 0)")
            with connection.transaction():
                connection.execute("UPDATE article SET views = views + 1")
                function = "SELECT pg_stat_get_xact_tuples_hot_updated('article'::regclass)"
                counts += connection.execute(function).fetchall()
            connection.execute("DROP TABLE article")
    assert counts == [(1,), (0,)]
