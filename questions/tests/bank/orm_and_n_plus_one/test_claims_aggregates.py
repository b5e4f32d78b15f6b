"""What questions claim about aggregates, conditions and subqueries is run, on SQLite in memory.

One test for each question, named after its slug.
"""

import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.tests.bank.content import Asked, django_models, run


def test_counts_over_two_joins(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        author = program["Author"].objects.create(name="Ada")
        for _ in range(3):
            author.books.create()
        for _ in range(2):
            author.awards.create()
        assert program["summary"]() == "6 6"
        Count = program["Count"]
        books, awards = Count("books", distinct=True), Count("awards", distinct=True)
        assert program["Author"].objects.annotate(b=books, a=awards).values_list("b", "a").get() == (3, 2)
    assert {tuple(filter(str.isdigit, text)) for text in item.accepted} == {("6", "6")}


def test_distinct_sum_of_lines(item: Asked) -> None:
    totals = []
    for code in (item.code, item.code.replace('"lines__amount", distinct=True', '"lines__amount"')):
        with django_models():
            program = run(code)
            order = program["Order"].objects.create()
            for amount in (10, 10, 5):
                order.lines.create(amount=amount)
            for _ in range(2):
                order.payments.create()
            totals.append(program["total"]())
    assert totals == [15, 50]
    assert item.accepted == {str(totals[0])}


def test_latest_comment_of_each_post(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        first = program["Post"].objects.create(title="first")
        second = program["Post"].objects.create(title="second")
        for post, day, text in ((first, 1, "z old"), (first, 2, "a new"), (second, 3, "only")):
            at = datetime.datetime(2026, 1, day, tzinfo=datetime.UTC)
            program["Comment"].objects.create(post=post, text=text, created=at)
        results: dict[str, tuple[list[tuple[str, str]], int]] = {}
        for option in item.options:
            with CaptureQueriesContext(connection) as queries:
                rows = program[option.strip("`()")]()
            results[option] = sorted(rows), len(queries)
    wanted = [("first", "a new"), ("second", "only")]
    assert {option for option, result in results.items() if result == (wanted, 1)} == {item.key}
    assert results["`by_prefetch()`"] == (wanted, 2)
    assert results["`by_maximum()`"] == ([("first", "z old"), ("second", "only")], 1)


def test_customers_with_an_unpaid_order(item: Asked) -> None:
    with django_models():
        program = run(item.code)

        def customer(name: str, *orders: tuple[int, bool]) -> None:
            one = program["Customer"].objects.create(name=name)
            for year, paid in orders:
                one.orders.create(year=year, paid=paid)

        customer("one unpaid", (2026, False))
        customer("two unpaid", (2026, False), (2026, False))
        customer("unpaid and paid", (2026, False), (2025, True))
        customer("in different orders", (2026, True), (2020, False))
        customer("no orders")
        found = {
            option: sorted(eval(option.strip("`"), program).values_list("name", flat=True)) for option in item.options
        }
    wanted = ["one unpaid", "two unpaid", "unpaid and paid"]
    assert {option for option, names in found.items() if names == wanted} == item.accepted


def test_open_and_closed_tickets(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        one = program["Project"].objects.create(name="a")
        program["Project"].objects.create(name="b")
        for is_open in (True, True, False):
            one.tickets.create(is_open=is_open)

        def numbers(option: str) -> Any:
            projects = eval("Project.objects" + option.strip("`"), program)
            return sorted(projects.values_list("name", "opened", "closed"))

        found = {option: numbers(option) for option in item.options}
    assert {option for option, rows in found.items() if rows == [("a", 2, 1), ("b", 0, 0)]} == {item.key}
    (counted,) = [option for option in item.options if "Count(Q(" in option]
    assert found[counted][0] == ("a", 3, 3)
