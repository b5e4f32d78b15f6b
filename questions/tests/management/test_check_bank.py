"""`manage.py check_bank`."""

import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questions.quality import checks, manifest, verification
from questions.quality.entries import Entry
from questions.tests.factories import make_question
from questions.tests.quality.test_lint import SOUND

ENTRY = Entry("framework-choice", "module-list-in-flask", "predict", SOUND)


def test_the_bank_as_shipped_has_no_findings_and_the_table_says_what_is_in_it(capsys) -> None:
    call_command("check_bank", "--no-run")
    told = capsys.readouterr().out.splitlines()
    assert told[0].split()[:3] == ["topic", "questions", "single_choice"]
    assert told[1].startswith("framework-choice")
    assert told[-1] == "No findings."


@pytest.mark.django_db
def test_findings_of_this_sites_own_questions_are_told_and_end_with_1(capsys) -> None:
    make_question("single_choice", slug="bare", explanation="")
    with pytest.raises(CommandError) as error:
        call_command("check_bank", "--database", "--no-run")
    assert error.value.returncode == 1
    assert "bare: has no explanation" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--no-run"], ["--database"]])
def test_the_manifest_is_never_written_without_running_the_fixtures_checks(options: list[str]) -> None:
    with pytest.raises(CommandError, match="after their checks have been run"):
        call_command("check_bank", "--write", *options)


def test_the_manifest_is_written_when_all_is_well_and_by_the_oldest_python_alone(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(verification, "MANIFEST", tmp_path / "verified.json")
    monkeypatch.setattr(checks, "failures", lambda entries: [])
    monkeypatch.setattr(manifest, "is_made_here", lambda: False)
    with pytest.raises(CommandError, match=r"3\.11"):
        call_command("check_bank", "--write", verbosity=0)
    monkeypatch.setattr(manifest, "is_made_here", lambda: True)
    call_command("check_bank", "--write", verbosity=0)
    assert '"framework-choice/module-list-in-flask"' in verification.MANIFEST.read_text()


def test_a_check_that_fails_leaves_the_manifest_alone(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(verification, "MANIFEST", tmp_path / "verified.json")
    monkeypatch.setattr(checks, "failures", lambda entries: ["framework-choice/x: its check failed or was skipped"])
    with pytest.raises(CommandError, match="1 finding"):
        call_command("check_bank", "--write", verbosity=0)
    assert not verification.MANIFEST.exists()


REPORT = """<testsuites><testsuite>
<testcase classname="questions.tests.bank.framework_choice.test_claims" name="test_module_list_in_flask">{}</testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("", []),
        ("<failure/>", ["framework-choice/module-list-in-flask: its check failed or was skipped"]),
        ("<skipped/>", ["framework-choice/module-list-in-flask: its check failed or was skipped"]),
    ],
)
def test_what_did_not_pass_is_told(monkeypatch, inside: str, told: list[str]) -> None:
    def ran(command: list[str], **options) -> None:
        report = next(part.partition("=")[2] for part in command if part.startswith("--junitxml="))
        Path(report).write_text(REPORT.format(inside))

    monkeypatch.setattr(subprocess, "run", ran)
    assert checks.failures([ENTRY]) == told


def test_checks_that_do_not_end_are_told(monkeypatch) -> None:
    def hang(command: list[str], **options) -> None:
        raise subprocess.TimeoutExpired(command, checks.TIME_LIMIT)

    monkeypatch.setattr(subprocess, "run", hang)
    assert checks.failures([ENTRY]) == ["the checks did not end within 180 seconds"]


def test_checks_that_cannot_be_run_are_told(monkeypatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **options: None)
    assert "could not be run" in checks.failures([ENTRY])[0]
