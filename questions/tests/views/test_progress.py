"""The progress page, with much, little and no data."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from questions.accounts.visitors import SESSION_KEY
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import Confidence
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import CardStatus
from questions.scheduling.study_day import study_day
from questions.tests.factories import (
    CardFactory,
    FAQFactory,
    GuideFactory,
    PlanTopicFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    TakeawayFactory,
    TopicFactory,
    UserFactory,
    make_question,
)
from questions.tests.taking import key_of, page_of, sent_for, visitor_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client):
    member = UserFactory()
    client.force_login(member)
    return member


def html(client: Client) -> str:
    response = client.get(reverse("progress"))
    assert response.status_code == 200
    return response.content.decode()


def text(client: Client) -> str:
    """Return the text of the page on one line."""
    return " ".join(unescape(strip_tags(html(client))).split())


def today() -> date:
    """Return the study day, which begins at 4 a.m."""
    return study_day(timezone.now(), UTC)


def reviews(user, number: int, **fields: Any) -> None:
    """Create reviews, of today unless a day is given."""
    for _ in range(number):
        ReviewFactory(user=user, **({"day": today(), "at": timezone.now()} | fields))


def reviewed_questions(user, *, topic=None, number: int = 1, **fields: Any) -> list[Question]:
    """Create questions, each with a card and a review of today."""
    questions = QuestionFactory.create_batch(number, topic=topic or TopicFactory())
    for question in questions:
        CardFactory(user=user, question=question, stability=30.0, reviewed_on=today(), due_on=today())
        reviews(user, 1, question=question, **fields)
    return questions


class TestOwner:
    def test_page_shows_only_own_data(self, client: Client, user) -> None:
        reviewed_questions(user, topic=TopicFactory(title="Caching"))
        reviewed_questions(UserFactory(), topic=TopicFactory(title="Deployment"), number=3)
        page = text(client)
        assert "of 1 question from memory" in page
        assert "Caching" in page
        assert "Deployment" not in page

    def test_visitor_sees_own_progress(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        place = attempt.responses.select_related("revision").get()
        client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "check", "confidence": "sure"})
        page = text(client)
        assert "You were sure of 1 answer, and 1 was right: too few to tell." in page
        assert "of 1 question from memory" in page

    def test_other_visitors_see_nothing(self, client: Client) -> None:
        ReviewFactory(user=None, visitor=uuid.uuid4())
        session = client.session
        session[SESSION_KEY] = str(uuid.uuid4())
        session.save()
        assert "Nothing has been answered yet." in text(client)

    def test_page_is_not_cached(self, client: Client) -> None:
        assert "no-store" in client.get(reverse("progress")).headers["Cache-Control"]


class TestEmpty:
    def test_empty_page_links_to_quiz_and_plan(self, client: Client) -> None:
        page = html(client)
        assert "Nothing has been answered yet." in page
        assert f'href="{reverse("practice")}"' in page
        assert f'href="{reverse("plan")}"' in page
        assert "<svg" not in page
        assert "&nbsp;%" not in page

    def test_plan_is_not_offered_to_owners_with_a_plan(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=QuestionFactory().topic)
        assert "There is no plan yet." not in text(client)

    def test_plan_is_offered_to_owners_without_a_plan(self, client: Client, user) -> None:
        reviewed_questions(user)
        assert "There is no plan yet." in text(client)

    def test_plan_without_a_date_asks_for_one(self, client: Client, user) -> None:
        topic = TopicFactory()
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=topic)
        reviewed_questions(user, topic=topic)
        page = text(client)
        assert "Your plan names no interview ahead. Set its day" in page
        assert "Asked today, you would recall about" in page

    def test_no_forecast_if_everything_is_set_aside(self, client: Client, user) -> None:
        [question] = reviewed_questions(user)
        question.cards.update(status=CardStatus.KNOWN)
        page = text(client)
        assert "No question is left to forecast" in page
        assert "you would recall" not in page

    def test_topic_without_questions_has_no_percentage(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=TopicFactory())
        reviews(user, 1)
        page = text(client)
        assert "No question is left to forecast" in page
        assert "none yet" in page

    def test_page_never_shows_nan_or_none(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=TopicFactory())
        for _ in range(2):
            page = html(client)
            assert not re.search(r"\b(nan|NaN|None|inf)\b", page)
            reviewed_questions(user, duration=None)


class TestReadiness:
    def test_headline_names_day_and_number(self, client: Client, user) -> None:
        topic = TopicFactory()
        day = today() + timedelta(days=20)
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=day), topic=topic)
        reviewed_questions(user, topic=topic, number=3)
        QuestionFactory(topic=topic)
        page = text(client)
        said = re.search(
            r"If the interview were answered from memory on (\d+ \w+), you would recall about (\d+) to (\d+) % of 4 "
            r"questions, with no more study from today on\.",
            page,
        )
        assert said
        assert said[1] == f"{day.day} {day:%B}"
        assert 0 < int(said[2]) < int(said[3]) <= 75
        assert "1 question that you have not seen yet counts as not recalled." in page

    def test_chart_has_an_accurate_text_alternative(self, client: Client, user) -> None:
        topic = TopicFactory(title="Caching")
        plan = StudyPlanFactory(user=user, interview_on=today() + timedelta(days=20))
        PlanTopicFactory(plan=plan, topic=topic)
        reviewed_questions(user, topic=topic, number=3)
        page = html(client)
        said = re.search(r'aria-label="Caching: (\d+)–(\d+)\s%, most likely (\d+)&nbsp;%"', page)
        line = re.search(r'class="range" x1="(\d+)%" y1="50%" x2="(\d+)%"', page)
        middle = re.search(r'class="middle" cx="(\d+)%"', page)
        assert said.groups() == (*line.groups(), *middle.groups())

    def test_excluded_questions_are_counted(self, client: Client, user) -> None:
        questions = reviewed_questions(user, topic=TopicFactory(), number=4)
        for question, status in zip(questions, ["known", "known", "suspended"], strict=False):
            question.cards.update(status=status)
        assert "Left out: 2 marked as known, 1 suspended." in text(client)


class TestForecasts:
    def test_accuracy_of_forecasts_is_stated(self, client: Client, user) -> None:
        reviews(user, 15, predicted=0.84, rating=Rating.GOOD)
        reviews(user, 5, predicted=0.84, rating=Rating.AGAIN, fraction=0)
        page = text(client)
        assert "Of 20 answers where we expected 84 %, you knew 75 %." in page
        assert "no more than chance" in page

    @pytest.mark.parametrize(("rating", "said"), [(Rating.AGAIN, "lowered"), (Rating.GOOD, "raised")])
    def test_wrong_forecasts_explain_the_correction(self, client: Client, user, rating, said: str) -> None:
        reviews(user, 60, predicted=0.5, rating=rating)
        assert f"not by chance; the ranges above are {said} for it." in text(client)

    def test_fewer_than_20_answers_give_no_statement(self, client: Client, user) -> None:
        reviews(user, 19, predicted=0.84, rating=Rating.AGAIN)
        page = text(client)
        assert "That is too few to tell; from 20 answers on it can be told." in page
        assert "0 of 19: too few to tell" in page
        assert 'class="point is-hollow"' in html(client)

    def test_no_chart_before_the_first_repetition(self, client: Client, user) -> None:
        reviewed_questions(user)
        assert "No answer had a forecast yet" in text(client)
        assert 'class="point' not in html(client)


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
        assert "You have not said yet how sure you are." in text(client)

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
        assert "minutes in the last 7 days 10 minutes in all 16 answers in all 5 " in page
        assert "You studied on 1 day this week, and on 4 in all." in page
        assert "Days off do not end a run." in page

    @pytest.mark.parametrize(("missed", "named"), [(1, True), (2, False)])
    def test_only_a_single_missed_day_is_named(
        self, client: Client, user, monkeypatch, missed: int, named: bool
    ) -> None:
        friday = datetime(2026, 3, 13, 12, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: friday)
        for back in (0, *range(missed + 1, 7)):
            reviews(user, 1, day=friday.date() - timedelta(days=back))
        page = text(client)
        assert ("Thursday went without study; the days ahead begin from where you are now." in page) is named
        assert ("went without study" in page) is named

    def test_calendar_has_26_weeks_and_a_table(self, client: Client, user) -> None:
        reviews(user, 3)
        page = html(client)
        weeks = page[page.index('<table class="scores weeks">') :]
        rows = re.findall(r"<tr>(.*?)</tr>", weeks[: weeks.index("</table>")], re.DOTALL)
        assert len(rows) == 1 + 26
        assert re.findall(r"<td>(.*?)</td>", rows[-1])[-1] == "3"
        assert re.findall(r"<td>(.*?)</td>", rows[1]) == ["0"] * 8


def test_every_chart_has_a_text_alternative_and_a_table(client: Client, user) -> None:
    reviews(user, 3, predicted=0.9, confidence=Confidence.SURE)
    reviewed_questions(user)
    page = re.sub(r'<li class="strip-axis" aria-hidden="true">.*?</li>', "", html(client), flags=re.DOTALL)
    plots = [tag for tag in re.findall(r"<svg[^>]*>", page) if 'aria-hidden="true"' not in tag]
    assert len(plots) == 1 + 1 + 1 + 1 + 2  # readiness, calibration, confidence, coverage, two halves of the calendar
    assert all('role="img"' in tag and re.search(r'aria-label="[^"]+"', tag) for tag in plots)
    assert page.count("as a table</summary>") == 5
    assert "style=" not in page


@pytest.mark.parametrize("size", [1, 8])
def test_number_of_queries_is_fixed(client: Client, user, django_assert_num_queries, size: int) -> None:
    plan = StudyPlanFactory(user=user, interview_on=today() + timedelta(days=9))
    for _ in range(size):
        topic = TopicFactory()
        PlanTopicFactory(plan=plan, topic=topic)
        guide = GuideFactory(topic=topic)
        for teaches in ({"takeaway": TakeawayFactory(guide=guide)}, {"faq": FAQFactory(guide=guide)}):
            question = QuestionFactory(topic=topic, **teaches)
            CardFactory(user=user, question=question)
            reviews(user, 1, question=question, predicted=0.8, confidence=Confidence.SURE, fraction=0)
    with django_assert_num_queries(10):
        page = html(client)
    assert page.count("Practise it") == min(2 * size, 10)


def test_progress_and_history_link_to_each_other(client: Client) -> None:
    assert f'href="{reverse("history")}">History: every quiz' in html(client)
    assert f'href="{reverse("progress")}"' in client.get(reverse("history")).content.decode()
