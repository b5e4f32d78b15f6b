"""What questions claim about indexes and plans is compared with the plans that PostgreSQL makes.

One test for each question, named after its slug.
"""

import re

from questions.tests.bank.content import plan, postgresql_schema, stated

ORDERS = """
CREATE TABLE orders (
    id integer PRIMARY KEY, customer_id integer, created_at timestamptz, total integer, status text, note text
);
INSERT INTO orders
SELECT n, n % 100, timestamptz '2026-01-01' + n * interval '1 hour', n % 1000,
    CASE WHEN n % 50 = 0 THEN 'open' ELSE 'sent' END, 'none'
FROM generate_series(1, 10000) AS n;
"""


def prepared(connect, *statements):
    """A connection to the schema after these statements, with fresh statistics."""
    connection = connect(autocommit=True)
    for statement in statements:
        connection.execute(statement)
    tables = "SELECT string_agg(relname, ', ') FROM pg_stat_user_tables WHERE schemaname = current_schema()"
    connection.execute("VACUUM ANALYZE " + connection.execute(tables).fetchone()[0])
    return connection


def test_rows_in_all_loops(item):
    tables = """
    CREATE TABLE customer AS
    SELECT n AS id, CASE n % 80 WHEN 0 THEN 'NO' ELSE 'DE' END AS country FROM generate_series(1, 960) AS n;
    CREATE TABLE orders AS
    SELECT n AS id, n / 10 + 1 AS customer_id, CASE WHEN n % 10 < 3 THEN 'open' ELSE 'sent' END AS status
    FROM generate_series(0, 9599) AS n;
    CREATE INDEX orders_customer ON orders (customer_id);
    """
    query = """SELECT * FROM customer JOIN orders ON orders.customer_id = customer.id
    WHERE customer.country = 'NO' AND orders.status = 'open'"""
    with postgresql_schema() as connect:
        lines = plan(prepared(connect, tables), query)
    assert lines == item.code.rstrip()
    numbers = re.search(r"on orders \(actual rows=(\d+).00 loops=(\d+)\)[\s\S]*Removed by Filter: (\d+)", lines)
    passed, loops, removed = map(int, numbers.groups())
    assert item.key == str((passed + removed) * loops)


def test_heap_fetches_after_an_update(item):
    query = "SELECT customer_id, total FROM orders WHERE customer_id = 7"
    index = "CREATE INDEX orders_customer ON orders (customer_id) INCLUDE (total{})"
    fetched = {}
    with postgresql_schema() as connect:
        connection = prepared(connect, ORDERS, index.format(""))
        assert "Heap Fetches: 0" in plan(connection, query)
        connection.execute("UPDATE orders SET status = 'held' WHERE id % 20 = 1")
        assert plan(connection, query) == item.code.rstrip()
        for option in sorted(item.options, key=lambda text: "VACUUM" in text):
            if "`INCLUDE`" in option:
                connection.execute("DROP INDEX orders_customer")
                connection.execute(index.format(", status"))
            else:
                connection.execute(stated(option)[0])
            fetched[option] = "Heap Fetches: 0" in plan(connection, query)
    assert {option for option, none in fetched.items() if none} == {item.key}


def test_login_does_not_use_the_index(item):
    table = """
    CREATE TABLE customer AS SELECT n AS id, 'User' || n || '@example.com' AS email, 'x' AS name
    FROM generate_series(1, 5000) AS n;
    CREATE INDEX customer_email ON customer (email);
    """
    query = "SELECT * FROM customer WHERE lower(email) = 'user77@example.com'"
    with postgresql_schema() as connect:
        connection = prepared(connect, table)
        for change in (
            "ANALYZE customer",
            "CREATE INDEX ON customer USING hash (email)",
            "CREATE INDEX ON customer (email) INCLUDE (id)",
        ):
            connection.execute(change)
            assert plan(connection, query) == item.code.rstrip()
        connection.execute("CREATE INDEX ON customer (lower(email)); ANALYZE customer")
        assert "Index" in plan(connection, query)
    assert item.key == "An index on `lower(email)`"


def test_estimate_of_one_row(item):
    table = """
    CREATE TABLE customer AS SELECT n AS id, 'country ' || n % 50 AS country, 'city ' || n % 50 AS city
    FROM generate_series(1, 5000) AS n;
    """
    query = "SELECT * FROM customer WHERE country = 'country 7' AND city = 'city 7'"
    targets = "ALTER TABLE customer ALTER country SET STATISTICS 1000, ALTER city SET STATISTICS 1000"
    estimates = {}
    with postgresql_schema() as connect:
        connection = prepared(connect, table)
        for name, change in {
            "": "SELECT 1",
            "`SET enable_nestloop = off`": "SET enable_nestloop = off",
            "statistics target": targets,
            "An index on": "CREATE INDEX customer_place ON customer (country, city)",
            "`CREATE STATISTICS`": "CREATE STATISTICS pairs (dependencies) ON country, city FROM customer",
        }.items():
            connection.execute(change)
            connection.execute("ANALYZE customer")
            lines = [line for (line,) in connection.execute(f"EXPLAIN ({ANALYZE}) {query}")]
            if not name:
                assert "\n".join(re.sub(r"cost=\S+ | width=\d+", "", line) for line in lines) == item.code.rstrip()
            estimates[name] = int(re.findall(r"rows=(\d+) ", lines[0])[0])
    assert [name for name, rows in estimates.items() if rows == 100] == ["`CREATE STATISTICS`"]
    assert {rows for rows in estimates.values() if rows != 100} == {2}
    assert "`CREATE STATISTICS`" in item.key


ANALYZE = "ANALYZE, BUFFERS OFF, TIMING OFF, SUMMARY OFF"


def test_how_each_query_uses_the_index(item):
    rows = """INSERT INTO orders SELECT n, n % 100, timestamptz '2026-01-01' + n * interval '1 hour', n % 1000, 'none'
    FROM generate_series(1, 10000) AS n"""
    with postgresql_schema() as connect:
        connection = prepared(connect, item.code, rows)
        for text, match in item.pairs.items():
            lines = plan(connection, text.strip("`"))
            if "Index Only Scan" in lines:
                read = "the index alone"
            else:
                read = "the whole table" if "Seq Scan" in lines else "the index and the table"
            sorts = read == match.split(",")[0] and ("Sort" in lines) == match.endswith("then a sort")
            assert sorts, lines


def test_index_for_a_tenants_events(item):
    table = """
    CREATE TABLE event AS
    SELECT n AS id, n % 20 AS tenant_id, timestamptz '2026-01-01' + n * interval '1 minute' AS created_at, 'x' AS body
    FROM generate_series(1, 10000) AS n;
    """
    pages = {}
    with postgresql_schema() as connect:
        connection = prepared(connect, table)
        for columns in item.options:
            connection.execute(f"CREATE INDEX event_index ON event {columns.strip('`')}")
            connection.execute("ANALYZE event")
            connection.execute(item.code)
            lines = plan(connection, item.code, "ANALYZE, BUFFERS")
            straight = "Index Cond: ((tenant_id" in lines and not re.search("Sort|Filter", lines)
            assert straight == (columns == item.key), lines
            pages[columns] = sum(map(int, re.findall(r"=(\d+)", re.findall("Buffers.*", lines)[0])))
            connection.execute("DROP INDEX event_index")
    assert min(pages, key=pages.get) == item.key


def test_feed_without_gaps(item):
    posts = """
    CREATE TABLE post AS SELECT n AS id, timestamptz '2026-01-01' + (n / 30) * interval '1 minute' AS created_at
    FROM generate_series(1, 600) AS n;
    CREATE INDEX post_feed ON post (created_at, id);
    INSERT INTO post VALUES (601, '2025-12-31');
    """
    with postgresql_schema() as connect:
        connection = prepared(connect, posts)
        order = "ORDER BY created_at DESC, id DESC"
        everything = connection.execute(f"SELECT created_at, id FROM post {order}").fetchall()

        def all_pages(condition):
            """The posts as they are seen from page to page."""
            seen, page = everything[:0], everything[:20]
            while page and len(seen) < 700:
                seen += page
                last = dict(zip(("time", "id"), page[-1], strict=True))
                query = f"SELECT created_at, id FROM post WHERE {condition} {order} LIMIT 20"
                page = connection.execute(query, last).fetchall()
            return seen

        right = "(created_at, id) < (%(time)s, %(id)s)"
        assert all_pages(right) == everything
        assert len(all_pages("created_at < %(time)s")) < 600
        assert everything[-1] not in all_pages("created_at <= %(time)s AND id < %(id)s")
        page = "SELECT * FROM post {} ORDER BY created_at DESC, id DESC LIMIT 20 {}"
        by_key = plan(connection, page.format("WHERE (created_at, id) < ('2026-01-01 00:05Z', 150)", ""))
        by_offset = plan(connection, page.format("", "OFFSET 500"))
        read = [re.findall(r"actual rows=(\d+)", lines)[1] for lines in (by_key, by_offset)]
        assert read == ["20", "520"]
    assert item.key.startswith("`WHERE (created_at, id) < (…, …)")


def test_queries_for_a_partial_index(item):
    with postgresql_schema() as connect:
        connection = prepared(connect, ORDERS, item.code, "SET enable_seqscan = off")  # where it can be used, it is
        assert {text for text in item.options if "orders_open" in plan(connection, text.strip("`"))} == item.accepted
