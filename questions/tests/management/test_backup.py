"""`manage.py backup`: consistent copies while others write, backup files and PostgreSQL's tools."""

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
from questions.tests.management.databases import digests, rows, take_exam
from questions.tests.processes import run

pytestmark = pytest.mark.django_db(transaction=True)


def run_backup(**options) -> str:
    """Run the command and return its output."""
    printed = StringIO()
    call_command("backup", stdout=printed, **options)
    return printed.getvalue()


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return an empty folder for backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


class TestConsistency:
    """A restored backup equals the database at the time of the backup."""

    def test_restored_tables_have_the_same_count_and_digest(self, tmp_path, folder, place):
        for name in ("single_choice", "matching", "open"):
            make_question(name)
        take_exam([make_question("true_false") for _ in range(3)])
        run_backup(to=folder)
        (file,) = folder.iterdir()
        code, _, errors = run(tmp_path, "restore", str(file), **place.environment)
        assert (code, errors) == (0, "")
        before = digests(connection)
        assert place.digests() == before
        assert before["questions_response"][0] == 3
        assert place.side_databases() == []

    def test_backup_under_load_is_one_snapshot(self, tmp_path, folder, place, monkeypatch):
        monkeypatch.setattr(sqlite, "PAGES_PER_STEP", 5)
        questions = [make_question("true_false") for _ in range(3)]
        take_exam(questions)  # makes the revisions
        with writing(questions) as written:
            before = written.grown_by(10)
            run_backup(to=folder)
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
    def test_writes_do_not_restart_the_copy(self, folder, monkeypatch):
        remaining_pages = []

        def copy_page_by_page(source: sqlite3.Connection, draft: Path) -> None:
            def write(status: int, remaining: int, total: int) -> None:
                remaining_pages.append(remaining)
                if len(remaining_pages) < 20:
                    TopicFactory()

            with closing(sqlite3.connect(draft)) as target:
                source.backup(target, pages=1, progress=write)

        monkeypatch.setattr(sqlite, "_copy", copy_page_by_page)
        run_backup(to=folder)
        assert remaining_pages == list(range(len(remaining_pages) - 1, -1, -1))


class WrittenAttempts:
    """The IDs of attempts that threads create, each added after its transaction."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.noted = threading.Condition()

    def note(self, pk: int) -> None:
        with self.noted:
            self.ids.add(pk)
            self.noted.notify_all()

    def grown_by(self, number: int) -> set[int]:
        """Wait for `number` more IDs and return all of them."""
        with self.noted:
            wanted = len(self.ids) + number
            assert self.noted.wait_for(lambda: len(self.ids) >= wanted, timeout=60), "nobody writes"
            return set(self.ids)


@contextmanager
def writing(questions: list[Question]) -> Iterator[WrittenAttempts]:
    """Yield the attempts that three threads create until the end of the block."""
    written, done = WrittenAttempts(), threading.Event()

    def write() -> None:
        try:
            while not done.is_set():
                written.note(take_exam(questions).pk)
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

    def test_default_name_has_the_time_and_only_the_owner_may_read_it(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        printed = run_backup()
        (file,) = (tmp_path / "backups").iterdir()
        assert file.match(f"quizsite-20??????T??????Z{engine().SUFFIX}")
        assert printed.startswith(f"{file} (")
        assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]

    def test_existing_file_is_not_overwritten(self, tmp_path):
        run_backup(to=tmp_path / "mine")
        with pytest.raises(CommandError, match="already exists"):
            run_backup(to=tmp_path / "mine")

    def test_missing_folder_is_refused(self, tmp_path):
        with pytest.raises(CommandError, match=f"no folder {tmp_path}/nowhere"):
            run_backup(to=tmp_path / "nowhere" / "mine")

    def test_keep_deletes_only_older_backups(self, folder):
        suffix = engine().SUFFIX
        others = {"notes.txt", f"quizsite-of-my-own{suffix}", "quizsite-20200101T000000Z.zip"}
        for name in others | {f"quizsite-2020010{day}T000000Z{suffix}" for day in range(1, 5)}:
            (folder / name).touch()
        printed = run_backup(to=folder, keep=3)
        left = {path.name for path in folder.iterdir()}
        assert others < left
        assert {name for name in left - others if name < "quizsite-2021"} == {
            f"quizsite-20200103T000000Z{suffix}",
            f"quizsite-20200104T000000Z{suffix}",
        }
        assert len(left - others) == 3
        assert printed.count("Deleted") == 2

    @pytest.mark.parametrize(("keep", "name"), [(0, ""), (-1, ""), (3, "mine")])
    def test_keep_needs_a_positive_number_and_a_folder(self, folder, keep, name):
        with pytest.raises(CommandError, match="--keep"):
            run_backup(to=folder / name, keep=keep)

    def test_invalid_copy_is_deleted(self, folder, monkeypatch):
        monkeypatch.setattr(engine(), "copy", lambda draft: draft.write_text("no database"))
        (folder / f"quizsite-20200101T000000Z{engine().SUFFIX}").touch()
        with pytest.raises(CommandError):
            run_backup(to=folder, keep=1)
        assert [path.name for path in folder.iterdir()] == [f"quizsite-20200101T000000Z{engine().SUFFIX}"]

    def test_full_disk_leaves_no_file(self, folder, monkeypatch):
        def fail(draft: Path) -> None:
            raise OSError(28, "No space left on device", str(draft))

        monkeypatch.setattr(engine(), "copy", fail)
        with pytest.raises(CommandError, match="No space left on device"):
            run_backup(to=folder)
        assert list(folder.iterdir()) == []


class TestTools:
    """PostgreSQL's programs, which may be missing or too old."""

    @pytest.fixture
    def tools(self, tmp_path, monkeypatch) -> Path:
        monkeypatch.setenv("PG_BIN", str(tmp_path))
        return tmp_path

    def test_missing_tool_is_named_with_the_version_to_install(self, tools):
        with pytest.raises(CommandError, match=r"^pg_dump is missing\. .*version 17 or newer.*PG_BIN"):
            postgresql.run_tool("pg_dump", 17)

    def test_tool_older_than_the_server_is_refused(self, tools):
        program(tools / "pg_dump", "echo 'pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)'")
        assert postgresql.run_tool("pg_dump", 15)
        with pytest.raises(
            CommandError, match=r"^pg_dump has version 15, but the server has version 17\. .*version 17 or newer"
        ):
            postgresql.run_tool("pg_dump", 17)

    def test_error_of_the_tool_is_shown(self, tools):
        program(tools / "pg_restore", "echo 'no valid archive' >&2; exit 1")
        with pytest.raises(CommandError, match=r"^pg_restore failed: no valid archive$"):
            postgresql.run_tool("pg_restore", None, "--list", "some.dump")

    def test_password_is_not_an_argument(self, tools, monkeypatch):
        program(tools / "pg_dump", 'echo "$PGPASSWORD: $@"')
        server = {"HOST": "db", "PORT": "5433", "USER": "quiz", "PASSWORD": "secret", "NAME": "quiz", "OPTIONS": {}}
        monkeypatch.setattr(postgresql, "_settings", lambda: server)
        assert postgresql.run_tool("pg_dump", 15, "--dbname=quiz") == "secret: -U quiz -h db -p 5433 --dbname=quiz\n"


def program(path: Path, script: str) -> None:
    """Write a shell script of one line."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
