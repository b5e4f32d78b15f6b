"""Question types, items, what an interview asks and the format of one's data know no database."""

import ast
from pathlib import Path

import pytest

import questions

HERE = Path(questions.__file__).parent
PURE = [
    *(HERE / name for name in ("item.py", "cues.py", "interviews.py")),
    *sorted((HERE / "types").glob("*.py")),
    *sorted((HERE / "takeout").glob("*.py")),
]


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_no_database_is_imported(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert not [name for name in imported if name.startswith(("django.db", "questions.models"))]
