"""What the model answers of the open questions about Django rest on is run, on SQLite in memory unless a test says
otherwise."""

import datetime
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from questions.tests.bank.content import django_models, postgresql_schema, run

SHOP = """
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    amount = models.IntegerField(default=10)
    year = models.IntegerField(default=2026)


class Case(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="cases")
"""


def customer(program: dict[str, Any], orders: int = 0, cases: int = 0, **fields: Any) -> Any:
    """Create a customer with orders of 10 each and with cases."""
    one = program["Customer"].objects.create(name="Ada")
    for _ in range(orders):
        one.orders.create(**fields)
    for _ in range(cases):
        one.cases.create()
    return one


def sent_by(function: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


# lazy-querysets-explained


def test_an_index_before_the_loop_costs_a_query_and_after_it_none() -> None:
    with django_models():
        program = run(SHOP)
        one = customer(program, orders=3)
        orders = one.orders.all()
        assert sent_by(lambda: (orders[0], list(orders))) == 2
        assert sent_by(lambda: (orders[0], list(orders), len(orders), bool(orders))) == 0
        assert sent_by(lambda: [order for order in one.orders.all() if one.orders.all()]) == 4
        assert [sent_by(question) for question in (orders.all().count, one.orders.exists)] == [1, 1]
        assert [sent_by(question) for question in (orders.count, orders.exists)] == [0, 0]
        prefetched = program["Customer"].objects.prefetch_related("orders").get()
        assert sent_by(lambda: [order for order in prefetched.orders.all() if prefetched.orders.all()]) == 0
        single = customer(program, orders=1).orders.all()
        assert (sent_by(lambda: list(single)), sent_by(single.get)) == (1, 1)


# join-or-second-query


def test_sorting_in_the_prefetch_is_kept_and_sorting_in_the_loop_asks_again() -> None:
    with django_models():
        program = run(SHOP)
        for _ in range(3):
            customer(program, orders=2)
        newest_first = Prefetch("orders", queryset=program["Order"].objects.order_by("-pk"))
        everyone = program["Customer"].objects.prefetch_related(newest_first)
        assert [[order.pk for order in one.orders.all()] for one in everyone] == [[2, 1], [4, 3], [6, 5]]
        assert sent_by(lambda: [list(one.orders.all()) for one in everyone.all()]) == 2
        assert sent_by(lambda: [list(one.orders.order_by("year")) for one in everyone.all()]) == 5


# import-of-half-a-million-rows


def test_postgresql_refuses_an_upsert_that_meets_the_same_row_twice() -> None:
    with postgresql_schema() as connect, connect(autocommit=True) as database:
        database.execute("CREATE TABLE customer (number int UNIQUE, name text)")
        upsert = "ON CONFLICT (number) DO UPDATE SET name = EXCLUDED.name"
        with pytest.raises(psycopg.errors.CardinalityViolation):
            database.execute(f"INSERT INTO customer VALUES (1, 'a'), (1, 'b') {upsert}")  # type: ignore[arg-type]


def test_an_upsert_renews_auto_now_only_where_it_is_named() -> None:
    with django_models():

        class Customer(models.Model):
            number = models.IntegerField(unique=True)
            changed = models.DateTimeField(auto_now=True)

        long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

        def changed_by(*names: str) -> list[bool]:
            """Whether the time of the existing row and that of the new one are of today."""
            Customer.objects.all().delete()
            Customer.objects.create(number=1)
            Customer.objects.update(changed=long_ago)
            rows = [Customer(number=1), Customer(number=2)]
            options = {"update_conflicts": True, "unique_fields": ["number"], "update_fields": ["number", *names]}
            Customer.objects.bulk_create(rows, **options)
            return [one.changed > long_ago for one in Customer.objects.order_by("number")]

        assert changed_by() == [False, True]
        assert changed_by("changed") == [True, True]


# revenue-report-too-high


def test_revenue_is_multiplied_by_the_number_of_cases() -> None:
    with django_models():
        program = run(SHOP)
        for cases in range(4):
            customer(program, orders=2, cases=cases)
        customer(program)
        everyone = program["Customer"].objects.order_by("pk")
        both = everyone.annotate(revenue=Sum("orders__amount"), case_count=Count("cases"))
        assert list(both.values_list("revenue", "case_count")) == [(20, 0), (20, 2), (40, 4), (60, 6), (None, 0)]
        distinct = everyone.annotate(revenue=Sum("orders__amount", distinct=True))
        assert distinct.values_list("revenue", flat=True)[0] == 10
        of_one = program["Order"].objects.filter(customer=OuterRef("pk")).values("customer")
        totals = of_one.annotate(total=Sum("amount")).values("total")
        fixed = everyone.annotate(revenue=Coalesce(Subquery(totals), 0))
        assert list(fixed.values_list("revenue", flat=True)) == [20, 20, 20, 20, 0]


def test_a_filter_after_the_annotation_joins_again() -> None:
    with django_models():
        program = run(SHOP)
        one = customer(program, orders=2)
        one.orders.create(year=2020, amount=5)
        everyone, this_year = program["Customer"].objects, Q(orders__year=2026)
        assert everyone.filter(this_year).annotate(total=Sum("orders__amount")).get().total == 20
        assert everyone.annotate(total=Sum("orders__amount", filter=this_year)).get().total == 20
        assert everyone.annotate(total=Sum("orders__amount")).filter(this_year).get().total == 50  # (10 + 10 + 5) * 2


# order-payment-and-email


def test_a_hook_is_dropped_with_the_block_that_it_belongs_to() -> None:
    ran = []

    def fails() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: ran.append("inner"))
            raise RuntimeError

    with django_models():
        with transaction.atomic():
            transaction.on_commit(lambda: ran.append("outer"))
            with pytest.raises(RuntimeError):
                fails()
            assert ran == []
        assert ran == ["outer"]


def test_a_test_case_can_run_the_hooks() -> None:
    assert callable(TestCase.captureOnCommitCallbacks)
    assert callable(transaction.non_atomic_requests)


def test_a_check_constraint_is_the_last_defence() -> None:
    with django_models():

        class Product(models.Model):
            stock = models.IntegerField()

            class Meta:
                constraints = [models.CheckConstraint(condition=Q(stock__gte=0), name="stock_not_negative")]

        Product.objects.create(stock=0)
        with pytest.raises(IntegrityError, match="stock_not_negative"):
            Product.objects.update(stock=models.F("stock") - 1)
