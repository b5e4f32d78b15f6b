"""The guide's programs print what stands beneath them, and its facts hold."""

import psycopg
import pytest

from questions.tests.bank.content import django_on_postgresql, postgresql_schema, printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("09-schema-migrations.yaml")


@pytest.mark.parametrize("slug", ["gives-up-and-tries-again", "by-key"])
def test_a_listing_for_postgresql_prints_what_stands_beneath_it(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = BANK.fields("codelisting", slug)
    with postgresql_schema() as connect:
        parameters = connect().info.get_parameters()
        monkeypatch.setenv("PGDATABASE", parameters.pop("dbname"))
        for name, value in parameters.items():
            monkeypatch.setenv(f"PG{name.upper()}", value)
        assert printed(listing["code"]) == listing["output"]


def test_the_listing_of_defaults_prints_what_stands_beneath_it() -> None:
    listing = BANK.fields("codelisting", "two-defaults")
    with django_on_postgresql():
        assert printed(listing["code"]) == listing["output"]


TABLES = """
    CREATE TABLE customers (id int PRIMARY KEY);
    CREATE TABLE orders (id int NOT NULL, total int, customer_id int);
    ALTER TABLE orders ADD CONSTRAINT known CHECK (total > 0) NOT VALID;
"""


@pytest.mark.parametrize(
    ("statement", "modes"),
    [
        ("ALTER TABLE orders ADD COLUMN note text", {"orders AccessExclusiveLock"}),
        ("CREATE INDEX ON orders (total)", {"orders ShareLock"}),
        ("ALTER TABLE orders VALIDATE CONSTRAINT known", {"orders ShareUpdateExclusiveLock"}),
        (
            "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
            {"customers ShareRowExclusiveLock", "orders ShareRowExclusiveLock"},
        ),
        ("ALTER TABLE orders ADD UNIQUE (id)", {"orders AccessExclusiveLock"}),
        ("ALTER TABLE orders ALTER COLUMN id TYPE bigint", {"orders AccessExclusiveLock"}),
        ("ALTER TABLE orders DROP COLUMN total", {"orders AccessExclusiveLock"}),
        ("ALTER TABLE orders ADD CONSTRAINT given NOT NULL total NOT VALID", {"orders AccessExclusiveLock"}),
    ],
)
def test_a_statement_takes_the_lock_that_the_guide_names(statement: str, modes: set[str]) -> None:
    held = """
        SELECT relname || ' ' || mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
        WHERE pid = pg_backend_pid() AND relname IN ('orders', 'customers')
        AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
    """
    with postgresql_schema() as connect:
        session = connect()
        session.execute(TABLES)
        session.commit()
        session.execute(statement)
        found = {name for (name,) in session.execute(held)}
    assert found - {"orders ShareLock"} <= modes <= found


def test_a_validated_not_null_of_postgresql_18_needs_no_check() -> None:
    with postgresql_schema() as connect:
        session = connect(autocommit=True)
        session.execute("CREATE TABLE users (id int, email text)")
        session.execute("INSERT INTO users VALUES (1)")
        session.execute("ALTER TABLE users ADD CONSTRAINT email_set NOT NULL email NOT VALID")
        with pytest.raises(psycopg.errors.NotNullViolation):
            session.execute("INSERT INTO users VALUES (2)")
        with pytest.raises(psycopg.errors.NotNullViolation):
            session.execute("ALTER TABLE users VALIDATE CONSTRAINT email_set")
        session.execute("UPDATE users SET email = 'eve@example.com'")
        session.execute("ALTER TABLE users VALIDATE CONSTRAINT email_set")
