"""The preview for staff, in which authors try answers and see how they are graded."""

import pytest
from django.test import Client
from django.urls import reverse

from questions import types
from questions.attempts.asked_question import preview_of
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.tests.attempt_steps import sent_for
from questions.tests.factories import RubricCriterionFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """A superuser's browser."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def url_of(question: Question) -> str:
    return reverse("question-preview", args=[question.pk])


def try_answer(staff: Client, question: Question, data: dict) -> str:
    """Send an answer and return what the page says about it; empty if it is not graded."""
    sample = staff.post(url_of(question), data).context["sample"]
    return f"{sample.label}. {sample.note}".strip() if sample else ""


@pytest.mark.parametrize("name", [name for name in types.names() if types.get(name).machine_graded])
def test_right_answer_is_graded_and_nothing_is_saved(staff: Client, name: str) -> None:
    question = make_question(name, status="draft")
    preview = preview_of(question)
    before = QuestionRevision.objects.count()
    data = sent_for(preview.response, preview.question_type.key(preview.item))
    page = staff.post(url_of(question), data)
    assert page.context["sample"].label == "Right"
    form = page.context["form"]
    assert {field: form[field].value() for field in data} == data
    assert (Attempt.objects.count(), Response.objects.count()) == (0, 0)
    assert QuestionRevision.objects.count() == before


def test_partly_right_answer_has_a_percentage(staff: Client) -> None:
    question = make_question("multiple_choice")
    data = sent_for(preview_of(question).response, {"chosen": [0]})
    assert try_answer(staff, question, data) == "Partly right (50 %)."


def test_wrong_option_is_wrong_wherever_it_is_shown(staff: Client) -> None:
    for _ in range(5):
        question = make_question("single_choice")
        assert try_answer(staff, question, sent_for(preview_of(question).response, {"chosen": [1]})) == "Wrong."


@pytest.mark.parametrize(
    ("name", "text", "grade"),
    [
        ("short_answer", "“Zirconium”.", "Right. It matches option 1, “zirconium”."),
        ("short_answer", "quartzite", "Wrong. It matches option 2, “quartzite”."),
        ("short_answer", "granite", "Wrong. It matches no option."),
        ("numeric", "76,543.4", "Right. It matches option 1, “76543”."),
        ("numeric", "76 543.4", "Right. It matches option 1, “76543”."),
        ("numeric", "1", "Wrong. It matches no option."),
    ],
)
def test_typed_answer_names_the_matched_option(staff: Client, name: str, text: str, grade: str) -> None:
    assert try_answer(staff, make_question(name), {"text": text}) == grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("76.543 s", "Right. It counts as 76543 ms. It matches option 1, “76543 ms”."),
        ("76543", "Right. It matches option 1, “76543 ms”."),
        ("76543 s", "Wrong. It counts as 76543000 ms. It matches no option."),
        ("76543 kg", ""),
    ],
)
def test_unit_is_converted_before_the_eyes_of_the_author(staff: Client, text: str, grade: str) -> None:
    question = make_question("numeric", units="ms, s = 1000 ms")
    assert try_answer(staff, question, {"text": text}) == grade


def test_answer_is_explained_with_the_unit(staff: Client) -> None:
    page = staff.post(url_of(make_question("numeric", units="ms")), {"text": "5"}).content.decode()
    assert "<code>76543 ms</code> ± 0.5" in page
    assert "You may add a unit: ms." in page


def test_matched_option_can_earn_a_part(staff: Client) -> None:
    question = make_question("short_answer")
    question.choices.filter(text="quartzite").update(weight=0.25)
    assert try_answer(staff, question, {"text": "quartzite"}) == (
        "Partly right (25 %). It matches option 2, “quartzite”."
    )


def test_open_answer_gets_the_hints_that_candidates_get(staff: Client) -> None:
    question = make_question("open")
    RubricCriterionFactory(question=question, position=9, text="Limits the event loop's semaphore")
    page = staff.post(url_of(question), {"text": "A semaphore limits what the event loop takes on."})
    assert page.context["sample"].label == "Not graded automatically"
    ((criterion, words),) = page.context["sample"].hints
    assert criterion == "Limits the event loop's semaphore"
    assert "The answer mentions Limits, event, loop, semaphore" in page.content.decode() and len(words) == 4


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("single_choice", {}, "Give an answer first."),
        ("short_answer", {"text": " "}, "Give an answer first."),
        ("numeric", {"text": "10²"}, "is not a valid number"),
        ("ordering", {"row-1": "1"}, "more line a number, too."),
        ("ordering", {}, "Give each line a number."),
        ("matching", {"row-1": "1"}, "Choose a match for “Right”."),
        ("matching", {}, "Choose a match for each line."),
        ("single_choice", {"choice": "99"}, "does not belong"),
    ],
)
def test_answer_that_cannot_be_graded_gets_a_message(staff: Client, name: str, data: dict, message: str) -> None:
    page = staff.post(url_of(make_question(name)), data)
    assert message in page.content.decode()
    assert page.context["sample"] is None


def test_options_are_shown_in_the_same_order_each_time(staff: Client) -> None:
    question = make_question("ordering")
    assert len({tuple(preview_of(question).response.option_order) for _ in range(9)}) == 1


@pytest.mark.parametrize("name", types.names())
def test_question_without_options_is_previewed_and_not_graded(staff: Client, name: str) -> None:
    question = make_question(name, status="draft")
    question.choices.all().delete()
    page = staff.post(url_of(question), {"choice": "1", "row-1": "1"})
    assert page.status_code == 200
    assert page.context["sample"] is None


@pytest.mark.parametrize("member", [True, False])
def test_candidates_cannot_try_answers(client: Client, member: bool) -> None:
    question = make_question("short_answer")
    if member:
        client.force_login(UserFactory())
    response = client.post(url_of(question), {"text": "zirconium"})
    assert response.status_code in (302, 403)
    assert "zirconium" not in response.content.decode()


def test_cross_site_form_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.post(url_of(make_question("short_answer")), {"text": "zirconium"}).status_code == 403
