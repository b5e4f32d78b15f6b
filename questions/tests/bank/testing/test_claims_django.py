"""What questions claim about Django's test classes and about databases is run with Django, SQLite and PostgreSQL.

One test for each question, named after its slug.
"""

import re
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.contrib.contenttypes.models import ContentType
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, connections, models, transaction
from django.db.models import ProtectedError
from django.db.utils import load_backend
from django.test import TestCase, TransactionTestCase
from django.test.utils import isolate_apps
from factory import SubFactory
from factory.django import DjangoModelFactory

from questions.tests.bank.content import django_tables, postgresql_schema


class Table(models.Model):
    """The base of the models: they belong to an app that every project has."""

    class Meta:
        abstract = True
        app_label = "contenttypes"

    def __str__(self):
        return str(self.pk)


class Committing(TransactionTestCase):
    available_apps: list[str] = []

    def _fixture_teardown(self):
        """Nothing is emptied: what was committed can be looked at, and the database in memory goes away."""


def problems(test_class):
    """Run the tests of the class; return the name of the exception behind each problem."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(test_class).run(result)
    assert result.testsRun
    tracebacks = [text for _, text in result.failures + result.errors]
    return [re.findall(r"^(?:\w+\.)*(\w+)(?:: |$)", text, re.MULTILINE)[-1] for text in tracebacks]


def defined(code, **names):
    """What the code defines when it is run with these names."""
    namespace = {"__name__": "listing", "TestCase": TestCase, "transaction": transaction, **names}
    exec(code, namespace)
    return namespace


@isolate_apps("django.contrib.contenttypes")
def test_confirmation_after_commit(item):
    class Order(Table):
        pass

    def problems_of(code):
        names = {"Order": Order, "sent": [], "TransactionTestCase": Committing}
        with django_tables(Order):
            found = problems(defined(code, **names)["OrderTests"])
            return found, Order.objects.exists()

    def inside(manager):
        return item.code.replace("        place_order()\n", f"        with {manager}:\n            place_order()\n")

    assert problems_of(item.code) == (["AssertionError"], False)
    assert problems_of(inside("self.captureOnCommitCallbacks(execute=True)")) == ([], False)
    assert problems_of(inside("transaction.atomic()")) == (["AssertionError"], False)
    committed = item.code.replace("        place_order()\n", "        place_order()\n        transaction.commit()\n")
    assert problems_of(committed) == (["TransactionManagementError"], False)
    assert problems_of(item.code.replace("(TestCase)", "(TransactionTestCase)")) == (
        [],
        True,
    )  # committed, so no rollback
    assert "captureOnCommitCallbacks(execute=True)" in item.key


@isolate_apps("django.contrib.contenttypes")
def test_count_after_a_unique_error(item):
    class Tag(Table):
        name = models.CharField(max_length=10, unique=True)

    def problems_of(code):
        with django_tables(Tag):
            return problems(defined(code, Tag=Tag, IntegrityError=IntegrityError)["TagTests"])

    assert problems_of(item.code) == ["TransactionManagementError"]
    assert "`TransactionManagementError`" in item.key
    assert (
        problems_of(
            item.code.replace(
                "self.assertRaises(IntegrityError)", "self.assertRaises(IntegrityError), transaction.atomic()"
            )
        )
        == []
    )


def test_order_seen_from_a_thread(item):
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(lambda: connections["default"]).result() is not connections["default"]
    with postgresql_schema() as connect:
        of_test, of_thread = connect(), connect(autocommit=True)
        of_test.execute("CREATE TABLE orders (total integer)")
        of_test.commit()

        def sum_of_orders():
            return of_thread.execute("SELECT sum(total) FROM orders").fetchall()

        with of_test.transaction():  # that of the class, with the data of `setUpTestData`
            with of_test.transaction():  # a savepoint, as `atomic()` makes one
                of_test.execute("INSERT INTO orders VALUES (40)")
            assert sum_of_orders() == [(None,)]
        assert sum_of_orders() == [(40,)]
    assert "`TransactionTestCase`" in item.key


@isolate_apps("django.contrib.contenttypes")
def test_rows_in_another_order(item):
    class Book(Table):
        title = models.CharField(max_length=10)
        published = models.BooleanField(default=False)

    with django_tables(Book):
        assert problems(defined(item.code, Book=Book)["BookTests"]) == []  # on SQLite
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute("CREATE TABLE book (id serial PRIMARY KEY, title text, published boolean DEFAULT false)")
        for title in "ABC":
            connection.execute("INSERT INTO book (title) VALUES (%s)", [title])
        connection.execute("UPDATE book SET published = true WHERE title = 'A'")

        def rows(order=""):
            return connection.execute(f"SELECT title, id FROM book {order}").fetchall()

        assert rows() == [("B", 2), ("C", 3), ("A", 1)]  # the key of A is still 1
        assert rows("ORDER BY published") == rows()
        assert rows("ORDER BY id") == [("A", 1), ("B", 2), ("C", 3)]
        connection.execute("UPDATE book SET published = true WHERE title = 'B'")
        connection.execute("UPDATE book SET published = true WHERE title = 'C'")
        assert {title for title, _ in rows()} == {"A", "B", "C"}
    assert item.key.endswith("the update wrote `A` again at the end")


@isolate_apps("django.contrib.contenttypes")
def test_left_after_the_rollback(item):
    cache, left = LocMemCache("left-after-the-rollback", {}), {}

    with tempfile.TemporaryDirectory() as folder:

        class Row(Table):
            name = models.CharField(max_length=10, default="old")
            file = models.FileField(storage=FileSystemStorage(folder))

        class Tests(TestCase):
            @classmethod
            def setUpTestData(cls):
                cls.shared = ContentType(model="before")
                Row.objects.create(file="old.txt")

            def test_1(self):
                cache.set("key", "value")
                with transaction.atomic():
                    Row.objects.update(name="new")
                Row.objects.create(file=ContentFile(b"text", name="a.txt"))
                with self.settings(SITE_NAME="changed"):
                    self.shared.model = "changed"

            def test_2(self):
                left["cache.set"] = cache.get("key") == "value"
                left["transaction.atomic"] = Row.objects.get().name == "new"
                left["self.settings"] = getattr(settings, "SITE_NAME", "") == "changed"
                left["FileField"] = FileSystemStorage(folder).exists("a.txt")
                left["setUpTestData"] = self.shared.model == "changed"

        with django_tables(Row):
            assert problems(Tests) == []
    cache.clear()
    with postgresql_schema() as connect:
        connection = connect()
        connection.execute("CREATE TABLE row (id integer GENERATED ALWAYS AS IDENTITY)")
        connection.commit()
        connection.execute("INSERT INTO row DEFAULT VALUES")
        connection.rollback()
        left["sequence"] = connection.execute("INSERT INTO row DEFAULT VALUES RETURNING id").fetchone() == (2,)
    assert len(left) == len(item.options)
    assert {text for text in item.options for word in left if word in text and left[word]} == item.accepted


@isolate_apps("django.contrib.contenttypes")
def test_faults_that_sqlite_forgives(item):
    class Author(Table):
        name = models.CharField(max_length=10, unique=True)

    class Book(Table):
        title = models.CharField(max_length=10)
        author = models.ForeignKey(Author, models.PROTECT)

    found_on_sqlite = {
        "unique=True": (IntegrityError, lambda: Author.objects.create(name="Ada")),
        "PROTECT": (ProtectedError, lambda: Author.objects.get(name="Ada").delete()),
        "None": (IntegrityError, lambda: Author.objects.create(name=None)),
    }
    with django_tables(Author, Book):
        Book.objects.create(title="x" * 30, author=Author.objects.create(name="Ada"))
        assert len(Book.objects.get().title) == 30
        assert Author.objects.filter(name__contains="ada").exists()
        assert len(Author.objects.select_for_update()) == 1
        for error, step in found_on_sqlite.values():
            with pytest.raises(error):
                step()

        options = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.postgresql"}
        django_on_postgresql = load_backend(options["ENGINE"]).DatabaseWrapper(options)
        django_on_postgresql.ensure_connection = lambda: None  # it only writes SQL
        django_on_postgresql.autocommit = True
        with pytest.raises(transaction.TransactionManagementError):
            Author.objects.select_for_update().query.get_compiler(connection=django_on_postgresql).as_sql()
    with postgresql_schema() as connect:
        connection = connect(autocommit=True)
        connection.execute("CREATE TABLE author (name varchar(10) UNIQUE NOT NULL)")
        connection.execute("INSERT INTO author VALUES ('Ada')")
        assert connection.execute("SELECT name FROM author WHERE name LIKE '%ada%'").fetchall() == []
        for value, error in {
            "x" * 30: psycopg.errors.StringDataRightTruncation,
            "Ada": psycopg.errors.UniqueViolation,
            None: psycopg.errors.NotNullViolation,
        }.items():
            with pytest.raises(error):
                connection.execute("INSERT INTO author VALUES (%s)", [value])
    found = {text for text in item.options for word in found_on_sqlite if word in text}
    assert set(item.options) - found == item.accepted


@isolate_apps("django.contrib.contenttypes")
def test_three_lines_of_an_order(item):
    class Customer(Table):
        pass

    class Order(Table):
        customer = models.ForeignKey(Customer, models.CASCADE)

    class Line(Table):
        order = models.ForeignKey(Order, models.CASCADE)

    tables = [Customer, Order, Line]
    names = {model.__name__: model for model in tables}

    def rows(code):
        with django_tables(*tables):
            defined(code, SubFactory=SubFactory, DjangoModelFactory=DjangoModelFactory, **names)
            return sum(model.objects.count() for model in tables)

    assert item.accepted == {str(rows(item.code))}
    assert rows(item.code.replace("create_batch(3)", "create_batch(3, order=OrderFactory())")) == 5


def test_a_third_of_a_second_per_user(item):
    def seconds(hasher, **options):
        start = time.perf_counter()
        hasher.encode("secret", "salt", **options)
        return time.perf_counter() - start

    usual, fast = PBKDF2PasswordHasher(), MD5PasswordHasher()
    assert usual.iterations == 1_000_000
    assert seconds(usual, iterations=20_000) * 50 > 20 * seconds(fast)
    assert 0.9 < 3000 * 0.33 / 1071.2 < 1
    assert "`MD5PasswordHasher`" in item.key
