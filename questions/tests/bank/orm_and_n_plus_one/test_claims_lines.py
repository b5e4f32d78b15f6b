"""What the two reviews of ORM code claim is run, on SQLite in memory."""

import contextlib
import gc
import sys
import warnings
from types import ModuleType
from typing import Any

import aiosqlite
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from sqlalchemy import ForeignKey, StaticPool, select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from questions.tests.bank.content import Asked, django_models, in_new_loop, run


def modules(**contents: dict[str, Any]) -> dict[str, ModuleType]:
    """The package `shop` with these modules."""
    made = {"shop": ModuleType("shop")}
    for name, members in contents.items():
        made[f"shop.{name}"] = ModuleType(f"shop.{name}")
        vars(made[f"shop.{name}"]).update(members)
    return made


@contextlib.contextmanager
def importable(made: dict[str, ModuleType]) -> Any:
    sys.modules.update(made)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]


def test_review_of_the_shipping_code(item: Asked) -> None:
    with django_models() as database:

        class Customer(models.Model):
            name = models.CharField(max_length=80)

        class Order(models.Model):
            customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
            shipped = models.BooleanField(default=False)

        class Product(models.Model):
            stock = models.IntegerField(default=10)

        class Line(models.Model):
            order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
            product = models.ForeignKey(Product, models.CASCADE)
            quantity = models.IntegerField(default=1)

        queued_in_transaction = []

        class Task:
            @staticmethod
            def delay(number: int) -> None:
                queued_in_transaction.append(database.in_atomic_block)

        with importable(modules(models={"Order": Order}, tasks={"send_parcel_email": Task})):
            program = run(item.code)
        orders = [Order.objects.create(customer=Customer.objects.create(name=name)) for name in "abc"]
        products = [Product.objects.create() for _ in range(4)]
        for product in products:
            Line.objects.create(order=orders[0], product=product)

        def rival(execute: Any, sql: str, *arguments: Any) -> Any:
            """Another worker sells 5 of the product right before this one writes."""
            if sql.startswith("UPDATE") and "stock" in sql and not sold:
                sold.append(5)
                Product.objects.filter(pk=products[0].pk).update(stock=models.F("stock") - 5)
            return execute(sql, *arguments)

        sold: list[int] = []
        with CaptureQueriesContext(connection) as queries, connection.execute_wrapper(rival):
            assert program["ship"](orders[0].pk) == "a"
        loads = [query for query in queries.captured_queries if "SELECT" in query["sql"] and "product" in query["sql"]]
        assert sum('FROM "contenttypes_product"' in query["sql"] for query in loads) == 4  # lines 10 and 11
        assert Product.objects.get(pk=products[0].pk).stock == 9  # lines 12 and 13: the 5 are lost
        assert queued_in_transaction == [True]  # line 16

        with CaptureQueriesContext(connection) as queries:
            assert program["unshipped"](Customer.objects) == [("a", 0), ("b", 1), ("c", 1)]
        assert len(queries) == 2 + 3  # lines 22 to 24
    assert item.accepted == {"10-11", "12-13", "16", "22-24"}


def test_review_of_async_sessions(item: Asked) -> None:
    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        last_seen: Mapped[str | None]
        orders = relationship("Order")

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    async def main() -> tuple[str, str, str]:
        engine = create_async_engine(
            "sqlite+aiosqlite://", poolclass=StaticPool, async_creator=lambda: aiosqlite.connect(":memory:")
        )
        async with engine.begin() as opened:
            await opened.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine) as session:
            session.add(User(id=1, name="ada", orders=[Order()]))
            await session.commit()
        with importable(modules(database={"Order": Order, "User": User, "engine": engine})):
            program = run(item.code.replace("datetime.now(UTC)", "'now'"))
        lazy = ""
        try:
            await program["order_ids"](1)
        except StatementError as error:
            lazy = str(error)
        told = await program["rename"](1, "grace")
        async with AsyncSession(engine) as session:
            stored = (await session.scalars(select(User.name))).one()
        await engine.dispose()
        return lazy, told, stored

    with warnings.catch_warnings(action="ignore"):  # about the driver's coroutine, which nobody can await
        lazy, told, stored = in_new_loop(main())
        gc.collect()
    assert "MissingGreenlet" in lazy  # line 17
    assert (told, stored) == ("grace", "ada")  # line 34
    assert item.accepted == {"17", "23-26", "34"}
