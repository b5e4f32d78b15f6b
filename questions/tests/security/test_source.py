"""Static checks: constructs that the source must not use."""

import re

import pytest
from django.conf import settings

CODE = [
    path
    for folder in ("questions", "quizsite")
    for path in (settings.BASE_DIR / folder).rglob("*.py")
    if "tests" not in path.parts
]
SCRIPTS = list((settings.BASE_DIR / "static" / "js").glob("*.js"))
# Management commands, and the checks of answers, which run only in development.
MAY_START_PROGRAMS = ("management/", "quality/checks.py")


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(?:eval|exec|compile)\((?<!re\.compile\()",
        r"shell=True|os\.system|os\.popen",
        r"^(?:import|from) (?:pickle|marshal|shelve|dill)",
        r"unsafe_load|full_load|\b(?:yaml\.|Unsafe|Full)Loader\b",
        r"from_string\(|\bTemplate\(",
        r"\.raw\(|\.extra\(|RawSQL",
    ],
)
def test_no_code_template_or_query_is_built_from_input(pattern: str) -> None:
    assert len(CODE) > 100
    assert [path.name for path in CODE if re.search(pattern, path.read_text(), re.MULTILINE)] == []


def test_only_commands_start_programs() -> None:
    found = [
        path.as_posix() for path in CODE if re.search(r"^(?:import|from) subprocess", path.read_text(), re.MULTILINE)
    ]
    assert found and all(any(place in path for place in MAY_START_PROGRAMS) for path in found)


def test_server_makes_no_requests() -> None:
    clients = r"^(?:import|from) (?:socket|urllib\.request|http\.client|requests|httpx|ftplib|smtplib)\b"
    found = [path for path in CODE if re.search(clients, path.read_text(), re.MULTILINE)]
    assert [path.name for path in found] == ["serve.py"]  # which checks that its own workers are up


def test_scripts_build_no_html_and_accept_no_messages() -> None:
    assert SCRIPTS
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|[\"']message[\"']|__proto__"
    found = [path for path in SCRIPTS if re.search(risky, path.read_text())]
    assert {path.name for path in found} == {"admin.js", "autosave.js"}  # which show what the server has rendered
