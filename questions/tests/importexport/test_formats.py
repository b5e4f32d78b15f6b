"""The registry of formats: all of our types go out and come back, and a file's format is told by its name."""

import pytest

from questions.content.item import Item, Option
from questions.importexport.base import Record, Unreadable
from questions.importexport.formats import FORMATS, READABLE, format_of

ITEM = Item(type="single_choice", stem="Which?", options=(Option("This", 1), Option("That")))


@pytest.mark.parametrize("name", READABLE)
def test_a_file_that_was_written_is_known_again(name: str) -> None:
    content = FORMATS[name].write([Record(ITEM, topic="web", slug="one")]).content
    assert format_of(f"questions{FORMATS[name].suffix}", content).name == name
    (record,) = READABLE[name].read(content).records
    assert record.item.stem == "Which?"
    assert [(option.text, option.weight) for option in record.item.options] == [("This", 1), ("That", 0)]


def test_gift_is_often_called_txt() -> None:
    assert format_of("bank.TXT", b"::a:: What? {=b ~c}").name == "gift"
    assert format_of("a.yml", b"").name == "yaml"


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(Unreadable, match=r"name it with \.csv, \.gift"):
        format_of("questions.doc", b"")


def test_a_deck_is_only_written() -> None:
    assert "anki" not in READABLE
