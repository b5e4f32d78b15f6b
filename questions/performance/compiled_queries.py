"""Querysets and updates that are compiled to SQL once and run many times.

SQLite answers a query of the question page in 35 microseconds. Django takes 300 to 800 to build the queryset and to
write its SQL, every time. This module keeps the compiled query with the connection and only binds new values to it. It
relies on internals of Django's compiler (`SQLCompiler`, `get_related_populators`, `UpdateQuery`), so tests compare
its rows with those of the plain queryset.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from questions.performance import switches

if TYPE_CHECKING:
    from questions.accounts.owners import Owner

M = TypeVar("M", bound=Model)


class Parameter(Expression):
    """A named value of a compiled query, given when the query is run."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    @classmethod
    def of_field(cls, model: type[Model], name: str) -> "Parameter":
        """Return the parameter for a value of this field, with the field's name."""
        field: Any = model._meta.get_field(name)
        return cls(name, field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Return a placeholder, and the parameter itself in the place of a value."""
        return "%s", [self]


class CompiledQuery(Generic[M]):
    """A queryset with `Parameter`s, compiled once for each connection, which means once for each thread.

    `build` returns the queryset. `select_related`, `only`, `annotate` and `select_for_update` work as usual;
    `prefetch_related` has no effect. `part` is the switch that turns the query off in benchmarks.
    """

    def __init__(self, build: "Callable[[], QuerySet[M]]", part: switches.Part = "compiled_queries") -> None:
        self._build = build
        self._part: switches.Part = part

    def __call__(self, **values: Any) -> list[M]:
        """Return the rows for these values, in one database query; raise KeyError if a parameter has no value."""
        connection = connections[DEFAULT_DB_ALIAS]
        if switches.is_off("compiled_queries", self._part):
            return _ForConnection(self._build(), connection).rows(values)
        # An attribute of the connection, so that a query goes when its connection goes.
        compiled: dict[CompiledQuery[Any], _ForConnection[Any]] = vars(connection).setdefault("compiled_queries", {})
        if self not in compiled:
            compiled[self] = _ForConnection(self._build(), connection)
        return compiled[self].rows(values)


class _ForConnection(Generic[M]):
    """A query compiled for one connection, and how `ModelIterable` makes instances from its rows."""

    def __init__(self, queryset: "QuerySet[M]", connection: Any) -> None:
        compiler: Any = queryset.query.get_compiler(connection=connection)
        self._connection = connection
        self._sql, self._params = compiler.as_sql()
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        self._apply_converters = compiler.apply_converters
        fields = compiler.klass_info["select_fields"]
        self._model = compiler.klass_info["model"]
        self._columns = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._columns]]
        related: Any = get_related_populators  # django-stubs has that of a later Django
        self._related = related(compiler.klass_info, compiler.select, connection.alias)
        self._annotations = compiler.annotation_col_map.items()

    def rows(self, values: dict[str, Any]) -> list[M]:
        """Return the rows for these values."""
        bound = tuple(_bound(param, values, self._connection) for param in self._params)
        with self._connection.cursor() as cursor:
            cursor.execute(self._sql, bound)
            found = cursor.fetchall()
        return [self._instance(row) for row in self._apply_converters(found, self._converters)]

    def _instance(self, row: "Sequence[Any]") -> M:
        instance = self._model.from_db(self._connection.alias, self._names, row[self._columns])
        for related in self._related:
            related.populate(row, instance)
        for name, column in self._annotations:
            setattr(instance, name, row[column])
        return instance


def _bound(param: Any, values: dict[str, Any], connection: Any) -> Any:
    """Return the value that is sent to the database for a parameter."""
    if not isinstance(param, Parameter):
        return param
    return param.output_field.get_db_prep_save(values[param.name], connection)


class CompiledUpdate:
    """An update with `Parameter`s, compiled once for each connection.

    `build` returns the queryset of the rows to change, which needs no joins, and the values of the fields to set.
    """

    def __init__(self, build: "Callable[[], tuple[QuerySet[Any], Mapping[str, Expression]]]") -> None:
        self._build = build

    def __call__(self, **values: Any) -> int:
        """Change the rows and return how many there were; raise KeyError if a parameter has no value."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiled: dict[CompiledUpdate, tuple[str, tuple[Any, ...]]] = vars(connection).setdefault(
            "compiled_updates", {}
        )
        if self not in compiled or switches.is_off("compiled_queries"):
            compiled[self] = self._compile(connection)
        sql, params = compiled[self]
        bound = tuple(_bound(param, values, connection) for param in params)
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(sql, bound)
            return cursor.rowcount

    def _compile(self, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and its parameters."""
        rows, fields = self._build()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(fields)
        return query.get_compiler(connection=connection).as_sql()


class CompiledOwnerQuery(Generic[M]):
    """A compiled query for the rows of one owner.

    `build` gets the name of the field to compare, "user" or "visitor", and the parameter for its value.
    """

    def __init__(self, build: "Callable[[str, Parameter], models.QuerySet[M]]") -> None:
        user, visitor = Parameter("owner", models.BigAutoField()), Parameter("owner", models.UUIDField())
        self._by_user = CompiledQuery(lambda: build("user", user))
        self._by_visitor = CompiledQuery(lambda: build("visitor", visitor))

    def __call__(self, owner: "Owner", **values: Any) -> list[M]:
        """Return the owner's rows for these values; an empty list if the owner has no user and no visitor ID yet."""
        if owner.user_id is not None:
            return self._by_user(owner=owner.user_id, **values)
        return self._by_visitor(owner=owner.visitor, **values) if owner.visitor else []
