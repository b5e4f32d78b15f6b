"""What questions claim about loading objects with Django's ORM is run, on SQLite in memory.

One test for each question, named after its slug. The statements that Django sends are counted.
"""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import Count, Prefetch
from django.test.utils import CaptureQueriesContext

from questions.tests.bank.content import Asked, django_models, run


def sent_by(function: Any) -> int:
    """The number of queries that a call of the function sends."""
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


def create_books(program: dict[str, Any], number: int, authors: int, **fields: Any) -> None:
    """Create the books, and the authors to whom they belong in turn."""
    Author, Book = program["Author"], program["Book"]
    written_by = [Author.objects.create() for _ in range(authors)]
    Book.objects.bulk_create(Book(author=written_by[n % authors], **fields) for n in range(number))


def test_author_of_every_book(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        create_books(program, 30, authors=12)
        assert item.accepted == {str(sent_by(program["shelf"]))}
        assert sent_by(lambda: [book.author for book in program["Book"].objects.select_related("author")]) == 1
        assert sent_by(lambda: [book.author for book in program["Book"].objects.prefetch_related("author")]) == 2


def test_queryset_inside_a_filter(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        create_books(program, 3, authors=2)
        program["Author"].objects.filter(pk=1).update(awarded=True)
        assert len(program["awarded_books"]()) == 2
        assert (sent_by(program["awarded_books"]), item.key) == (1, "True")


def test_filter_after_prefetch(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        create_books(program, 30, authors=10)
        assert item.accepted == {str(sent_by(program["shelf"]))}
        published = program["Book"].objects.filter(published=True)
        prefetch = Prefetch("books", queryset=published, to_attr="published_books")
        authors = program["Author"].objects.prefetch_related(prefetch)
        assert sent_by(lambda: [author.published_books for author in authors]) == 2


def test_four_needs_of_a_book_list(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        create_books(program, 3, authors=3)
        Book, Review = program["Book"], program["Review"]
        names = {"Review": Review, "Prefetch": Prefetch, "Count": Count}

        def read_author(book: Any) -> Any:
            return book.author.name

        def read_tags(book: Any) -> Any:
            return list(book.tags.all())

        def read_approved(book: Any) -> Any:
            return [review.approved for review in book.reviews.all()]

        def read_number(book: Any) -> Any:
            return book.review_count

        needs = {"author": read_author, "tags": read_tags, "approved": read_approved, "number": read_number}
        numbers = {"author": 1, "tags": 2, "approved": 2, "number": 1}
        for word, read in needs.items():
            (call,) = [match for text, match in item.pairs.items() if word in text]
            books = eval(f"Book.objects.{call.strip('`')}", names | {"Book": Book})
            assert sent_by(lambda books=books, read=read: [read(book) for book in books]) == numbers[word]
        assert sent_by(lambda: [read_author(book) for book in Book.objects.prefetch_related("author")]) == 2
        with pytest.raises(FieldError):
            list(Book.objects.select_related("tags"))
    left_over = [match for text, match in zip(item.options, item.matches, strict=True) if not text]
    assert left_over == ['select_related("tags")', 'prefetch_related("author")']


def test_exists_before_a_loop(item: Asked) -> None:
    numbers = []
    for code in (item.code, item.code.replace("if orders:", "if orders.exists():")):
        with django_models():
            program = run(code)
            customer = program["Customer"].objects.create(name="Ada")
            customer.orders.create(number=7)
            numbers.append(sent_by(lambda program=program, customer=customer: program["summary"](customer)))
    assert (numbers, item.key) == ([1, 2], "False")


def test_export_in_chunks(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        customer = program["Customer"].objects.create(name="Ada")
        program["Order"].objects.bulk_create(program["Order"](customer=customer) for _ in range(1000))
        assert item.accepted == {str(sent_by(lambda: list(program["export"]())))}


def test_query_count_with_one_row(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        create_books(program, 1, authors=1)
        assert sent_by(program["page"]) == 2  # what the test in the question expects
        create_books(program, 1, authors=1)
        assert sent_by(program["page"]) == 3
        create_books(program, 198, authors=198)
        assert sent_by(program["page"]) == 201
        assert "single book" in item.key


def test_wide_project_of_each_ticket(item: Asked) -> None:
    loaded = []

    class Description(models.TextField):
        def from_db_value(self, value: str, *_: Any) -> str:
            loaded.append(value)  # called for each value that comes out of the database
            return value

    with django_models():

        class Project(models.Model):
            description = Description()

        class Ticket(models.Model):
            title = models.CharField(max_length=80)
            project = models.ForeignKey(Project, on_delete=models.CASCADE)

        projects = [Project.objects.create(description="wide") for _ in range(3)]
        Ticket.objects.bulk_create(Ticket(title="t", project=projects[n % 3]) for n in range(60))
        lines = run(item.code)["lines"]
        times = {}
        for option in item.options:
            loaded.clear()
            assert len(list(lines(eval(option.strip("`"), {"Ticket": Ticket})))) == 60
            times[option] = len(loaded)
    assert times.pop(item.key) == 3
    assert set(times.values()) == {60}


def test_log_of_a_book_page(item: Asked) -> None:
    with django_models():

        class Author(models.Model):
            name = models.CharField(max_length=80)

        class Book(models.Model):
            title = models.CharField(max_length=80)
            author = models.ForeignKey(Author, on_delete=models.CASCADE)

        for number in (31, 8, 31, 17):
            author, _ = Author.objects.get_or_create(pk=number)
            Book.objects.create(title=f"{Book.objects.count()}", author=author)

        def sent_with(call: str) -> int:
            books = eval(f"Book.objects.order_by('title')[:4]{call}", {"Book": Book})
            return sent_by(lambda: [book.author.name for book in books])

        assert sent_with("") == len(item.code.splitlines())

        def page(call: str) -> Any:
            books = call if call.startswith("Book") else f"Book.objects.{call.removeprefix('.')}"
            return eval(f"{books}.order_by('title')[:4]", {"Book": Book})

        for call in [option for option in item.options if "(" in option]:
            number = sent_by(lambda call=call: [book.author.name for book in page(call)])
            assert (number == 1) is (call in item.accepted)


def test_slower_with_only(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        Book = program["Book"]
        Book.objects.bulk_create(Book(title="t", year=2026) for _ in range(100))
        with CaptureQueriesContext(connection) as queries:
            program["labels"]()
        assert len(queries) == 101
        first, *others = [query["sql"] for query in queries.captured_queries]
        assert '"text"' not in first  # it is left out of the query
        assert all('"year"' in query for query in others)
        assert sent_by(lambda: [book.year for book in Book.objects.only("title", "year")]) == 1
    assert "year" in item.key
