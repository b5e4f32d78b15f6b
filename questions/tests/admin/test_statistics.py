"""Item statistics in the question list, its filters and the question's page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.bank import freezing
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.questions import Question
from questions.problem_reports.models import QuestionReport, Reason
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
LIST = reverse("admin:questions_question_changelist")


def with_statistics(question: Question, **figures) -> Question:
    """Return the question with these statistics."""
    ItemStatistics.objects.create(question=question, computed_at=timezone.now(), **{"n": 40, "facility": 0.5} | figures)
    return question


@pytest.fixture
def questions() -> dict[str, Question]:
    slugs = ("negative", "few", "sure", "distractor", "reported", "none")
    made = {slug: make_question("single_choice", slug=slug) for slug in slugs}
    with_statistics(made["distractor"], weakest_distractor=0.04)
    with_statistics(made["negative"], discrimination=-12.3, sure_but_wrong=0.1)
    with_statistics(made["few"], n=29, discrimination=-50, weakest_distractor=0)
    with_statistics(made["sure"], discrimination=40, facility=0.25, sure_but_wrong=0.21)
    (revision,) = freezing.freeze(questions=[made["reported"]], at=timezone.now()).values()
    QuestionReport.objects.create(revision=revision, reason=Reason.TYPO, reported_at=timezone.now())
    return made


def test_list_shows_statistics(staff: Client, questions) -> None:
    page = staff.get(LIST, {"slug": "sure"}).content.decode()
    assert "25 %" in page
    assert "21 %" in page
    assert ">40<" in page


def test_discrimination_is_hidden_below_thirty_answers(staff: Client, questions) -> None:
    page = staff.get(LIST, {"slug": "few"}).content.decode()
    assert "-50" not in page
    assert ">29<" in page


@pytest.mark.parametrize("kind", ["negative", "distractor", "sure", "reported"])
def test_filter_finds_questions_that_may_be_faulty(staff: Client, questions, kind: str) -> None:
    found = staff.get(LIST, {"told": kind}).context["cl"].queryset
    assert [question.slug for question in found] == [kind]


@pytest.mark.parametrize("column", range(6, 10))
def test_list_sorts_by_every_statistic(staff: Client, questions, column: int) -> None:
    assert staff.get(LIST, {"o": f"-{column}"}).status_code == 200


def test_question_page_shows_statistics_and_choices(staff: Client, questions) -> None:
    question = questions["sure"]
    (revision,) = freezing.freeze(questions=[question], at=timezone.now()).values()
    with_statistics(
        question, revision=revision, choice_counts=[10, 30, 0], n=40, discrimination=None, median_seconds=12.4
    )
    page = staff.get(reverse("admin:questions_question_change", args=[question.pk])).content.decode()
    assert "Revision 1: n = 40, facility 50 %, median time 12 s" in page
    assert "All revisions: n = 40, facility 25 %, discrimination 40, sure but wrong 21 %" in page
    assert '<meter max="40" value="30"></meter></td><td>30 (75 %)' in page


def test_question_without_answers_has_no_statistics(staff: Client, questions) -> None:
    page = staff.get(reverse("admin:questions_question_change", args=[questions["none"].pk])).content.decode()
    assert "No answers yet." in page
    assert staff.get(reverse("admin:questions_question_add")).status_code == 200
