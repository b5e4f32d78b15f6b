"""What questions claim about writes, transactions and races is run, on SQLite in memory unless a test says otherwise.

One test for each question, named after its slug.
"""

import contextlib
import datetime
import io
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.test.utils import CaptureQueriesContext

from questions.tests.bank.content import Asked, django_models, postgresql_schema, run


def printed_by(function: Any) -> list[str]:
    """The lines that a call of the function prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        function()
    return output.getvalue().split()


def test_saved_twice_with_f(item: Asked) -> None:
    with django_models():
        program = run(item.code)
        product = program["Product"].objects.create(name="Mug", stock=10)
        program["sell_and_rename"](product)
        product.refresh_from_db()
        assert (product.name, {str(product.stock)}) == ("Blue mug", item.accepted)


def test_writes_and_their_signals(item: Asked) -> None:
    times_of = {"once": 1, "three times": 3}
    for statement, match in item.pairs.items():
        with django_models():
            program = run(item.code)
            Item = program["Item"]
            Item.objects.bulk_create(Item() for _ in range(3))
            words = printed_by(lambda statement=statement, program=program: exec(statement.strip("`"), program))
            post_save.disconnect(program["saved"], sender=Item)
            post_delete.disconnect(program["deleted"], sender=Item)
        if match == "nothing":
            assert words == []
        else:
            word, _, times = match.partition("” ")
            assert words == [word.strip("“")] * times_of[times]


def test_hooks_of_nested_blocks(item: Asked) -> None:
    with django_models():
        checkout = run(item.code)["checkout"]
        assert printed_by(checkout) == item.options


def test_last_unit_in_stock(item: Asked) -> None:
    with django_models():

        class Product(models.Model):
            stock = models.IntegerField()

        pk = Product.objects.create(stock=1).pk
        with CaptureQueriesContext(connection) as queries:
            sold = [Product.objects.filter(pk=pk, stock__gte=1).update(stock=F("stock") - 1) for _ in range(3)]
        assert (sold, Product.objects.get().stock, len(queries)) == ([1, 0, 0], 0, 3)
        assert "returns 1" in item.key

        Product.objects.update(stock=1)  # without the condition: below zero
        for _ in range(2):
            Product.objects.filter(pk=pk).update(stock=F("stock") - 1)
        assert Product.objects.get().stock == -1

        Product.objects.update(stock=1)  # two requests that read before either of them writes: sold twice
        requests = [Product.objects.get(pk=pk) for _ in range(2)]
        sold = []
        for product in requests:
            if product.stock >= 1:
                product.stock -= 1
                product.save()
                sold.append(product)
        assert (len(sold), Product.objects.get().stock) == (2, 0)


def test_setting_stored_twice(item: Asked) -> None:
    def rows_after_a_race(code: str) -> int:
        """How many rows there are when somebody else inserts between the look and the insert of this process."""
        with django_models():
            program = run(code)
            Setting = program["Setting"]

            def rival(execute: Any, sql: str, *arguments: Any) -> Any:
                result = execute(sql, *arguments)
                if sql.startswith("SELECT") and not written:
                    written.append(True)
                    Setting.objects.create(user_id=7, key="theme", value="light")
                return result

            written: list[bool] = []
            with connection.execute_wrapper(rival):
                program["store"](7, "theme", "dark")
            if Setting.objects.count() > 1:
                with pytest.raises(Setting.MultipleObjectsReturned):
                    program["store"](7, "theme", "dark")
            assert Setting.objects.filter(value="dark").exists()
            return Setting.objects.count()

    constraint = 'models.UniqueConstraint(fields=["user_id", "key"], name="one_value")'
    unique = item.code.replace(
        "\n\n\ndef store", f"\n\n    class Meta:\n        constraints = [{constraint}]\n\n\ndef store"
    )
    assert (rows_after_a_race(item.code), rows_after_a_race(unique)) == (2, 1)

    with postgresql_schema() as connect:  # two transactions at READ COMMITTED: there is no row to lock
        with connect(autocommit=True) as setup:
            setup.execute("CREATE TABLE setting (user_id int, key text)")
        first, second = connect(), connect()
        for worker in (first, second):
            assert worker.execute("SELECT * FROM setting WHERE user_id = 7 FOR UPDATE").fetchall() == []
        for worker in (first, second):
            worker.execute("INSERT INTO setting VALUES (7, 'theme')")
            worker.commit()
        assert first.execute("SELECT count(*) FROM setting").fetchone() == (2,)
    assert "unique constraint" in item.key


def test_nightly_price_feed(item: Asked) -> None:
    with django_models():

        class Product(models.Model):
            sku = models.CharField(max_length=9, unique=True)
            price = models.IntegerField()

        def feed() -> list[Product]:
            return [Product(sku=f"{n}", price=2) for n in range(20)]

        def start_again() -> None:
            Product.objects.all().delete()
            Product.objects.bulk_create(Product(sku=f"{n}", price=1) for n in range(10))

        def prices() -> list[int]:
            return list(Product.objects.values_list("price", flat=True))

        def statements(write: Any) -> int:
            with CaptureQueriesContext(connection) as queries:
                write()
            return sum(query["sql"].startswith(("INSERT", "UPDATE", "SELECT")) for query in queries)

        start_again()
        upsert = {"update_conflicts": True, "unique_fields": ["sku"], "update_fields": ["price"]}
        assert statements(lambda: Product.objects.bulk_create(feed(), **upsert)) == 1
        assert prices() == [2] * 20
        start_again()
        Product.objects.bulk_create(feed(), ignore_conflicts=True)
        assert sorted(prices()) == [1] * 10 + [2] * 10
        with pytest.raises(ValueError, match="primary key"):
            Product.objects.bulk_update(feed(), ["price"])
        start_again()

        def one_by_one() -> None:
            for product in feed():
                Product.objects.update_or_create(sku=product.sku, defaults={"price": 2})

        assert statements(one_by_one) == 40
        assert prices() == [2] * 20
    assert "update_conflicts=True" in item.key


def test_bulk_update_instead_of_save(item: Asked) -> None:
    with django_models():
        Article = run(item.code)["Article"]
        article, other = Article.objects.create(title="Old"), Article.objects.create(title="Other")
        long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        Article.objects.update(changed=long_ago)
        saved: list[Any] = []

        def receive(**_: Any) -> None:
            saved.append(1)

        post_save.connect(receive, sender=Article)
        article.title = "New"
        Article.objects.bulk_update([article], ["title"])
        article.refresh_from_db()
        happens = {"slug": article.slug == "new", "current time": article.changed != long_ago, "receiver": bool(saved)}
        for words, title in (("empty titles", ""), ("duplicate titles", "New")):
            other.title = title
            with pytest.raises(IntegrityError):
                Article.objects.bulk_update([other], ["title"])
            happens[words] = True
        article.save()
        assert (article.slug, article.changed > long_ago, saved) == ("new", True, [1])
        post_save.disconnect(receive, sender=Article)
    assert len(happens) == len(item.options)
    for words, still in happens.items():
        (option,) = [text for text in item.options if words.lower() in text.lower()]
        assert (option in item.accepted) is not still


def test_duplicate_caught_in_a_transaction(item: Asked) -> None:
    head = item.code.partition("    with transaction.atomic():\n")[0]
    create = "Tag.objects.create(name=name)"
    around_the_loop = (
        "        try:\n            for name in names:\n                Tag.objects.create(name=name)\n"
        "        except IntegrityError:\n            pass\n"
    )
    variants = {
        "as asked": item.code,
        "`DatabaseError`": item.code.replace("except IntegrityError", "except DatabaseError"),
        "rollback()": item.code.replace("continue", "transaction.rollback()"),
        "around the loop": f"{head}    with transaction.atomic():\n{around_the_loop}",
        "its own `atomic()`": item.code.replace(create, f"with transaction.atomic():\n                    {create}"),
    }
    kept, refused = {}, set()
    for change, code in variants.items():
        with django_models():
            program = run(code)
            program["Tag"].objects.create(name="old")
            try:
                program["import_tags"](["new", "old", "newer"])
            except transaction.TransactionManagementError:
                refused.add(change)
            kept[change] = program["Tag"].objects.count()
    assert refused == {"as asked", "rollback()"}
    assert kept == {change: 3 if change in item.key else 1 for change in variants}
    assert all(any(change in option for change in variants) for option in item.options)


def test_receipts_for_the_last_order(item: Asked) -> None:
    def sent(line: str) -> tuple[list[int], bool]:
        """What was sent, and whether it was sent after the commit."""
        calls: list[int] = []
        before: list[bool] = []
        with django_models() as database:
            program = run(item.code.replace("transaction.on_commit(lambda: send(number))  # this line", line))

            def send(number: int) -> None:
                calls.append(number)
                before.append(database.in_atomic_block)

            with contextlib.suppress(TypeError):
                program["send_receipts"]([1, 2, 3], send)
        return calls, not any(before)

    assert sent("transaction.on_commit(lambda: send(number))") == ([3, 3, 3], True)
    assert {option for option in item.options if sent(option.strip("`")) == ([1, 2, 3], True)} == {item.key}
