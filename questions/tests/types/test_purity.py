"""Question types, items, interview selection and the personal data format do not import the database."""

import ast
from pathlib import Path

import pytest

import questions

HERE = Path(questions.__file__).parent
FORMAT_OF_PERSONAL_DATA = (
    *("schema", "schema_fields", "import_summary"),
    *("archive_reader", "archive_writer", "csv_tables"),
)
PURE = [
    *sorted((HERE / "content").glob("*.py")),
    *sorted((HERE / "types").glob("*.py")),
    HERE / "attempts" / "rubric_hints.py",
    HERE / "interviews" / "selection.py",
    *(HERE / "personal_data" / f"{name}.py" for name in FORMAT_OF_PERSONAL_DATA),
]


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_no_database_is_imported(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert not [name for name in imported if name.startswith("django.db") or ".models" in name]
