"""GIFT import: examples of Moodle's documentation are read, invalid questions are refused with their line."""

import pytest

from questions import types
from questions.content.item import Item
from questions.importexport.base import Record, UnreadableFile
from questions.importexport.gift import read


def only(text: str) -> Record:
    """Return the only record of a file without refusals."""
    parsed = read(text.encode())
    assert not parsed.refused
    (record,) = parsed.records
    return record


def options(text: str) -> list[tuple[str, float, str]]:
    return [(option.text, option.weight, option.feedback) for option in only(text).item.options]


def refusal(text: str) -> tuple[int, str]:
    """Return (line, reason) of the only refusal in a file without valid questions."""
    parsed = read(text.encode())
    assert not parsed.records
    (issue,) = parsed.refused
    return issue.line, issue.text


def test_single_choice_has_feedback_and_partial_credit():
    text = "::Hometown:: Jesus was from {\n ~Jerusalem#Wrong.\n ~%25%Bethlehem#Born.\n =Nazareth#Yes!\n####Why.}."
    record = only(text)
    assert (record.item.type, record.slug, record.line) == ("single_choice", "hometown", 1)
    assert record.item.stem == "Jesus was from _____."
    assert record.item.explanation == "Why."
    assert options(text.partition("####")[0] + "}") == [
        ("Jerusalem", 0.0, "Wrong."),
        ("Bethlehem", 0.25, "Born."),
        ("Nazareth", 1.0, "Yes!"),
    ]


def test_answers_may_be_on_one_line_without_spaces():
    assert options("Who?{~Grant~Jefferson=no one}") == [("Grant", 0, ""), ("Jefferson", 0, ""), ("no one", 1, "")]


def test_weighted_answers_without_a_key_are_multiple_choice():
    text = "Who? {~%-33.333%a ~%-66.667%b ~%50%c ~%50%d}"
    assert only(text).item.type == "multiple_choice"
    assert [weight for _text, weight, _feedback in options(text)] == [-0.33333, -0.66667, 0.5, 0.5]


def test_equal_shares_without_penalty_become_weights_of_1_and_0():
    assert options("Who? {~No one ~%50%Grant ~%50%Wife}") == [("No one", 0, ""), ("Grant", 1, ""), ("Wife", 1, "")]
    assert types.get("multiple_choice").problems(only("Who? {~No one ~%50%Grant ~%50%Wife}").item) == []


def test_short_answers_have_weights_and_feedback():
    text = "Two and two{=four#Well =%50%4#In words =%0%*#No}"
    assert only(text).item.type == "short_answer"
    assert options(text) == [("four", 1, "Well"), ("4", 0.5, "In words")]


def test_short_answers_are_plain_text_with_escaped_asterisks():
    assert options("[html]All rows? {=SELECT \\* =__init__ =a < b}") == [
        ("SELECT *", 1, ""),
        ("__init__", 1, ""),
        ("a < b", 1, ""),
    ]


@pytest.mark.parametrize("word", ["T", "TRUE", "True"])
def test_first_feedback_of_true_is_for_the_wrong_answer(word):
    assert options(f"Sun?{{{word}#wrong#right####all}}") == [("True", 1, "right"), ("False", 0, "wrong")]


def test_first_feedback_of_false_is_for_the_wrong_answer():
    assert options("Sun?{FALSE#wrong}") == [("True", 0, "wrong"), ("False", 1, "")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("{#3}", [("3", 1, "")]),
        ("{#3:0.5}", [("3", 1, "0.5")]),
        ("{#1..5}", [("3", 1, "2")]),
        ("{#-0.5..0}", [("-0.25", 1, "0.25")]),
        ("{#=%100%3:0#right =%50%3:2 ~#no}", [("3", 1, "0"), ("3", 0.5, "2")]),
    ],
)
def test_numbers_have_tolerances_ranges_and_weights(answers, expected):
    item = only(f"How many? {answers}").item
    assert item.type == "numeric"
    assert [(option.text, option.weight, option.tolerance) for option in item.options] == expected


def test_pair_without_a_left_side_is_a_distractor():
    item = only("Capitals {=Canada -> Ottawa\n=Italy->Rome\n= -> Bern}").item
    assert item.type == "matching"
    assert [(option.text, option.match) for option in item.options] == [
        ("Canada", "Ottawa"),
        ("Italy", "Rome"),
        ("", "Bern"),
    ]


def test_an_essay_is_an_open_question_with_its_feedback():
    assert only("Tell. {}").item == Item(type="open", stem="Tell.")
    assert only("Tell. {####Well.}").item.explanation == "Well."


def test_escaped_characters_are_unescaped():
    assert only(r"a\: \{\} \= \~ \#\nb \\n \x {T}").item.stem == "a: {} = ~ #\nb \\n \\x"


def test_comment_before_a_question_has_its_id_and_tags():
    record = only(
        "// name: x\n// [id:my-id] [tag:difficulty:hard] [tag:seniority:mid] [tag:task:debug] [tag:other]\n"
        "// [tag:holds_for:Python [3.11\\]]\n::A title::Q? {T}"
    )
    assert (record.slug, record.task, record.line) == ("my-id", "debug", 4)
    assert (record.item.difficulty, record.item.seniority, record.item.holds_for) == ("hard", "mid", "Python [3.11]")


def test_category_applies_until_the_next_one():
    parsed = read(
        b"$CATEGORY: $course$/top/py/gil\n\nQ1 {T}\n\nQ2 {T}\n\n"
        b"// x\n$CATEGORY: a/b\nQ3 {T}\n\n$CATEGORY: $course$\n\nQ4 {T}"
    )
    assert [record.topic for record in parsed.records] == ["py/gil", "py/gil", "a/b", ""]


def test_html_becomes_markdown_and_answers_inherit_the_format():
    item = only(
        "[html]<p>Is <code>a_b</code> <b>so</b>?</p>{=<i>yes</i> ~[markdown]*no* ~[plain]*x*#[html]a &lt; b}"
    ).item
    assert item.stem == "Is `a_b` **so**?"
    assert [option.text for option in item.options] == ["*yes*", "*no*", "\\*x\\*"]
    assert item.options[2].feedback == "a < b"


def test_text_without_a_format_is_shown_as_written():
    assert only("What is __init__ and `__new__`? {T}").item.stem == "What is \\_\\_init\\_\\_ and `__new__`?"


def test_indented_lines_are_code_only_in_markdown():
    assert only("What\n     is it? {T}").item.stem == "What\nis it?"
    assert only("[markdown]What\n     is it? {T}").item.stem == "What\n     is it?"


def test_fenced_block_at_the_end_is_code():
    item = only(r"[markdown]Prints?\n\n```python\nprint(\{\})\n```{T}").item
    assert (item.stem, item.code, item.code_language) == ("Prints?", "print({})", "python")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\nJust text.", 2, "description"),
        ("Q {\n=a\n~b", 1, "not closed"),
        ("Q\n} {", 2, "without a {"),
        ("Q {=a {b} ~c}", 1, "second {"),
        ("Q {=a\n~b}\n}", 3, "second }"),
        ("::Q {T}", 1, "title"),
        ("{T}", 1, "no question text"),
        ("Q {=a\n=b\n~c}", 2, "two answers marked ="),
        ("Q {\na\n~b}", 2, "has no mark"),
        ("Q {return 0;}", 1, "has no mark"),
        ("Q {=a\n~%150%b}", 2, "between -100 % and 100 %"),
        ("Q {=a ~}", 1, "no text"),
        ("Q {=a->b\n=c}", 2, "arrow"),
        ("Q {=a->}", 1, "no text"),
        ("Q {=Sel*}", 1, "Wildcards"),
        ("Q {#3,500}", 1, "is not a number"),
        ("Q {#}", 1, "no text"),
        ("Q {#3:x}", 1, "is not a number"),
        ("Q {#3:-1}", 1, "below 0"),
        ("Q {#5..1}", 1, "is not a range"),
        ("Q {#3 ~5}", 1, "=%0%5"),
        ("Q {#" + "9" * 1000 + "}", 1, "is not a number"),
        ("Q {" + "~a" * 501 + "}", 1, "more than 500"),
        ("[html]" + "<b>x</b>" * 600 + "{T}", 1, "1,000 HTML tags"),
        ("Q {T#[html]" + "<b>x</b>" * 600 + "}", 1, "1,000 HTML tags"),
    ],
)
def test_invalid_question_is_refused_with_the_line_of_the_mistake(text, line, message):
    found, reason = refusal(text)
    assert (found, message in reason) == (line, True), reason


def test_refusal_names_the_start_of_the_question_and_keeps_the_others():
    parsed = read(b"Q1 {T}\n\n::Two::\n{\n=a\n\nQ3 {F}")
    assert [record.item.stem for record in parsed.records] == ["Q1", "Q3"]
    assert parsed.refused[0].name == "Two"
    assert parsed.refused[0].line == 4
    assert parsed.refused[0].text.endswith("(The question starts on line 3.)")


def test_binary_file_is_unreadable():
    with pytest.raises(UnreadableFile):
        read(b"\xff\xfe\xfa")
