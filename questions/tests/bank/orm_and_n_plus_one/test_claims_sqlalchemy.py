"""What questions claim about SQLAlchemy's sessions is run, on SQLite in memory.

One test for each question, named after its slug.
"""

import gc
import warnings
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import StaticPool, create_engine, event
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError

from questions.tests.bank.content import Asked, in_new_loop, printed, run


def test_row_changed_behind_the_session(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    fresh = item.code.replace("User.id == 1))", "User.id == 1), execution_options={'populate_existing': True})")
    assert printed(fresh) == "True Bob"


def test_export_after_the_commit(item: Asked) -> None:
    program = run(item.code)
    engine = create_engine("sqlite://")
    program["Base"].metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(program["User"](name=f"u{n}", email="a@example.com") for n in range(20))
        session.commit()
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))

    def selects(**options: Any) -> int:
        sent.clear()
        with Session(engine, **options) as session:
            assert len(program["export"](session)) == 20
        return sum(statement.startswith("SELECT") for statement in sent)

    assert item.accepted == {str(selects())}
    assert selects(expire_on_commit=False) == 1


def test_orders_in_an_async_endpoint(item: Asked) -> None:
    program = run(item.code)
    User, Order = program["User"], program["Order"]

    async def read(option: str) -> list[int] | str:
        """The number of orders of each user, read without `await`, or the error that reading them raises."""
        engine = create_async_engine(
            "sqlite+aiosqlite://", poolclass=StaticPool, async_creator=lambda: aiosqlite.connect(":memory:")
        )
        async with engine.begin() as connection:
            await connection.run_sync(program["Base"].metadata.create_all)
        async with AsyncSession(engine) as session:
            session.add_all(User(orders=[Order(), Order()]) for _ in range(2))
            await session.commit()
        try:
            async with AsyncSession(engine) as session:
                users = (await session.scalars(eval(option.strip("`"), program))).all()
                return [len(user.orders) for user in users]
        except StatementError as error:
            return str(error)
        finally:
            await engine.dispose()

    with warnings.catch_warnings(action="ignore"):  # about the driver's coroutine, which nobody can await
        results = {option: in_new_loop(read(option)) for option in item.options}
        gc.collect()
    assert results.pop(item.key) == [2, 2]
    assert all("MissingGreenlet" in str(result) for result in results.values())


def test_user_after_the_session(item: Asked) -> None:
    def name(code: str, **options: Any) -> str:
        program = run(code)
        program["Session"] = lambda engine: Session(engine, **options)
        with Session(program["engine"]) as session:
            session.add(program["User"](name="ada"))
            session.commit()
        return program["load"]("ada").name

    with pytest.raises(DetachedInstanceError):
        name(item.code)
    assert name(item.code.replace("session.commit()", "pass")) == "ada"  # closed, but not expired
    assert name(item.code, expire_on_commit=False) == "ada"
    assert name(item.code.replace("commit()\n", "commit()\n        user.name\n")) == "ada"  # expired, and read in time
    assert "expired" in item.key
