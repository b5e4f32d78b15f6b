"""Queries that are compiled once: Django takes many times longer to compile a query than a database to answer it."""

from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

from questions.accounts.owners import Owner

M = TypeVar("M", bound=Model)


class Parameter(Expression):
    """Stands in a prepared query for a value that is given, by this name, when the query is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


class CompiledQuery(Generic[M]):
    """A queryset with `Parameter`s, compiled once for each connection, which is to say in each thread.

    It brings what `select_related`, `only` and `annotate` ask for; nothing is prefetched.
    """

    def __init__(self, build: "Callable[[], QuerySet[M]]") -> None:
        self._build = build

    def __call__(self, **values: Any) -> list[M]:
        """The rows for these values, in one query; raises KeyError for a parameter without one."""
        connection = connections[DEFAULT_DB_ALIAS]
        # Kept by the connection, so that both go together.
        kept: dict[CompiledQuery[Any], _Compiled] = vars(connection).setdefault("prepared", {})
        if self not in kept:
            kept[self] = _Compiled(self._build(), connection)
        return kept[self].rows(values)


class _Compiled:
    """A query as one connection asks it."""

    def __init__(self, queryset: "QuerySet[Any]", connection: Any) -> None:
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._params = self._compiler.as_sql()
        converters = self._compiler.get_converters([column[0] for column in self._compiler.select])
        self._compiler.get_converters = lambda _expressions: converters

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """The rows for these values."""
        compiler = copy(self._compiler)  # tests' threads share a connection
        bound = tuple(_bound(param, values, compiler.connection) for param in self._params)
        compiler.as_sql = lambda *_args, **_options: (self._sql, bound)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        source: Any = SimpleNamespace(db=compiler.connection.alias, query=query, _known_related_objects={})
        return list(ModelIterable(source))


def _bound(param: Any, values: dict[str, Any], connection: Any) -> Any:
    """What to send to the database in the place of a parameter."""
    if not isinstance(param, Parameter):
        return param
    return param.output_field.get_db_prep_value(values[param.name], connection)


class CompiledOwnerQuery(Generic[M]):
    """A prepared query for rows of one owner; `build` gets the field to compare, "user" or "visitor", and the value."""

    def __init__(self, build: "Callable[[str, Parameter], models.QuerySet[M]]") -> None:
        user, visitor = Parameter("owner", models.BigAutoField()), Parameter("owner", models.UUIDField())
        self._by_user = CompiledQuery(lambda: build("user", user))
        self._by_visitor = CompiledQuery(lambda: build("visitor", visitor))

    def __call__(self, owner: Owner, **values: Any) -> list[M]:
        """The owner's rows for these values; none where the owner is nobody yet."""
        if owner.user_id is not None:
            return self._by_user(owner=owner.user_id, **values)
        return self._by_visitor(owner=owner.visitor, **values) if owner.visitor else []
