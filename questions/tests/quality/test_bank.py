"""The bank that we ship, held against its gates. `manage.py check_bank` says the same at greater length."""

import importlib.metadata
import os
import re
import subprocess
import sys

import pytest
import yaml
from django.core.management import call_command

from questions import types
from questions.quality import api_names, checks, entries, lint, manifest, verification
from questions.quality.unresolved import KNOWN
from questions.tests.bank.content import FIXTURES

BANK = entries.in_files(FIXTURES.glob("*.yaml"))
VERSIONS = {
    "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
    **{name: importlib.metadata.version(package) for package, name in checks.NAMES.items()},
}


def test_reading_it_finds_nothing() -> None:
    assert lint.findings(BANK) == []


def test_every_dotted_name_exists_or_is_listed_with_a_reason() -> None:
    assert api_names.unresolved(BANK, known=KNOWN) == []


def test_nothing_is_listed_that_could_be_resolved_or_is_not_named() -> None:
    named = {name for entry in BANK for name in api_names.dotted_names(entry.item)}
    assert [name for name, reason in KNOWN.items() if not reason or name not in named or api_names.exists(name)] == []


def test_what_is_said_to_hold_for_a_version_holds_for_the_one_installed() -> None:
    wrong = []
    for entry in BANK:
        for said in filter(None, entry.item.holds_for.split(", ")):
            name, _, version = said.rpartition(" ")
            installed = VERSIONS.get(name, "")
            if name != "Python" and not f"{installed}.".startswith(f"{version}."):
                wrong.append(f"{entry.name}: {said}, installed is {installed}")
    assert wrong == []


def test_the_manifest_is_what_the_bank_and_its_checks_make_of_it() -> None:
    made = manifest.text(manifest.made_from(BANK))
    assert verification.MANIFEST.read_text() == made, "run `manage.py check_bank --write`"


def test_every_entry_of_the_manifest_counts_while_its_question_says_the_same() -> None:
    verified = [entry for entry in BANK if checks.check_of(entry)]
    assert all(verification.verification(entry.name, entry.item.digest()) for entry in verified)
    assert not any(verification.verification(entry.name, "0" * 64) for entry in verified)


def test_three_of_five_graded_questions_are_verified_in_every_topic() -> None:
    for topic in lint.topics(BANK):
        graded = [entry for entry in BANK if entry.topic == topic and types.get(entry.item.type).machine_graded]
        verified = [entry for entry in graded if checks.check_of(entry)]
        assert len(verified) >= 0.6 * len(graded), topic


def test_every_check_belongs_to_a_question_or_says_that_it_is_about_a_guide() -> None:
    known = {check.function for entry in BANK if (check := checks.check_of(entry))}
    for path in checks.FOLDER.glob("*/test_claims*.py"):
        assert {name for name in checks.source(path).definitions if name.startswith("test_")} <= known


def test_no_check_is_skipped_or_expected_to_fail() -> None:
    for path in checks.FOLDER.rglob("*.py"):
        assert not re.search(r"\b(skip|skipif|xfail|importorskip)\b", path.read_text()), path


def test_every_topic_has_two_curated_quizzes_of_its_own() -> None:
    for path in FIXTURES.glob("*.yaml"):
        rows = yaml.safe_load(path.read_text())
        items = [row["fields"] for row in rows if row["model"] == "questions.quizitem"]
        sizes = sorted(
            sum(item["quiz"] == [row["fields"]["slug"]] for item in items)
            for row in rows
            if row["model"] == "questions.quiz"
        )
        assert sizes[0] >= 10, path
        assert sizes[-1] >= 20, path


def test_every_check_runs_alone_as_candidates_are_shown_it(tmp_path) -> None:
    for entry in BANK:
        if check := checks.check_of(entry):
            name = f"test_{entry.topic}_{entry.slug}".replace("-", "_")
            (tmp_path / f"{name}.py").write_text(check.script(entry.item, verification.manifest()["packages"]))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))}
    told = subprocess.run(
        command, capture_output=True, text=True, timeout=checks.TIME_LIMIT, check=False, cwd=tmp_path, env=clean
    )
    assert told.returncode == 0, told.stdout[-4000:]


@pytest.mark.django_db
def test_what_is_loaded_says_the_same_as_the_files() -> None:
    call_command("loaddata", *sorted(map(str, FIXTURES.glob("*.yaml"))), verbosity=0)
    loaded = {entry.name: entry.item.digest() for entry in entries.in_database()}
    assert loaded == {entry.name: entry.item.digest() for entry in BANK}


def test_the_files_are_named_for_the_positions_of_their_topics() -> None:
    for path in FIXTURES.glob("*.yaml"):
        topic = yaml.safe_load(path.read_text())[0]["fields"]
        assert path.name == f"{topic['position']:02}-{topic['slug']}.yaml"
