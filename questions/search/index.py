"""The full-text index of what may be searched, and its vocabulary.

PostgreSQL computes the column `search_vector` of each table itself; on SQLite, triggers write two FTS5 tables, one of
word forms and one of words. So no save, import or update can leave the index out of date.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections, transaction
from django.db.models import BooleanField, F, Func, Model

from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, CodeListing, Guide, Section, Takeaway
from questions.search.words import MIN_PREFIX, phrase

FORMS, WORDS, VOCABULARY = "questions_search_forms", "questions_search_words", "questions_search_vocabulary"
MAX_TEXT_LENGTH = 100_000  # characters; PostgreSQL refuses a vector of more than 1 MB
PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"  # as SQL quotes it


@dataclass(frozen=True)
class Indexed:
    """A model with the columns that are searched; `published` is an SQL condition on its rows."""

    model: type[Model]
    title: str
    body: tuple[str, ...] = ()
    published: str = "true"

    @property
    def table(self) -> str:
        """Return the name of the table."""
        return self.model._meta.db_table


INDEXED = (
    Indexed(Guide, "title", ("quick_answer",)),
    Indexed(Section, "title", ("body",)),
    Indexed(CodeListing, "title", ("code", "note")),
    Indexed(Takeaway, "", ("text",)),
    Indexed(FAQ, "question", ("answer",)),
    Indexed(Question, "stem", ("code",), published="status = 'published'"),
)
NUMBERS = {indexed.model: number for number, indexed in enumerate(INDEXED)}
ROWID = 16  # a row's number in the index is its id times this, plus the number of its model


def searched_columns(model: type[Model]) -> list[str]:
    """Return the names of the columns of the model that are searched."""
    indexed = INDEXED[NUMBERS[model]]
    return [column for column in (indexed.title, *indexed.body) if column]


class Found(Func):
    """Whether the index has a word in the row: a form of it, or with `begins` a word that begins with it."""

    output_field = BooleanField()

    def __init__(self, model: type[Model], word: str, *, begins: bool = False, in_title: bool = False) -> None:
        super().__init__(F("pk"))
        self.indexed, self.tokens = INDEXED[NUMBERS[model]], phrase(word)
        self.begins, self.in_title = begins, in_title
        self.is_prefix = begins and len(self.tokens[-1]) >= MIN_PREFIX

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[str | int, ...]]:
        table = WORDS if self.begins else FORMS
        query = f'{"title : " if self.in_title else ""}"{" ".join(self.tokens)}"{" *" if self.is_prefix else ""}'
        return self._in(
            compiler,
            f"SELECT rowid / {ROWID} FROM {table} WHERE {table} MATCH %s AND rowid %% {ROWID} = %s",  # noqa: S608
            [query, NUMBERS[self.indexed.model]],
        )

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[str | int, ...]]:
        config, weights = ("simple", "CD") if self.begins else ("english", "AB")
        weights = weights[0] if self.in_title else weights
        labels = [weights] * (len(self.tokens) - 1) + [("*" if self.is_prefix else "") + weights]
        query = " <-> ".join(f"'{token}':{label}" for token, label in zip(self.tokens, labels, strict=True))
        return self._in(
            compiler,
            f"SELECT id FROM {self.indexed.table} WHERE search_vector @@ to_tsquery(%s, %s)",  # noqa: S608
            [config, query],
        )

    def _in(self, compiler: Any, query: str, parameters: list[Any]) -> tuple[str, tuple[str | int, ...]]:
        key, _parameters = self.source_expressions[0].as_sql(compiler, compiler.connection)
        return f"{key} IN ({query})", tuple(parameters)


def vocabulary() -> set[str]:
    """Return the words of everything that may be searched, folded; in one query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT term FROM {VOCABULARY}")  # noqa: S608
        else:
            cursor.execute("SELECT word FROM ts_stat(%s, 'cd')", [" UNION ALL ".join(map(_vectors, INDEXED))])
        return {word for (word,) in cursor.fetchall()}


def _vectors(indexed: Indexed) -> str:
    return f"SELECT search_vector FROM {indexed.table} WHERE {indexed.published}"  # noqa: S608


def install(*, sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """Create the index after a migration, also again if a migration has dropped a part of it; SQLite drops a table's
    triggers when it changes the table."""
    database = connections[using]
    with database.cursor() as cursor:
        if not {indexed.table for indexed in INDEXED} <= set(database.introspection.table_names(cursor)):
            return
        with transaction.atomic(using=using):
            (_install_on_sqlite if database.vendor == "sqlite" else _install_on_postgresql)(cursor)


def _install_on_postgresql(cursor: Any) -> None:
    cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'search_vector'")
    installed = {name for (name,) in cursor.fetchall()}
    for indexed in INDEXED:
        if indexed.table in installed:  # asking first takes no lock
            continue
        body = " || ' ' || ".join(indexed.body)
        vector = " || ".join(
            f"setweight(to_tsvector('{config}', {_folded(text)}), '{weight}')"
            for config, text, weight in (
                *(("english", indexed.title, "A"), ("english", body, "B")),
                *(("simple", indexed.title, "C"), ("simple", body, "D")),
            )
            if text
        )
        cursor.execute(
            f"ALTER TABLE {indexed.table} ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ({vector}) STORED"
        )
        cursor.execute(f"CREATE INDEX {indexed.table}_search ON {indexed.table} USING gin (search_vector)")


def _folded(text: str) -> str:
    """Return the SQL that does what `words.fold` does, and separates words at punctuation."""
    text = f"normalize(left({text}, {MAX_TEXT_LENGTH}), NFD)"
    text = f"normalize(regexp_replace({text}, '([A-Za-z])[\\u0300-\\u036f]+', '\\1', 'g'), NFC)"
    text = f"lower(upper(replace({text}, 'ß', 'ss')))"  # upper first, for the two lower-case forms of Σ
    return f"translate({text}, '{PUNCTUATION}', '{' ' * 32}')"


def _install_on_sqlite(cursor: Any) -> None:
    triggers = {name: sql for number in range(len(INDEXED)) for name, sql in _triggers(number).items()}
    wanted = {FORMS, WORDS, VOCABULARY, *triggers}
    cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'questions_search_%'")
    if wanted <= {name for (name,) in cursor.fetchall()}:
        return
    for name in triggers:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    for name in (VOCABULARY, FORMS, WORDS):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(
        f"CREATE VIRTUAL TABLE {FORMS} USING fts5(title, body, tokenize='porter unicode61 remove_diacritics 2')"
    )
    cursor.execute(f"CREATE VIRTUAL TABLE {WORDS} USING fts5(title, body, tokenize='unicode61 remove_diacritics 2')")
    cursor.execute(f"CREATE VIRTUAL TABLE {VOCABULARY} USING fts5vocab({WORDS}, row)")
    for sql in triggers.values():
        cursor.execute(sql)
    for number, indexed in enumerate(INDEXED):
        for statement in _additions(number, indexed.table, f"FROM {indexed.table} WHERE {indexed.published}"):
            cursor.execute(statement)


def _triggers(number: int) -> dict[str, str]:
    """Return the triggers by which a table keeps its rows in the index up to date, by name."""
    indexed = INDEXED[number]
    published = indexed.published.replace("status", "NEW.status")
    remove = [f"DELETE FROM {table} WHERE rowid = OLD.id * {ROWID} + {number}" for table in (FORMS, WORDS)]  # noqa: S608
    add = _additions(number, "NEW", f"WHERE {published}")
    return {
        f"questions_search_{event}_{number}": (
            f"CREATE TRIGGER questions_search_{event}_{number} AFTER {event} ON {indexed.table}"
            f" BEGIN {'; '.join(statements)}; END"
        )
        for event, statements in (("insert", add), ("update", remove + add), ("delete", remove))
    }


def _additions(number: int, row: str, source: str) -> list[str]:
    """Return the statements that add rows to the index."""
    indexed = INDEXED[number]
    title = f"{row}.{indexed.title}" if indexed.title else "''"
    body = " || ' ' || ".join(f"{row}.{column}" for column in indexed.body)
    values = f"{row}.id * {ROWID} + {number}, replace({title}, 'ß', 'ss'), replace({body}, 'ß', 'ss')"
    return [f"INSERT INTO {table} (rowid, title, body) SELECT {values} {source}" for table in (FORMS, WORDS)]
