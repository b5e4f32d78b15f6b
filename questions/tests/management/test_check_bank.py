"""`manage.py check_bank`."""

import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questions.quality import checks, manifest, verification
from questions.quality.entries import Entry
from questions.tests.factories import make_question
from questions.tests.quality.test_lint import VALID

ENTRY = Entry("framework-choice", "module-list-in-flask", "predict", VALID)


def test_shipped_bank_has_no_findings_and_a_summary_table(capsys) -> None:
    call_command("check_bank", "--no-run")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["topic", "questions", "single_choice"]
    assert lines[1].startswith("framework-choice")
    assert lines[-1] == "No findings."


@pytest.mark.django_db
def test_findings_in_the_database_are_printed_with_exit_code_1(capsys) -> None:
    make_question("single_choice", slug="bare", explanation="")
    with pytest.raises(CommandError) as error:
        call_command("check_bank", "--database", "--no-run")
    assert error.value.returncode == 1
    assert "bare: add an explanation" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--no-run"], ["--database"]])
def test_manifest_is_not_written_without_the_checks_of_the_fixtures(options: list[str]) -> None:
    with pytest.raises(CommandError, match="needs the fixtures and their checks"):
        call_command("check_bank", "--write", *options)


def test_manifest_is_written_without_findings_and_only_by_the_oldest_python(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(verification, "MANIFEST", tmp_path / "verified.json")
    monkeypatch.setattr(checks, "failures", lambda entries: [])
    monkeypatch.setattr(manifest, "can_build", lambda: False)
    with pytest.raises(CommandError, match=r"3\.11"):
        call_command("check_bank", "--write", verbosity=0)
    monkeypatch.setattr(manifest, "can_build", lambda: True)
    call_command("check_bank", "--write", verbosity=0)
    assert '"framework-choice/module-list-in-flask"' in verification.MANIFEST.read_text()


def test_failed_check_keeps_the_manifest_unchanged(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(verification, "MANIFEST", tmp_path / "verified.json")
    monkeypatch.setattr(checks, "failures", lambda entries: ["framework-choice/x: check failed or was skipped"])
    with pytest.raises(CommandError, match="1 finding"):
        call_command("check_bank", "--write", verbosity=0)
    assert not verification.MANIFEST.exists()


REPORT = """<testsuites><testsuite>
<testcase classname="questions.tests.bank.framework_choice.test_claims" name="test_module_list_in_flask">{}</testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", []),
        ("<failure/>", ["framework-choice/module-list-in-flask: check failed or was skipped"]),
        ("<skipped/>", ["framework-choice/module-list-in-flask: check failed or was skipped"]),
    ],
)
def test_check_that_did_not_pass_is_a_finding(monkeypatch, inside: str, expected: list[str]) -> None:
    def ran(command: list[str], **options) -> None:
        report = next(part.partition("=")[2] for part in command if part.startswith("--junitxml="))
        Path(report).write_text(REPORT.format(inside))

    monkeypatch.setattr(subprocess, "run", ran)
    assert checks.failures([ENTRY]) == expected


def test_timeout_of_the_checks_is_a_finding(monkeypatch) -> None:
    def hang(command: list[str], **options) -> None:
        raise subprocess.TimeoutExpired(command, checks.TIME_LIMIT)

    monkeypatch.setattr(subprocess, "run", hang)
    assert checks.failures([ENTRY]) == ["the checks did not finish within 180 seconds"]


def test_checks_that_cannot_run_are_a_finding(monkeypatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **options: None)
    assert "could not be run" in checks.failures([ENTRY])[0]
