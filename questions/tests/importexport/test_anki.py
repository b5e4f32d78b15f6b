"""Anki export, imported with the real Anki: notes with explanations and tags, updated by a second import."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source
from questions.importexport import anki as deck
from questions.importexport.base import Record

CHOICE = Item(
    type="single_choice",
    stem="What does `f()` do? <script>alert(1)</script>",
    code="def f():\n    return 1 < 2",
    code_language="python",
    difficulty="easy",
    explanation="It *compares*.",
    options=(Option("It compares", weight=1, feedback="Right."), Option("It calls", feedback="Nothing is called.")),
    sources=(Source("Python documentation", "https://docs.python.org/3/"),),
    holds_for="Python 3.11",
)
OPEN = Item(
    type="open",
    stem="Tell me about it.",
    model_answer="A **model**.",
    criteria=(Criterion("Says why", 3, essential=True), Criterion("Says how", 1)),
    follow_ups=(FollowUpQuestion("And then?", "It *stops*."),),
)


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., Collection]:
    """Return a function that exports records, imports them into one Anki collection and returns the collection."""
    collection = Collection(str(tmp_path / "collection.anki2"))

    def add(*records: Record, at: float = 1_700_000_000) -> Collection:
        path = tmp_path / "deck.apkg"
        path.write_bytes(deck.write(records, at).content)
        options = ImportAnkiPackageOptions(update_notes=0, update_notetypes=0)
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
        return collection

    yield add
    collection.close()


def notes(collection: Collection) -> list:
    return [collection.get_note(note) for note in collection.find_notes("")]


def test_a_choice_question_becomes_a_note_with_its_explanation_and_tags(imported) -> None:
    (note,) = notes(imported(Record(CHOICE, topic="python", slug="f", task="predict")))
    assert set(note.tags) == {"python", "easy", "single_choice", "predict"}
    assert "<code>f()</code>" in note["Question"]
    assert "<script" not in note["Question"]
    assert re.sub("<[^>]*>", "", note["Question"]).count("It c") == 2
    assert "✓ It compares" in note["Answer"]
    assert "Nothing is called." in note["Answer"]
    assert "<em>compares</em>" in note["Explanation"]
    assert "https://docs.python.org/3/" in note["About"]


def test_an_open_question_shows_model_answer_rubric_and_follow_ups(imported) -> None:
    (note,) = notes(imported(Record(OPEN, topic="python", slug="open")))
    for expected in ("<strong>model</strong>", "Says why (3)", "And then?", "It <em>stops</em>."):
        assert expected in note["Answer"]


def test_a_second_import_updates_the_first(imported) -> None:
    record = Record(CHOICE, topic="python", slug="f")
    imported(record, Record(OPEN, topic="python", slug="open"))
    changed = replace(record, item=replace(CHOICE, explanation="It compares *two* numbers."))
    collection = imported(changed, Record(OPEN, topic="python", slug="open"), at=1_700_000_060)
    assert len(notes(collection)) == 2
    assert "<em>two</em>" in next(n for n in notes(collection) if "f()" in n["Question"])["Explanation"]


@pytest.mark.parametrize("name", types.names())
def test_every_type_has_a_card(imported, name: str) -> None:
    options = (Option("One", weight=1, match="eins"), Option("Two", match="zwei"), Option("Three", match="drei"))
    item = Item(type=name, stem="Which?", options=options if name != "open" else (), model_answer="So.")
    collection = imported(Record(item, topic="python", slug=name))
    (card,) = (collection.get_card(pk) for pk in collection.find_cards(""))
    assert "Which?" in card.question()
    assert "One" in card.answer() or name == "open"


def test_numbers_have_their_unit(imported) -> None:
    item = Item(type="numeric", stem="How long?", units="ms, s = 1000 ms", options=(Option("250", weight=1),))
    (note,) = notes(imported(Record(item, topic="python", slug="n")))
    assert "✓ 250 ms" in note["Answer"]


def test_option_order_is_stable_and_does_not_reveal_the_key() -> None:
    items = [
        replace(CHOICE, options=tuple(Option(f"{n} {m}", weight=float(m == 0)) for m in range(3))) for n in range(30)
    ]
    first = [re.findall(r"<li><p>\d+ (\d)</p>", deck._question(item))[0] for item in items]
    assert set(first) == {"0", "1", "2"}
    assert [deck._question(item) for item in items] == [deck._question(item) for item in items]


def test_typed_answer_is_reported_as_a_loss() -> None:
    item = Item(type="numeric", stem="How many?", options=(Option("7", weight=1),))
    assert [issue.name for issue in deck.write([Record(item, slug="n", topic="t")]).losses] == ["n"]
