"""Transfer of answers to another version of the question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.content.diff import differences, match_texts
from questions.content.item import FollowUpQuestion, Item, Option
from questions.tests.strategies import answered, texts


def transfer(answer: dict, old: Item, new: Item) -> dict | None:
    return types.get(old.type).transfer(answer, old, new)


@given(answered())
def test_transfer_to_the_same_content_keeps_the_answer(case: tuple) -> None:
    item, answer = case
    expected = answer if types.get(item.type).machine_graded else None
    assert transfer(answer, item, item) == expected


@given(answered(), st.data())
def test_reordering_the_options_does_not_change_the_grade(case: tuple, data: st.DataObject) -> None:
    item, answer = case
    if item.type in ("open", "ordering"):
        return
    new = replace(item, options=tuple(data.draw(st.permutations(item.options))))
    carried = transfer(answer, item, new)
    assert carried is not None
    grade = types.get(item.type).grade
    assert grade(new, carried).fraction == pytest.approx(grade(item, answer).fraction)


def choice(*texts: str, key: int = 0) -> Item:
    options = tuple(Option(text, weight=float(place == key)) for place, text in enumerate(texts))
    return Item(type="single_choice", stem="?", options=options)


OLD = choice("The first request wins", "The last request wins", "Both fail")


@pytest.mark.parametrize(
    ("new", "chosen", "becomes"),
    [
        (choice("The first request wins", "The last request  wins", "Both fail", key=1), 1, 1),
        (choice("Both fail", "The first request wins", "The last request wins"), 2, 0),
        (choice("The first request wins", "The latest request wins", "Both fail"), 1, 1),
        (choice("The first request wins", "Neither is stored", "Both fail"), 1, None),
        (choice("The first request wins", "Neither is stored", "Both fail"), 0, 0),
    ],
    ids=["other-key", "other-order", "reworded", "replaced", "not-chosen-was-replaced"],
)
def test_an_option_is_matched_by_its_text(new: Item, chosen: int, becomes: int | None) -> None:
    assert transfer({"chosen": [chosen]}, OLD, new) == (None if becomes is None else {"chosen": [becomes]})


def test_a_corrected_number_is_a_different_option() -> None:
    assert match_texts(["42", "17"], ["43", "17"]) == [None, 1]


def test_an_order_of_different_lines_is_not_transferred() -> None:
    old = Item(type="ordering", stem="?", options=(Option("first"), Option("second")))
    assert transfer({"order": [1, 0]}, old, replace(old, options=(*old.options, Option("third")))) is None


def test_a_pair_without_its_match_is_not_transferred() -> None:
    old = Item(type="matching", stem="?", options=(Option("a", match="one"), Option("b", match="other")))
    new = replace(old, options=(Option("a", match="one"), Option("b", match="quite something else")))
    assert transfer({"matches": [0, 1]}, old, new) is None
    assert transfer({"matches": [0, None]}, old, new) == {"matches": [0, None]}
    assert transfer({"matches": [0, 1]}, old, replace(new, options=(*old.options, Option("c", match="one")))) is None


@pytest.mark.parametrize(
    ("before", "after", "text", "is_kept"),
    [
        ("", "ms", "250", True),
        ("ms", "", "250", True),
        ("ms", "milliseconds, ms = milliseconds", "250", True),
        ("ms", "s, ms = 0.001 s", "250", False),
        ("ms", "s, ms = 0.001 s", "250 ms", True),
        ("ms, s = 1000 ms", "ms", "0.25 s", False),
        ("ms, s = 100 ms", "ms, s = 1000 ms", "0.25 s", True),
    ],
)
def test_a_number_is_transferred_if_its_unit_is_the_same(before: str, after: str, text: str, is_kept: bool) -> None:
    old = Item(type="numeric", stem="?", units=before, options=(Option("250", weight=1),))
    assert transfer({"text": text}, old, replace(old, units=after)) == ({"text": text} if is_kept else None)


def test_other_units_are_a_difference() -> None:
    old = Item("numeric", "?", units="ms", options=(Option("250", 1.0),))
    assert [difference.label for difference in differences(old, replace(old, units="ms, s = 1000 ms"))] == ["Units"]


def test_other_model_answer_of_a_follow_up_is_a_difference() -> None:
    old, new = (Item("open", "?", follow_ups=(FollowUpQuestion("And?", text),)) for text in ("", "So."))
    (difference,) = differences(old, new)
    assert difference.label == "Follow-up question 1"
    assert "".join(piece.text for piece in difference.new if piece.changed).strip() == "So."


@given(st.lists(texts, unique_by=lambda text: " ".join(text.split())))
def test_every_text_matches_itself(found: list[str]) -> None:
    assert match_texts(found, found) == list(range(len(found)))


@given(st.lists(texts), st.lists(texts))
def test_matched_indices_exist(old: list[str], new: list[str]) -> None:
    assert all(place is None or 0 <= place < len(new) for place in match_texts(old, new))


@given(answered(), answered())
def test_differences_contain_both_texts_completely(one: tuple, other: tuple) -> None:
    old, new = one[0], other[0]
    found = differences(old, new)
    assert bool(found) == (old != new)
    for difference in found:
        sides = ["".join(piece.text for piece in side) for side in (difference.old, difference.new)]
        assert sides[0] != sides[1]
    stems = [difference for difference in found if difference.label == "Stem"]
    if old.stem != new.stem:
        assert "".join(piece.text for piece in stems[0].old) == old.stem


def test_differences_are_marked_word_by_word() -> None:
    (difference,) = differences(choice("a"), replace(choice("a"), stem="? No: now."))
    assert [(piece.text, piece.changed) for piece in difference.new] == [("?", False), (" No: now.", True)]
