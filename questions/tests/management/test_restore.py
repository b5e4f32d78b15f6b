"""`manage.py restore`: replaces the database completely or not at all."""

import re
import shutil
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from questions.bank.models.questions import Question
from questions.management.backups import files
from questions.search.services import search
from questions.tests.factories import TopicFactory, make_question
from questions.tests.management.databases import Place, digests, take_exam
from questions.tests.processes import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(tmp_path) -> Path:
    """Return a backup of a database with one attempt."""
    take_exam([make_question("true_false")])
    return make_backup(tmp_path / "first")


def make_backup(file: Path) -> Path:
    """Back up the current database to the file and return it."""
    call_command("backup", to=file, verbosity=0, stdout=StringIO())
    return file


def restore(place: Place, file: Path, *, force: bool = False) -> str:
    """Run the command on the site's database at the place and return its output. Raise CommandError."""
    printed = StringIO()
    with place.in_use():
        call_command("restore", str(file), force=force, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def restored(backup, place: Place) -> Place:
    """Return a database into which the backup was restored."""
    restore(place, backup)
    return place


class TestRefusal:
    """A refused restore leaves the database unchanged and no files or databases behind."""

    @pytest.fixture(autouse=True)
    def unchanged(self, restored):
        before = restored.digests()
        yield
        assert restored.digests() == before
        assert restored.side_databases() == []

    def test_database_with_attempts_needs_force(self, backup, restored):
        with pytest.raises(CommandError, match=r"has attempts \(1\).*--force"):
            restore(restored, backup)

    def test_database_in_use_is_refused_even_with_force(self, backup, restored):
        with restored.opened(), pytest.raises(CommandError, match=r"is in use.*Stop the server"):
            restore(restored, backup, force=True)

    def test_truncated_backup_is_refused(self, backup, restored):
        content = backup.read_bytes()
        for part in (0, 0.1, 0.9):
            backup.write_bytes(content[: int(len(content) * part)])
            with pytest.raises(CommandError):
                restore(restored, backup, force=True)

    def test_backup_of_a_newer_release_is_refused(self, restored, tmp_path):
        recorder = MigrationRecorder(connection)
        recorder.record_applied("questions", "9999_to_come")
        newer = make_backup(tmp_path / "newer")
        recorder.record_unapplied("questions", "9999_to_come")
        with pytest.raises(CommandError, match="9999_to_come"):
            restore(restored, newer, force=True)

    def test_missing_file_is_refused(self, restored, tmp_path):
        code, _, errors = run(tmp_path, "restore", "--force", str(tmp_path / "nothing"), **restored.environment)
        assert (code, errors) == (1, f"CommandError: There is no file {tmp_path}/nothing. Check the path.\n")


def test_restored_database_can_be_searched(backup, place):
    restore(place, backup)
    question = Question.objects.get()
    with place.in_use():
        Question.objects.update(stem="Which walrus?")
        assert [hit.row for hit in search("walruss").questions] == [question]


class TestForce:
    def test_old_database_is_kept(self, restored, tmp_path):
        before = restored.digests()
        TopicFactory(title="Written later")
        later = make_backup(tmp_path / "later")
        printed = restore(restored, later, force=True)
        (kept,) = re.findall(r"is kept: (?:the database )?(\S+)\.\n", printed)
        assert restored.digests() == digests(connection) != before
        assert restored.digests(kept) == before
        assert restored.side_databases() == [Path(kept).name]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's server keeps its own files")
class TestFiles:
    """A database file keeps its mode, and a damaged one can be replaced."""

    def test_mode_is_kept(self, backup, restored):
        Path(restored.name).chmod(0o640)
        restore(restored, backup, force=True)
        assert stat.S_IMODE(Path(restored.name).stat().st_mode) == 0o640

    @pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\1" * 9000])
    def test_damaged_database_is_replaced_with_force(self, backup, restored, content):
        Path(restored.name).write_bytes(content)
        with pytest.raises(CommandError, match="cannot be read"):
            restore(restored, backup)
        restore(restored, backup, force=True)
        assert restored.digests() == digests(connection)
        (kept,) = restored.folder.glob("quiz.db.before-*")
        assert kept.read_bytes() == content

    def test_write_ahead_log_is_kept_with_the_old_database(self, backup, restored):
        for end in ("", "-wal", "-shm"):
            Path(restored.name + end).write_bytes(b"no database" + end.encode())
        restore(restored, backup, force=True)
        kept = sorted(restored.folder.glob("quiz.db.before-*"))
        assert [path.read_bytes() for path in kept] == [b"no database", b"no database-shm", b"no database-wal"]
        assert restored.digests() == digests(connection)

    def test_disk_failure_in_the_last_step_keeps_the_old_database(self, backup, restored, monkeypatch):
        before = restored.digests()

        def fail(draft: Path, place: Path) -> None:
            raise OSError(5, "Input/output error", str(draft))

        monkeypatch.setattr(files, "move", fail)
        with pytest.raises(CommandError, match="Input/output error"):
            restore(restored, backup, force=True)
        assert restored.digests() == before
        assert not [name for name in restored.side_databases() if name.endswith(".part")]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no programs")
def test_interrupted_restore_leaves_no_database_behind(backup, restored, tmp_path):
    before, real = restored.digests(), shutil.which("pg_restore")
    tool = tmp_path / "pg_restore"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *restoring*) echo "broken off" >&2; exit 1;; *) exec {real} "$@";; esac\n'
    )
    tool.chmod(0o755)
    environment = restored.environment | {"PG_BIN": str(tmp_path)}
    code, _, errors = run(tmp_path, "restore", "--force", str(backup), **environment)
    assert (code, errors) == (1, "CommandError: pg_restore failed: broken off\n")
    assert restored.digests() == before
    assert restored.side_databases() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no roles")
def test_role_without_createdb_is_refused_with_advice(backup, place, tmp_path):
    role = f"{place.name}_poor"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}" LOGIN')
    try:
        poor = {name: value.replace("//quizsite@", f"//{role}@") for name, value in place.environment.items()}
        code, _, errors = run(tmp_path, "restore", str(backup), **poor)
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP ROLE "{role}"')
    assert (code, errors) == (1, f"CommandError: The role may not create databases. Run ALTER ROLE {role} CREATEDB.\n")
