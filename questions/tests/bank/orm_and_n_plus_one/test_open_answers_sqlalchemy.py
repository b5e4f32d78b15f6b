"""What the model answers of the open questions about SQLAlchemy rest on is run, on SQLite in memory."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, ForeignKey, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError, PendingRollbackError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    raiseload,
    relationship,
    selectinload,
)
from sqlalchemy.orm.exc import StaleDataError


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    orders: Mapped[list["Order"]] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=1, name="ada", orders=[Order(), Order()]))
        session.commit()
    yield engine
    engine.dispose()


# join-or-second-query, session-lifetime-in-fastapi


def test_a_joined_collection_needs_unique_and_raiseload_refuses_lazy_loads(engine: Engine) -> None:
    with Session(engine) as session:
        joined = select(User).options(joinedload(User.orders))
        with pytest.raises(InvalidRequestError, match="unique"):
            session.scalars(joined).all()
        assert len(session.scalars(joined).unique().one().orders) == 2
    with Session(engine) as session:
        user = session.scalars(select(User).options(raiseload("*"))).one()
        with pytest.raises(InvalidRequestError, match="raise"):
            _ = user.orders
    with Session(engine) as session:
        user = session.scalars(select(User).options(selectinload(User.orders), raiseload("*"))).one()
        assert len(user.orders) == 2


def test_a_version_column_notices_the_second_writer(engine: Engine) -> None:
    with Session(engine) as session:
        user = session.get_one(User, 1)
        session.execute(text("UPDATE users SET name = 'bob', version = 2"))  # another request was faster
        user.name = "grace"
        with pytest.raises(StaleDataError):
            session.flush()


def test_a_commit_inside_a_test_releases_a_savepoint_only(engine: Engine) -> None:
    with engine.connect() as connection:
        outer = connection.begin()
        connection.exec_driver_sql("BEGIN")  # the driver of SQLite does not send it before a savepoint
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.add(User(name="grace"))
            session.commit()
        assert connection.scalar(select(func.count()).select_from(User)) == 2
        outer.rollback()
    with Session(engine) as session:
        assert session.scalars(select(User.name)).all() == ["ada"]


def test_a_query_before_begin_is_in_the_way(engine: Engine) -> None:
    with Session(engine) as session:
        session.scalars(select(User)).one()  # the auth dependency, for example
        with pytest.raises(InvalidRequestError, match="already begun"), session.begin():
            pass
        session.rollback()
        with session.begin():
            assert session.in_transaction()


# from-django-to-sqlalchemy


def test_a_change_is_written_without_any_call_to_save(engine: Engine) -> None:
    with Session(engine) as session:
        session.get_one(User, 1).name = "grace"
        session.commit()
    with Session(engine) as session:
        assert session.get_one(User, 1).name == "grace"
        session.get_one(User, 1).name = "lost"  # and without a commit it is rolled back
    with Session(engine) as session:
        assert session.get_one(User, 1).name == "grace"


def test_an_error_appears_at_the_flush_and_then_the_session_wants_a_rollback(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(name="ada"))  # nothing is sent yet
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(PendingRollbackError):
            session.scalars(select(User)).all()
        session.rollback()
        assert session.scalars(select(User.name)).all() == ["ada"]


def test_a_savepoint_keeps_the_session_usable(engine: Engine) -> None:
    with Session(engine) as session:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(User(name="ada"))
        session.add(User(name="grace"))
        session.commit()
        assert session.scalars(select(User.name).order_by(User.id)).all() == ["ada", "grace"]


def test_a_query_flushes_first_unless_told_not_to(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(User(name="grace"))
        with session.no_autoflush:
            assert session.scalars(select(User.name)).all() == ["ada"]
        assert session.scalars(select(User.name).order_by(User.id)).all() == ["ada", "grace"]
