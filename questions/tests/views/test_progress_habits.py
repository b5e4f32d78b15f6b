"""What the page of one's progress says of confidence and of study days."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.enums import Confidence
from questions.tests.factories import (
    FAQFactory,
    QuestionFactory,
    StudyPlanFactory,
    TakeawayFactory,
    UserFactory,
    make_question,
)
from questions.tests.views.progress_steps import html, reviews, text, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client):
    member = UserFactory()
    client.force_login(member)
    return member


class TestConfidence:
    def test_accuracy_of_confidence_is_stated(self, client: Client, user) -> None:
        reviews(user, 18, confidence=Confidence.SURE)
        reviews(user, 6, confidence=Confidence.SURE, fraction=0)
        assert "When you are sure, you are right 75 % of the time: 18 of 24 answers." in text(client)

    def test_only_guesses_give_no_statement(self, client: Client, user) -> None:
        reviews(user, 2, confidence=Confidence.GUESS)
        page = text(client)
        assert "You have not been sure of an answer yet." in page
        assert "100 % of 2" in page
        assert "When you are sure" not in page

    def test_missing_confidence_explains_where_to_give_it(self, client: Client, user) -> None:
        reviews(user, 1)
        assert "You have not rated your confidence yet." in text(client)

    def test_confident_mistakes_link_to_practice_and_guide(self, client: Client, user) -> None:
        takeaway, faq = TakeawayFactory(), FAQFactory(question="Why is it so?")
        stem = "What does `len` return?\n\nThis is on another line."
        for teaches in ({"takeaway": takeaway}, {"faq": faq}, {}):
            question = QuestionFactory(stem=stem, **teaches)
            reviews(user, 1, question=question, confidence=Confidence.SURE, fraction=0)
        page = html(client)
        assert page.count("What does <code>len</code> return?") == 3
        assert "another line" not in page
        assert f'{takeaway.guide.get_absolute_url()}#takeaway-{takeaway.slug}"' in page
        assert f'{faq.guide.get_absolute_url()}#faq-{faq.slug}">Why is it so?' in page
        assert f'href="{question.topic.get_absolute_url()}">The guide' in page

    def test_button_starts_a_quiz_with_the_question(self, client: Client, user) -> None:
        question = make_question("single_choice")
        reviews(user, 1, question=question, confidence=Confidence.SURE, fraction=0)
        page = html(client)
        address = reverse("practise-question", args=[question.pk])
        [start] = re.findall(rf'action="{address}".*?name="start_id" value="([0-9a-f-]+)"', page, flags=re.DOTALL)
        for _ in range(2):
            assert client.post(address, {"start_id": start}).status_code == 302
        attempt = Attempt.objects.get()
        assert attempt.responses.get().revision.question == question


class TestDays:
    def test_time_answers_and_days_are_counted(self, client: Client, user) -> None:
        StudyPlanFactory(user=user, weekdays_off=[6])
        for back in (20, 21, 22):
            reviews(user, 1, day=today() - timedelta(days=back), duration=timedelta(minutes=2))
        reviews(user, 2, duration=timedelta(hours=1))
        page = text(client)
        assert "minutes in the last 7 days 10 minutes in total 16 answers in total 5 " in page
        assert "You studied on 1 day this week, and on 4 in total." in page
        assert "Days off do not break a streak." in page

    @pytest.mark.parametrize(("missed", "named"), [(1, True), (2, False)])
    def test_only_a_single_missed_day_is_named(
        self, client: Client, user, monkeypatch, missed: int, named: bool
    ) -> None:
        friday = datetime(2026, 3, 13, 12, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: friday)
        for back in (0, *range(missed + 1, 7)):
            reviews(user, 1, day=friday.date() - timedelta(days=back))
        page = text(client)
        assert ("You did not study on Thursday. The plan for the days ahead has been adjusted." in page) is named
        assert ("You did not study on" in page) is named

    def test_calendar_has_26_weeks_and_a_table(self, client: Client, user) -> None:
        reviews(user, 3)
        page = html(client)
        weeks = page[page.index('<table class="scores weeks">') :]
        rows = re.findall(r"<tr>(.*?)</tr>", weeks[: weeks.index("</table>")], re.DOTALL)
        assert len(rows) == 1 + 26
        assert re.findall(r"<td>(.*?)</td>", rows[-1])[-1] == "3"
        assert re.findall(r"<td>(.*?)</td>", rows[1]) == ["0"] * 8
