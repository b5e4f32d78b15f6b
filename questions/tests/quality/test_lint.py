"""Findings of lint and of the API name check in questions that are wrong on purpose."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source
from questions.quality import api_names
from questions.quality.entries import Entry, in_rows
from questions.quality.lint import duplicate_findings, question_findings, suggestions, topic_findings

VALID = Item(
    type="single_choice",
    stem="What does it print?",
    difficulty="medium",
    explanation="Because. So it is.",
    options=(Option("`1`", 1.0, feedback="Yes."), Option("`2`", feedback="No."), Option("`3`", feedback="No.")),
    sources=(Source("Documentation, “Section”"),),
)
OPEN = Item(
    type="open",
    stem="Why?",
    difficulty="medium",
    explanation="Because. So it is.",
    model_answer="It is so.",
    criteria=tuple(Criterion(f"Says {n}", essential=n == 1) for n in range(4)),
    follow_ups=(FollowUpQuestion("And then?", "So."), FollowUpQuestion("And if not?")),
    sources=(Source("Documentation, “Section”"),),
)


def entry(item: Item = VALID, *, slug: str = "one", task: str = "predict") -> Entry:
    return Entry("topic", slug, "" if item.type == "open" else task, item)


def test_valid_question_has_no_findings() -> None:
    assert question_findings(entry()) == []
    assert question_findings(entry(OPEN)) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (replace(VALID, explanation=" "), "add an explanation"),
        (replace(VALID, sources=()), "add a reference"),
        (replace(VALID, options=(*VALID.options, Option("`4`", feedback=" "))), "add feedback to option 4"),
        (replace(VALID, options=(*VALID.options, Option("`1`", feedback="No."))), "same text"),
        (replace(VALID, stem="Which of the following is true?"), "the following"),
        (replace(VALID, options=(*VALID.options, Option("All of the above", feedback="No."))), "the following"),
        (replace(VALID, stem="What? " + "word " * 60), "to 60 words without code (now 61)"),
        (replace(VALID, explanation="The first option is right."), "since options are shuffled"),
        (replace(VALID, stem="What does the view's answer hold?"), "say “response”"),
        (replace(OPEN, model_answer="I send an e-mail."), "say “email” instead of “e-mail”"),
        (replace(VALID, stem="Which is not printed without a warning?"), "double negative"),
        (replace(VALID, code="from flask import Flask"), "name the version of Flask it applies to"),
        (replace(VALID, code="import django\nfrom rest_framework import views", holds_for="Django 5.2"), "Django REST"),
        (replace(OPEN, criteria=OPEN.criteria[:3]), "4 to 7 criteria"),
        (replace(OPEN, criteria=tuple(Criterion(str(n), essential=True) for n in range(4))), "essential"),
        (replace(OPEN, follow_ups=(FollowUpQuestion("And?"),)), "follow-up"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faulty_question_has_a_finding(wrong: Item, expected: str) -> None:
    assert any(expected in problem for problem in question_findings(entry(wrong)))


def test_machine_graded_question_needs_a_task() -> None:
    assert question_findings(entry(task="")) == ["choose a task"]


def test_follow_up_should_have_a_model_answer() -> None:
    assert suggestions(entry(OPEN)) == ["add a model answer to follow-up question 2"]
    assert suggestions(entry()) == []


def test_negation_in_code_or_another_sentence_is_no_double_negative() -> None:
    stem = "It does not run. The view has `not x` and no guard. What is never printed?"
    assert question_findings(entry(replace(VALID, stem=stem))) == []


@pytest.mark.parametrize("shown", ["```text\n{}\n```", "~~~\n{}\n~~~", "| {} |\n|---|", "    {}", "`{}`"], ids=repr)
def test_code_logs_and_tables_are_no_words_of_the_stem(shown: str) -> None:
    stem = f"What happens here?\n\n{shown.format('word ' * 60)}\n\n{'word ' * 56}"
    assert question_findings(entry(replace(VALID, stem=stem))) == []


def test_same_stem_and_code_is_a_duplicate_but_not_with_other_code() -> None:
    other = replace(VALID, stem="what does  it print?")
    assert duplicate_findings([entry(), entry(other, slug="two")]) == [
        "topic/two: change or remove it, topic/one asks the same"
    ]
    assert duplicate_findings([entry(), entry(replace(VALID, code="print(2)"), slug="two")]) == []


def mixed(change: Callable[[int], Item]) -> list[Entry]:
    """Return 40 questions in the recommended mix; `change` makes each machine-graded one from its number."""
    tasks = ["scenario"] * 12 + ["predict"] * 10 + ["debug"] * 8 + [""] * 10
    levels = ["easy"] * 12 + ["medium"] * 18 + ["hard"] * 10
    return [
        Entry("topic", str(n), task, replace(OPEN if not task else change(n), difficulty=levels[(n * 7) % 40]))
        for n, task in enumerate(tasks)
    ]


def key_at(place: int, *, long: bool = False) -> Item:
    options = [Option(f"`{n}`", 0.0, feedback="So.") for n in range(3)]
    options[place] = Option("`100`" if long else "`9`", 1.0, feedback="So.")
    return replace(VALID, code="print(9)" if place else "", options=tuple(options))


def test_recommended_mix_lacks_only_types() -> None:
    assert all("add a question of type" in line for line in topic_findings("topic", mixed(lambda n: key_at(n % 3))))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (mixed(lambda n: key_at(0)), "option 1 the key less often (now in 30 of 30"),
        (mixed(lambda n: key_at(n % 3, long=True)), "longest option less often (now in 30 of 30"),
        (mixed(lambda n: key_at(n % 3))[:20], "write at least 30 questions (now 20)"),
        (
            mixed(lambda n: replace(key_at(n % 3), code="")),
            "show code, a log or a table in at least 30 %",
        ),
        (mixed(lambda n: key_at(n % 3))[:30], "aim for 25 % open ± 5 (now 0 %)"),
        ([replace(one, task="recall") for one in mixed(lambda n: key_at(n % 3))], "mere recall"),
        (
            [replace(one, item=replace(one.item, difficulty="hard")) for one in mixed(lambda n: key_at(n % 3))],
            "aim for 25 % hard ± 5 (now 100 %)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faulty_mix_has_a_finding(entries: list[Entry], expected: str) -> None:
    assert any(expected in line for line in topic_findings("topic", entries))


def test_tables_and_logs_in_stems_count_as_code() -> None:
    stem = "What does it print?\n\n```text\nGET / 200\n```"
    found = topic_findings("topic", mixed(lambda n: replace(key_at(n % 3), code="", stem=stem)))
    assert not any("show code" in line for line in found)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "asyncio.gather",
            "django.db.models.F",
            "QuerySet.select_related",
            "BaseModel.model_validate",
            "request.body",
        ),
        *("app.dependency_overrides", "HttpRequest.META", "models.ForeignKey", "transaction.atomic", "flask.g"),
        *("serializers.ModelSerializer", "app.before_request", "status.HTTP_201_CREATED", "threading.local"),
    ],
)
def test_existing_names_are_found(name: str) -> None:
    assert api_names.exists(name)


@pytest.mark.parametrize(
    "name", ["asyncio.gatherer", "QuerySet.select_relatives", "django.db.model.F", "BaseModel.validate_model", "x.y"]
)
def test_unknown_names_are_findings(name: str) -> None:
    item = replace(VALID, explanation=f"It is `{name}()`. So.")
    assert api_names.unresolved([entry(item)]) == [f"topic/one: `{name}` does not exist in the installed libraries"]
    assert api_names.unresolved([entry(item)], known=[name]) == []


def test_names_defined_in_the_questions_code_are_accepted() -> None:
    item = replace(VALID, code="class Book:\n    title = ''", explanation="`Book.title` is empty. So.")
    assert api_names.unresolved([entry(item)]) == []


def test_fixture_is_read_with_model_defaults_and_without_drafts() -> None:
    question = {"topic": ["t"], "slug": "s", "type": "single_choice", "status": "published", "stem": "Why?"}
    rows = [
        {"model": "questions.topic", "fields": {"slug": "t"}},
        {"model": "questions.question", "fields": question},
        {"model": "questions.question", "fields": question | {"slug": "draft", "status": "draft"}},
        {"model": "questions.choice", "fields": {"question": ["t", "s"], "position": 2, "text": "b"}},
        {"model": "questions.choice", "fields": {"question": ["t", "s"], "position": 1, "text": "a", "weight": 1}},
    ]
    (only,) = in_rows(rows)
    assert only.name == "t/s"
    assert [option.text for option in only.item.options] == ["a", "b"]
    assert (only.item.difficulty, only.item.options[0].weight) == ("medium", 1.0)
