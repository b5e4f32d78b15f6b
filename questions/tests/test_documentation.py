"""The documentation names files that are there and links that lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WHERE_IS = ROOT / "docs" / "contributing" / "where-is.md"
ROW = re.compile(r"^\| (\d+) \| Where [^|]+\? \| `([^`]+)` \|$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """The fragment by which a heading is linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_each_of_the_files_exists() -> None:
    rows = ROW.findall(WHERE_IS.read_text())
    assert [int(number) for number, _file in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 40
    assert [file for _number, file in rows if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for path, fragment in LINK.findall(page.read_text()):
        target = (page.parent / path).resolve() if path else page
        if path.startswith("picture:"):  # an example of how texts show pictures
            continue
        if not target.exists():
            broken.append(path)
        elif fragment and fragment not in map(anchor, HEADING.findall(target.read_text())):
            broken.append(f"{path}#{fragment}")
    assert broken == []


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_overviews_stay_short(page: str) -> None:
    assert len((ROOT / page).read_text().splitlines()) <= 150


def test_no_module_is_longer_than_300_lines() -> None:
    modules = [
        path
        for folder in ("questions", "quizsite", "scripts", "bench", "soak")
        for path in (ROOT / folder).rglob("*.py")
    ]
    long = [str(path.relative_to(ROOT)) for path in modules if len(path.read_text().splitlines()) > 300]
    assert [path for path in long if "/migrations/" not in path] == []
