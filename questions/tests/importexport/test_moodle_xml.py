"""Moodle XML import and export: every type round-trips, invalid questions are refused with their line."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source
from questions.importexport import moodle_xml
from questions.importexport.base import MAX_BYTES, ParsedFile, Record, UnreadableFile
from questions.tests.factories import CHOICES, LISTING
from questions.tests.importexport.strategies import records
from questions.tests.strategies import full_items, slugs

full_records = st.builds(Record, full_items, topic=slugs, slug=slugs, task=st.sampled_from(["", "debug"]))


def quiz(*questions: str, head: str = "") -> bytes:
    return f"{head}<quiz>\n{''.join(questions)}</quiz>".encode()


def question(kind: str, inside: str, name: str = "one", stem: str = "Which?") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>{inside}</question>\n'
    )


def answer(text: str, fraction: str, feedback: str = "", more: str = "") -> str:
    feedback = f"<feedback><text>{feedback}</text></feedback>"
    return f'<answer fraction="{fraction}"><text>{text}</text>{feedback}{more}</answer>'


def units(*found: tuple[str, str]) -> str:
    inside = "".join(
        f"<unit><multiplier>{size}</multiplier><unit_name>{name}</unit_name></unit>" for name, size in found
    )
    return f"<units>{inside}</units>"


def only(data: bytes) -> Record:
    parsed = moodle_xml.read(data)
    assert parsed.refused == []
    (record,) = parsed.records
    return record


@given(st.lists(full_records | records(), min_size=1, max_size=3))
def test_records_round_trip_or_are_reported(found: list[Record]) -> None:
    exported = moodle_xml.write(found)
    incomplete = {issue.name for issue in [*exported.losses, *exported.refused]}
    parsed = moodle_xml.read(exported.content)
    assert not parsed.refused
    back = iter(parsed.records)
    for record in found:
        if record.name not in incomplete:
            assert record in back


@pytest.mark.parametrize("name", types.names())
def test_every_type_round_trips_without_losses(name: str) -> None:
    options = tuple(Option(**{"feedback": f"About {n}.", **choice}) for n, choice in enumerate(CHOICES[name]))
    if name == "matching":
        options = tuple(replace(option, feedback="") for option in options)
    item = Item(
        type=name,
        stem="What does *this* do?",
        code=LISTING if name == "find_lines" else "x = 1 < 2",
        code_language="python",
        holds_for="Python 3.11",
        difficulty="hard",
        seniority="mid",
        explanation="It compares.\n\nAnd that is all.",
        model_answer="So." if name == "open" else "",
        case_sensitive=name == "short_answer",
        options=options,
    )
    record = Record(item, topic="web", slug="this-one", task="" if name == "open" else "predict")
    exported = moodle_xml.write([record])
    assert (exported.losses, exported.refused) == ([], [])
    assert moodle_xml.read(exported.content).records == [record]


def test_losses_are_reported() -> None:
    item = Item(
        "open",
        "?",
        criteria=(Criterion("Says so"),),
        follow_ups=(FollowUpQuestion("And?", "So."),),
        sources=(Source("Docs"),),
    )
    (issue,) = moodle_xml.write([Record(item, slug="s")]).losses
    for message in ("its rubric", "its follow-up questions", "its sources"):
        assert message in issue.text


@pytest.mark.parametrize(
    ("units", "written"),
    [
        ("ms, milliseconds = ms, s = 1000 ms, min = 60000 ms", ""),
        ("ms,s=1e3", "Its units are written as “ms, s = 1000 ms”."),
    ],
)
def test_units_are_exported(units: str, written: str) -> None:
    item = Item("numeric", "?", units=units, options=(Option("250", 1.0),))
    exported = moodle_xml.write([Record(item, slug="s")])
    assert [issue.text for issue in exported.losses] == [written] * bool(written)
    assert "<unit_name>s</unit_name>" in exported.content.decode()


def test_units_that_cannot_be_read_are_not_exported() -> None:
    item = Item("numeric", "?", units="ms, s", options=(Option("250", 1.0),))
    (issue,) = moodle_xml.write([Record(item, slug="s")]).refused
    assert "Define “s”: for example" in issue.text


def test_topic_slug_and_difficulty_come_from_category_id_and_tags() -> None:
    category = '<question type="category"><category><text>$course$/top/Web/HTTP</text></category></question>'
    inside = (
        "<idnumber>my-id</idnumber><tags><tag><text>difficulty:easy</text></tag><tag><text>loose</text></tag></tags>"
    )
    record = only(quiz(category, question("essay", inside)))
    assert (record.topic, record.slug, record.item.difficulty, record.line) == ("Web/HTTP", "my-id", "easy", 2)


def test_slug_is_made_from_the_name_without_an_id() -> None:
    assert only(quiz(question("essay", "", name="What is it, then?"))).slug == "what-is-it-then"


def test_html_becomes_markdown() -> None:
    record = only(quiz(question("essay", "", stem="<p>Is <b>this</b> <code>a*b</code>?</p><ul><li>so</li></ul>")))
    assert record.item.stem == "Is **this** `a*b`?\n\n- so"


class TestTypes:
    def test_multiple_choice_keeps_its_weights(self) -> None:
        inside = "<single>false</single>" + answer("a", "33.33333") + answer("b", "-100")
        item = only(quiz(question("multichoice", inside))).item
        assert item.type == "multiple_choice"
        assert [option.weight for option in item.options] == [0.3333333, -1]

    def test_true_and_false(self) -> None:
        item = only(quiz(question("truefalse", answer("false", "100", "Yes.") + answer("true", "0")))).item
        assert item.options == (Option("False", 1, feedback="Yes."), Option("True"))

    def test_feedback_for_any_other_answer_joins_the_explanation(self) -> None:
        inside = "<usecase>1</usecase>" + answer("Ada", "100") + answer("*", "0", "Think of Byron.")
        item = only(quiz(question("shortanswer", inside))).item
        assert (item.options, item.case_sensitive) == ((Option("Ada", 1),), True)
        assert item.explanation == "Think of Byron."

    def test_numeric_has_its_tolerance(self) -> None:
        item = only(quiz(question("numerical", answer("3.5", "100", more="<tolerance>0.1</tolerance>")))).item
        assert item.options == (Option("3.5", 1, tolerance="0.1"),)

    def test_units_are_sorted_and_their_multipliers_inverted(self) -> None:
        inside = answer("2", "100") + units(
            ("min", "0.0166666666666666667"), ("s", "1"), ("sec", "1.0"), ("ms", "1000")
        )
        item = only(quiz(question("numerical", inside))).item
        assert item.units == "s, sec = s, min = 60 s, ms = 0.001 s"

    def test_units_that_moodle_does_not_use_are_left_out(self) -> None:
        inside = answer("2", "100") + units(("s", "1")) + "<showunits>3</showunits>"
        assert only(quiz(question("numerical", inside))).item.units == ""

    def test_matching_may_have_a_distractor(self) -> None:
        pairs = [("left", "l"), ("right", "r"), ("", "x")]
        inside = "".join(
            f"<subquestion><text>{a}</text><answer><text>{b}</text></answer></subquestion>" for a, b in pairs
        )
        assert only(quiz(question("matching", inside))).item.options == tuple(Option(a, match=b) for a, b in pairs)

    def test_ordering_is_sorted_by_number(self) -> None:
        item = only(quiz(question("ordering", answer("second", "2.0000000") + answer("first", "1.0000000")))).item
        assert [option.text for option in item.options] == ["first", "second"]

    def test_grader_info_is_the_model_answer(self) -> None:
        item = only(
            quiz(question("essay", '<graderinfo format="html"><text>Say &lt;i>why&lt;/i></text></graderinfo>'))
        ).item
        assert (item.type, item.model_answer) == ("open", "Say *why*")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (question("cloze", ""), "question type “cloze” is not supported"),
        (question("essay", '<generalfeedback><text>x</text><file name="a.png"/></generalfeedback>'), "an image"),
        (question("essay", "", stem='<img src="@@PLUGINFILE@@/a.png">'), "an image"),
        (question("multichoice", answer("a", "much")), "“much” is not a percentage"),
        (question("multichoice", answer("a", "250")), "is not a percentage"),
        (question("shortanswer", answer("a*", "100")), "Wildcards (*) are not supported"),
        (question("numerical", units(("s", "0"))), "The multiplier “0” of a unit is not a number above 0"),
        (question("numerical", units(("s", "1" * 61))), "of a unit is not a number above 0"),
        (question("numerical", units(("s", "1000"))), "None of its units has the multiplier 1"),
        (question("numerical", units(("m, s", "1"))), "Define “s”: for example"),
        (question("numerical", units(("2", "1"))), "“2” cannot be a unit"),
        (question("essay", "", stem="<b>" * 1001), "more than 1,000 HTML tags"),
    ],
)
def test_invalid_question_is_refused_with_its_line_and_the_others_are_kept(bad: str, message: str) -> None:
    parsed = moodle_xml.read(quiz(question("essay", "", name="good"), bad, question("essay", "", name="last")))
    assert [record.slug for record in parsed.records] == ["good", "last"]
    assert [(issue.line, issue.name) for issue in parsed.refused] == [(3, "one")]
    assert message in parsed.refused[0].text


BOMB = '<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "well-formed"),
        (b"no xml", "Line 1, column 0"),
        (quiz(question("essay", ""))[:-10], "Line 2"),
        (b"<html></html>", "root element is not <quiz>"),
        (quiz(head=BOMB), "declares a document type or entities"),
        (quiz(head='<!DOCTYPE q SYSTEM "file:///etc/passwd">'), "declares a document type or entities"),
        (quiz(question("essay", "", stem="für")).decode().encode("latin-1"), "If the file is not UTF-8"),
        (quiz("<a>" * 30), "20 deep"),
        (b'<?xml version="1.0" encoding="no-such"?><quiz/>', "XML"),
        (b" " * (MAX_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_other_files_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        moodle_xml.read(data)
    assert message in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_declared_encoding_is_used(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
    data = quiz(question("essay", "", stem="für"), head=head).decode().encode(encoding)
    assert only(data).item.stem == "für"


def test_too_many_questions_are_refused() -> None:
    def many() -> Iterable[str]:
        return (question("essay", "", stem="?") for _ in range(10_001))

    with pytest.raises(UnreadableFile, match="more than 10,000 questions"):
        moodle_xml.read(quiz(*many()))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(b"<quiz><question/></quiz>")
@example(b'<quiz><question type="multichoice"><answer/></question></quiz>')
@example(b'<quiz><question type="ordering"><answer fraction="1.2.3"/></question></quiz>')
@example(b'<quiz><question type="numerical"><answer fraction=""/></question></quiz>')
def test_any_bytes_can_be_read(data: bytes) -> None:
    with suppress(UnreadableFile):
        assert isinstance(moodle_xml.read(data), ParsedFile)
