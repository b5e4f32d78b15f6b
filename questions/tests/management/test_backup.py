"""`manage.py backup`: a copy that holds together, whoever writes meanwhile."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.management.backups import engine, postgresql, sqlite
from questions.tests.factories import TopicFactory, make_question
from questions.tests.management.databases import digests, rows, take
from questions.tests.processes import run

pytestmark = pytest.mark.django_db(transaction=True)


def back_up(**options) -> str:
    """What the command printed."""
    printed = StringIO()
    call_command("backup", stdout=printed, **options)
    return printed.getvalue()


@pytest.fixture
def folder(tmp_path) -> Path:
    """An empty folder for backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


class TestWhole:
    """A backup that is restored into an empty place is the database as it was."""

    def test_every_table_comes_back_with_the_same_count_and_digest(self, tmp_path, folder, place):
        for name in ("single_choice", "matching", "open"):
            make_question(name)
        take([make_question("true_false") for _ in range(3)])
        back_up(to=folder)
        (file,) = folder.iterdir()
        code, _, errors = run(tmp_path, "restore", str(file), **place.environment)
        assert (code, errors) == (0, "")
        before = digests(connection)
        assert place.digests() == before
        assert before["questions_response"][0] == 3
        assert place.beside() == []

    def test_while_people_answer_it_is_of_one_moment(self, tmp_path, folder, place, monkeypatch):
        monkeypatch.setattr(sqlite, "PAGES", 5)
        questions = [make_question("true_false") for _ in range(3)]
        take(questions)  # makes the revisions
        with writing(questions) as written:
            before = written.grown_by(10)
            back_up(to=folder)
            written.grown_by(10)
        (file,) = folder.iterdir()
        assert run(tmp_path, "restore", str(file), **place.environment)[0] == 0
        with place.opened() as found:
            copied, all_rows = rows(found), rows(connection)
            with found.cursor() as cursor:
                cursor.execute("SELECT id FROM questions_attempt")
                taken = {pk for (pk,) in cursor}
        assert before <= taken
        assert len(taken) < Attempt.objects.count()
        assert len(copied["questions_response"]) == 3 * len(taken)
        for name in ("questions_attempt", "questions_response", "questions_review", "questions_card"):
            assert set(copied[name]) <= set(all_rows[name]), name
        for name in set(copied) - {"questions_attempt", "questions_response", "questions_review", "questions_card"}:
            assert copied[name] == all_rows[name] or "sequence" in name, name

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="pg_dump has one snapshot by itself")
    def test_writes_of_others_do_not_begin_the_copy_anew(self, folder, monkeypatch):
        left = []

        def copy_page_by_page(source: sqlite3.Connection, draft: Path) -> None:
            def write(status: int, remaining: int, total: int) -> None:
                left.append(remaining)
                if len(left) < 20:
                    TopicFactory()

            with closing(sqlite3.connect(draft)) as target:
                source.backup(target, pages=1, progress=write)

        monkeypatch.setattr(sqlite, "_copy", copy_page_by_page)
        back_up(to=folder)
        assert left == list(range(len(left) - 1, -1, -1))


class Written:
    """The ids of attempts that threads make, each noted once its transaction has ended."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.noted = threading.Condition()

    def note(self, pk: int) -> None:
        with self.noted:
            self.ids.add(pk)
            self.noted.notify_all()

    def grown_by(self, number: int) -> set[int]:
        """All ids, once there are so many more."""
        with self.noted:
            wanted = len(self.ids) + number
            assert self.noted.wait_for(lambda: len(self.ids) >= wanted, timeout=60), "nobody writes"
            return set(self.ids)


@contextmanager
def writing(questions: list[Question]) -> Iterator[Written]:
    """What three threads write, until the end of the block."""
    written, done = Written(), threading.Event()

    def write() -> None:
        try:
            while not done.is_set():
                written.note(take(questions).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        done.set()
        for thread in threads:
            thread.join()


class TestFiles:
    @pytest.fixture(autouse=True)
    def content(self):
        TopicFactory()

    def test_by_default_it_is_named_by_its_time_where_only_its_owner_reads(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        printed = back_up()
        (file,) = (tmp_path / "backups").iterdir()
        assert file.match(f"quizsite-20??????T??????Z{engine().SUFFIX}")
        assert printed.startswith(f"{file} (")
        assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]

    def test_it_may_be_a_file_of_any_name_that_is_not_there(self, tmp_path):
        back_up(to=tmp_path / "mine")
        with pytest.raises(CommandError, match="is there already"):
            back_up(to=tmp_path / "mine")

    def test_a_folder_that_is_missing_is_named(self, tmp_path):
        with pytest.raises(CommandError, match=f"no folder {tmp_path}/nowhere"):
            back_up(to=tmp_path / "nowhere" / "mine")

    def test_older_ones_beyond_a_number_go_and_nothing_else_does(self, folder):
        suffix = engine().SUFFIX
        others = {"notes.txt", f"quizsite-of-my-own{suffix}", "quizsite-20200101T000000Z.zip"}
        for name in others | {f"quizsite-2020010{day}T000000Z{suffix}" for day in range(1, 5)}:
            (folder / name).touch()
        printed = back_up(to=folder, keep=3)
        left = {path.name for path in folder.iterdir()}
        assert others < left
        assert {name for name in left - others if name < "quizsite-2021"} == {
            f"quizsite-20200103T000000Z{suffix}",
            f"quizsite-20200104T000000Z{suffix}",
        }
        assert len(left - others) == 3
        assert printed.count("was removed") == 2

    @pytest.mark.parametrize(("keep", "name"), [(0, ""), (-1, ""), (3, "mine")])
    def test_what_is_kept_is_a_number_in_a_folder(self, folder, keep, name):
        with pytest.raises(CommandError, match="--keep"):
            back_up(to=folder / name, keep=keep)

    def test_a_copy_that_does_not_pass_its_check_is_not_left_behind(self, folder, monkeypatch):
        monkeypatch.setattr(engine(), "copy", lambda draft: draft.write_text("no database"))
        (folder / f"quizsite-20200101T000000Z{engine().SUFFIX}").touch()
        with pytest.raises(CommandError):
            back_up(to=folder, keep=1)
        assert [path.name for path in folder.iterdir()] == [f"quizsite-20200101T000000Z{engine().SUFFIX}"]

    def test_a_full_disk_is_told_and_leaves_nothing(self, folder, monkeypatch):
        def fail(draft: Path) -> None:
            raise OSError(28, "No space left on device", str(draft))

        monkeypatch.setattr(engine(), "copy", fail)
        with pytest.raises(CommandError, match="No space left on device"):
            back_up(to=folder)
        assert list(folder.iterdir()) == []


class TestTools:
    """PostgreSQL's programs, of which not every host has the right ones."""

    @pytest.fixture
    def tools(self, tmp_path, monkeypatch) -> Path:
        monkeypatch.setenv("PG_BIN", str(tmp_path))
        return tmp_path

    def test_one_that_is_missing_is_named_with_the_version_to_install(self, tools):
        with pytest.raises(CommandError, match=r"^pg_dump is missing\. .*version 17 or newer.*PG_BIN"):
            postgresql.printed_by("pg_dump", 17)

    def test_one_that_is_older_than_the_server_is_refused(self, tools):
        program(tools / "pg_dump", "echo 'pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)'")
        assert postgresql.printed_by("pg_dump", 15)
        with pytest.raises(CommandError, match=r"^pg_dump is of version 15, the server of 17\. .*version 17 or newer"):
            postgresql.printed_by("pg_dump", 17)

    def test_what_goes_wrong_is_told_in_its_own_words(self, tools):
        program(tools / "pg_restore", "echo 'no valid archive' >&2; exit 1")
        with pytest.raises(CommandError, match=r"^pg_restore failed: no valid archive$"):
            postgresql.printed_by("pg_restore", None, "--list", "some.dump")

    def test_the_password_is_no_argument(self, tools, monkeypatch):
        program(tools / "pg_dump", 'echo "$PGPASSWORD: $@"')
        server = {"HOST": "db", "PORT": "5433", "USER": "quiz", "PASSWORD": "secret", "NAME": "quiz", "OPTIONS": {}}
        monkeypatch.setattr(postgresql, "_settings", lambda: server)
        assert postgresql.printed_by("pg_dump", 15, "--dbname=quiz") == "secret: -U quiz -h db -p 5433 --dbname=quiz\n"


def program(path: Path, script: str) -> None:
    """Writes a program of one line."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
