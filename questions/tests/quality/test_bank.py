"""Quality checks of the shipped question bank; `manage.py check_bank` runs the same ones."""

import os
import re
import subprocess
import sys

import pytest

from questions import types
from questions.quality import api_names, checks, entries, lint, manifest, outdated_versions, verification
from questions.quality.unresolved import KNOWN
from questions.tests.bank.content import postgresql
from questions.tests.bank.fixture_files import FIXTURES, Bank

BANK = entries.in_files(FIXTURES.glob("*.yaml"))
VERSIONS = {
    "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
    **{name: outdated_versions.installed_version(package) for package, name in checks.DISPLAY_NAMES.items()},
}


def test_lint_has_no_findings() -> None:
    assert lint.findings(BANK) == []


def test_every_follow_up_has_a_model_answer() -> None:
    assert [f"{entry.name}: {line}" for entry in BANK for line in lint.suggestions(entry)] == []


def test_every_dotted_name_exists_or_is_listed_with_a_reason() -> None:
    assert api_names.unresolved(BANK, known=KNOWN) == []


def test_list_of_unresolved_names_has_no_unneeded_entry() -> None:
    named = {name for entry in BANK for name in api_names.dotted_names(entry.item)}
    assert [name for name, reason in KNOWN.items() if not reason or name not in named or api_names.exists(name)] == []


def test_versions_named_in_questions_are_installed() -> None:
    wrong = []
    for entry in BANK:
        for claim in filter(None, entry.item.holds_for.split(", ")):
            name, _, version = claim.rpartition(" ")
            installed = VERSIONS.get(name, "")
            if name != "Python" and not f"{installed}.".startswith(f"{version}."):
                wrong.append(f"{entry.name}: {claim}, installed is {installed}")
    assert wrong == []


def test_manifest_is_up_to_date() -> None:
    made = manifest.text(manifest.build(BANK))
    assert verification.MANIFEST.read_text() == made, "run `manage.py check_bank --write`"


def test_answers_run_on_databases_are_verified_with_their_names_and_first_numbers() -> None:
    made = manifest.build(entry for entry in BANK if entry.name == "sql-and-transactions/not-in-with-null")
    (run,) = made["questions"].values()
    assert {f"{made['names'][name]} {made['packages'][name]}" for name in run["with"]} == {"PostgreSQL 18", "SQLite 3"}


def test_manifest_entry_is_valid_for_the_same_content_only() -> None:
    verified = [entry for entry in BANK if checks.check_of(entry)]
    assert all(verification.verification(entry.name, entry.item.digest()) for entry in verified)
    assert not any(verification.verification(entry.name, "0" * 64) for entry in verified)


def test_three_of_five_graded_questions_are_verified_in_every_topic() -> None:
    for topic in lint.topics(BANK):
        graded = [entry for entry in BANK if entry.topic == topic and types.get(entry.item.type).machine_graded]
        verified = [entry for entry in graded if checks.check_of(entry)]
        assert len(verified) >= 0.6 * len(graded), topic


def test_every_check_of_a_claim_belongs_to_a_question() -> None:
    known = {check.function for entry in BANK if (check := checks.check_of(entry))}
    for path in checks.FOLDER.glob("*/test_claims*.py"):
        assert {name for name in checks.parse_module(path).definitions if name.startswith("test_")} <= known


def test_no_check_may_skip_or_fail() -> None:
    for path in checks.FOLDER.rglob("*.py"):
        assert not re.search(r"\b(skip|skipif|xfail|importorskip)\b", path.read_text()), path


def test_every_topic_has_two_curated_quizzes_of_its_own() -> None:
    for path in FIXTURES.glob("*.yaml"):
        rows = Bank(path.name).rows
        items = [row["fields"] for row in rows if row["model"] == "questions.quizitem"]
        sizes = sorted(
            sum(item["quiz"] == [row["fields"]["slug"]] for item in items)
            for row in rows
            if row["model"] == "questions.quiz"
        )
        if any(row["model"] == "questions.topic" for row in rows):
            assert sizes[0] >= 10, path
            assert sizes[-1] >= 20, path


@pytest.mark.slow  # the checks themselves run as well
def test_every_check_script_runs_on_its_own(tmp_path) -> None:
    for entry in BANK:
        if check := checks.check_of(entry):
            name = f"test_{entry.topic}_{entry.slug}".replace("-", "_")
            (tmp_path / f"{name}.py").write_text(check.script(entry.item, verification.manifest()["packages"]))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--assert=plain", str(tmp_path)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))}
    clean["POSTGRESQL_FOR_CHECKS"] = postgresql()  # one server for all of them
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=checks.TIME_LIMIT, check=False, cwd=tmp_path, env=clean
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_fixture_names_start_with_the_position_of_the_topic() -> None:
    for path in FIXTURES.glob("*.yaml"):
        first = Bank(path.name).rows[0]
        if first["model"] == "questions.topic":
            assert path.name == f"{first['fields']['position']:02}-{first['fields']['slug']}.yaml"
