"""The registry of formats and the detection of a file's format."""

import pytest

from questions.content.item import Item, Option
from questions.importexport.base import Record, UnreadableFile
from questions.importexport.formats import FORMATS, IMPORT_FORMATS, detect_format

ITEM = Item(type="single_choice", stem="Which?", options=(Option("This", 1), Option("That")))


@pytest.mark.parametrize("name", IMPORT_FORMATS)
def test_format_of_an_exported_file_is_detected(name: str) -> None:
    content = FORMATS[name].write([Record(ITEM, topic="web", slug="one")]).content
    assert detect_format(f"questions{FORMATS[name].suffix}", content).name == name
    (record,) = IMPORT_FORMATS[name].read(content).records
    assert record.item.stem == "Which?"
    assert [(option.text, option.weight) for option in record.item.options] == [("This", 1), ("That", 0)]


def test_txt_may_be_gift_and_yml_is_yaml() -> None:
    assert detect_format("bank.TXT", b"::a:: What? {=b ~c}").name == "gift"
    assert detect_format("a.yml", b"").name == "yaml"


def test_unknown_suffix_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"rename the file to end in \.csv, \.gift"):
        detect_format("questions.doc", b"")


def test_anki_decks_cannot_be_imported() -> None:
    assert "anki" not in IMPORT_FORMATS
