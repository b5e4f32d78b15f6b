"""docs/security.md covers every requirement and refers to existing tests."""

import re

from django.conf import settings

PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text()
TESTS = settings.BASE_DIR / "questions" / "tests"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?:-(\d+\.\d+\.\d+))? \| [^|]+ \| \*\*([a-z ]+)\*\*:(.*) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
STATES = {"met", "documented", "partly", "host", "untested", "not met", "not applicable"}
# Number of requirements of levels 1 and 2 in each section of ASVS 5.0.0, which come first in it. V10 counts as a whole.
ITEMS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
}


def key(item: str) -> tuple[int, ...]:
    return tuple(map(int, item.split(".")))


def test_every_requirement_has_a_row() -> None:
    rows = [(key(first), key(last or first)) for first, last, _state, _text in ROW.findall(PAGE)]
    wanted = [key(f"{section}.{number}") for section, count in ITEMS.items() for number in range(1, count + 1)]
    missing = [item for item in wanted if not any(first <= item <= last for first, last in rows)]
    assert missing == []
    assert len(rows) == len(re.findall(r"^\| \d", PAGE, re.MULTILINE))


def test_referenced_tests_exist_and_met_requirements_have_one() -> None:
    for first, _last, state, text in ROW.findall(PAGE):
        assert state in STATES, first
        assert NAMED.search(text) or state not in ("met", "partly"), first
    for path, name in NAMED.findall(PAGE):
        if not path.endswith("test_x.py"):
            assert re.search(rf"def {name}\(", (TESTS / path).read_text()), name
