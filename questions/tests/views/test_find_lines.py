"""Lines to find: their page, the explained answer, the home page, and what authors and statistics see of them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.bank import item_statistics
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.questions import Question
from questions.enums import Mode
from questions.practice import first_impressions
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import QuizFactory, QuizItemFactory, UserFactory, make_question
from questions.types import UNKNOWN

pytestmark = pytest.mark.django_db
CODE = "def total(prices):\n    found = prices or 3\n    # add\n\n    return 'sum'\n\nprint(total([1]))\nprint()"
NOW = timezone.now()


@pytest.fixture
def question() -> Question:
    """A question whose lines 1-2 are worth 70 %, line 5 30 %, and line 7 tempts."""
    question = make_question("find_lines", code=CODE, code_language="python")
    question.choices.all().delete()
    for position, (text, weight) in enumerate([("1-2", 0.7), ("5", 0.3), ("7", 0)], 1):
        question.choices.create(position=position, text=text, weight=weight, feedback=f"About {text}.")
    return question


def answer(client: Client, question: Question, *lines: int) -> str:
    """The page after these lines were selected and checked."""
    attempt = visitor_attempt(client, question)
    return client.post(page_of(attempt), {"line": lines, "go": "check"}, follow=True).content.decode()


def verdicts(page: str) -> list[str]:
    return [" ".join(text.split()) for text in re.findall(r'<p class="verdict">(.*?)</p>', page, re.DOTALL)]


def test_each_line_but_the_blank_ones_has_a_labelled_checkbox(client: Client, question: Question) -> None:
    page = client.get(page_of(visitor_attempt(client, question))).content.decode()
    assert re.findall(r'type="checkbox" name="line" value="(\d+)"', page) == ["1", "2", "3", "5", "7", "8"]
    assert page.count('<label class="code-line"') == 6
    assert "Each wrong line costs as much credit as the least important right line earns." in page
    assert page.count("return") == 1  # the listing is not shown twice
    assert '<span class="k">return</span>' in page
    assert "About" not in page and "70 %" not in page


def test_found_missed_wrong_and_avoided_lines_are_told_apart(client: Client, question: Question) -> None:
    page = answer(client, question, 2, 3)
    assert verdicts(page) == [
        "Lines 1–2: found, +70 %",
        "Line 3: wrong, −30 %",
        "Line 5: missed, worth 30 %",
        "Line 7: rightly left out",
    ]
    assert "Lines 2, 3 selected. Credit: 40 %" in page
    assert [f"About {text}." in page for text in ("1-2", "5", "7")] == [True] * 3


def test_after_i_dont_know_the_lines_are_only_right_or_wrong(client: Client, question: Question) -> None:
    attempt = visitor_attempt(client, question)
    page = client.post(page_of(attempt), {"go": "unknown"}, follow=True).content.decode()
    assert attempt.responses.get().answer == UNKNOWN
    assert verdicts(page) == ["Lines 1–2: right, worth 70 %", "Line 5: right, worth 30 %", "Line 7: wrong"]


@pytest.mark.parametrize("line", ["4", "9", "x"])
def test_lines_that_cannot_be_selected_are_refused(client: Client, question: Question, line: str) -> None:
    attempt = visitor_attempt(client, question)
    page = client.post(page_of(attempt), {"line": ["1", line], "go": "check"}, follow=True).content.decode()
    assert "does not belong to this question" in page
    assert attempt.responses.get().answer is None


def test_selected_lines_of_an_exam_are_still_selected_on_its_page(client: Client, question: Question) -> None:
    attempt = visitor_attempt(client, question, mode=Mode.EXAM)
    client.post(page_of(attempt), {"line": ["2", "7"], "go": "save"})
    page = client.get(page_of(attempt)).content.decode()
    assert re.findall(r'value="(\d)" id="id_line_\d" checked', page) == ["2", "7"]
    assert "About" not in page


def test_the_home_page_can_ask_for_lines(client: Client, question: Question) -> None:
    quiz = QuizFactory(slug=first_impressions.SLUG)
    QuizItemFactory(quiz=quiz, question=question, position=1)
    page = client.get("/").content.decode()
    assert page.count('<label class="code-line"') == 6
    assert page.count("return") == 1


def test_statistics_count_options_and_other_lines(client: Client, question: Question) -> None:
    for lines in ([1, 2], [2, 3], [3, 5], [8]):
        response: Any = visitor_attempt(client, question).responses.get()
        attempts.record_response(response=response, answer={"lines": lines}, at=NOW)
    response = visitor_attempt(client, question).responses.get()
    attempts.record_response(response=response, answer=UNKNOWN, at=NOW)
    item_statistics.rebuild(at=NOW)
    found = ItemStatistics.objects.get(question=question, revision=None)
    assert (found.n, found.choice_counts) == (5, [2, 1, 0, 2, 1])  # options 1-2, 5 and 7, then lines 3 and 8
    assert found.weakest_distractor == 0
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:questions_question_change", args=[question.pk])).content.decode()
    rows = re.findall(r"<tr><td>([^<]*)</td><td>[^<]*</td><td><meter[^<]*</meter></td><td>([^<]*)</td></tr>", page)
    assert rows == [
        ("Lines 1–2: `def total(prices):`", "2 (33 %)"),
        ("Line 5: `return &#x27;sum&#x27;`", "1 (17 %)"),
        ("Line 7: `print(total([1]))`", "0 (0 %)"),
        ("Line 3", "2 (33 %)"),
        ("Line 8", "1 (17 %)"),
    ]
