"""The page of one's progress: what it says plainly, and what it does not say of too little."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questions.accounts.visitors import SESSION_KEY
from questions.enums import Confidence
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import CardStatus
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt
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
from questions.tests.views.progress_steps import html, learned, reviews, text, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client):
    member = UserFactory()
    client.force_login(member)
    return member


class TestOwner:
    def test_page_shows_only_own_data(self, client: Client, user) -> None:
        learned(user, topic=TopicFactory(title="Caching"))
        learned(UserFactory(), topic=TopicFactory(title="Deployment"), number=3)
        page = text(client)
        assert "% of 1 question in seven days, on " in page
        assert "Caching" in page
        assert "Deployment" not in page

    def test_visitor_sees_own_progress(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        place = attempt.responses.select_related("revision").get()
        client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "check", "confidence": "sure"})
        page = text(client)
        assert "You were sure of 1 answer, and 1 was right: too few to tell." in page
        assert "% of 1 question in seven days, on " in page

    def test_other_visitors_see_nothing(self, client: Client) -> None:
        ReviewFactory(user=None, visitor=uuid.uuid4())
        session = client.session
        session[SESSION_KEY] = str(uuid.uuid4())
        session.save()
        assert "You have not answered any questions yet." in text(client)

    def test_page_is_not_cached(self, client: Client) -> None:
        assert "no-store" in client.get(reverse("progress")).headers["Cache-Control"]


class TestEmpty:
    def test_empty_page_links_to_quiz_and_plan(self, client: Client) -> None:
        page = html(client)
        assert "You have not answered any questions yet." in page
        assert f'href="{reverse("practice")}"' in page
        assert f'href="{reverse("plan")}"' in page
        assert "<svg" not in page
        assert "&nbsp;%" not in page

    def test_plan_is_not_offered_to_owners_with_a_plan(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=QuestionFactory().topic)
        assert "You have no study plan yet." not in text(client)

    def test_plan_is_offered_to_owners_without_a_plan(self, client: Client, user) -> None:
        learned(user)
        assert "You have no study plan yet." in text(client)

    def test_plan_without_a_date_asks_for_one(self, client: Client, user) -> None:
        topic = TopicFactory()
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=topic)
        learned(user, topic=topic)
        page = text(client)
        assert "Your plan has no upcoming interview. Set the interview date" in page
        day = today() + timedelta(days=7)
        assert f"% of 1 question in seven days, on {day.day} {day:%B}." in page

    def test_questions_last_answered_wrong_are_named(self, client: Client, user) -> None:
        learned(user, number=2, rating=Rating.AGAIN, fraction=0)
        assert "2 questions that you last answered wrong count for at most 25 % each." in text(client)

    def test_no_forecast_if_everything_is_set_aside(self, client: Client, user) -> None:
        [question] = learned(user)
        question.cards.update(status=CardStatus.KNOWN)
        page = text(client)
        assert "No questions to forecast" in page
        assert "you would recall" not in page

    def test_topic_without_questions_has_no_percentage(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=TopicFactory())
        reviews(user, 1)
        page = text(client)
        assert "No questions to forecast" in page
        assert "none yet" in page

    def test_page_never_shows_nan_or_none(self, client: Client, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=TopicFactory())
        for _ in range(2):
            page = html(client)
            assert not re.search(r"\b(nan|NaN|None|inf)\b", page)
            learned(user, duration=None)


class TestReadiness:
    def test_headline_names_day_and_number(self, client: Client, user) -> None:
        topic = TopicFactory()
        day = today() + timedelta(days=20)
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=day), topic=topic)
        learned(user, topic=topic, number=3)
        QuestionFactory(topic=topic)
        page = text(client)
        said = re.search(
            r"If you stopped studying today, you would recall about (\d+) to (\d+) % of 4 questions on (\d+ \w+)\.",
            page,
        )
        assert said
        assert said[3] == f"{day.day} {day:%B}"
        assert 0 < int(said[1]) < int(said[2]) <= 75
        assert "1 question that you have not seen yet counts as not recalled." in page

    def test_chart_has_an_accurate_text_alternative(self, client: Client, user) -> None:
        topic = TopicFactory(title="Caching")
        plan = StudyPlanFactory(user=user, interview_on=today() + timedelta(days=20))
        PlanTopicFactory(plan=plan, topic=topic)
        learned(user, topic=topic, number=3)
        page = html(client)
        said = re.search(r'aria-label="Caching: (\d+)–(\d+)\s%, most likely (\d+)&nbsp;%"', page)
        line = re.search(r'class="range" x1="(\d+)%" y1="50%" x2="(\d+)%"', page)
        middle = re.search(r'class="middle" cx="(\d+)%"', page)
        assert said.groups() == (*line.groups(), *middle.groups())

    def test_excluded_questions_are_counted(self, client: Client, user) -> None:
        questions = learned(user, topic=TopicFactory(), number=4)
        for question, status in zip(questions, ["known", "known", "suspended"], strict=False):
            question.cards.update(status=status)
        assert "Left out: 2 marked as known, 1 suspended." in text(client)


class TestForecasts:
    def test_accuracy_of_forecasts_is_stated(self, client: Client, user) -> None:
        reviews(user, 15, predicted=0.84, rating=Rating.GOOD)
        reviews(user, 5, predicted=0.84, rating=Rating.AGAIN, fraction=0)
        page = text(client)
        assert "We expected you to recall 84 % of 20 answers; you recalled 75 %." in page
        assert "The difference could be due to chance" in page

    @pytest.mark.parametrize(("rating", "said"), [(Rating.AGAIN, "lowered"), (Rating.GOOD, "raised")])
    def test_wrong_forecasts_explain_the_correction(self, client: Client, user, rating, said: str) -> None:
        reviews(user, 60, predicted=0.5, rating=rating)
        assert f"chance does not explain it. The ranges above are {said} to match." in text(client)

    def test_fewer_than_20_answers_give_no_statement(self, client: Client, user) -> None:
        reviews(user, 19, predicted=0.84, rating=Rating.AGAIN)
        page = text(client)
        assert "That is too few to tell; it takes at least 20 answers." in page
        assert "0 of 19: too few to tell" in page
        assert 'class="point is-hollow"' in html(client)

    def test_no_chart_before_the_first_repetition(self, client: Client, user) -> None:
        learned(user)
        assert "No forecasts yet" in text(client)
        assert 'class="point' not in html(client)


def test_every_chart_has_a_text_alternative_and_a_table(client: Client, user) -> None:
    reviews(user, 3, predicted=0.9, confidence=Confidence.SURE)
    learned(user)
    page = re.sub(r'<li class="strip-axis" aria-hidden="true">.*?</li>', "", html(client), flags=re.DOTALL)
    plots = [tag for tag in re.findall(r"<svg[^>]*>", page) if 'aria-hidden="true"' not in tag]
    assert (
        len(plots) == 1 + 1 + 1 + 1 + 1 + 2
    )  # the ring, a range, the square, sure, coverage, two halves of the calendar
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
            day = today() - timedelta(days=2)  # so that there is a past
            reviews(user, 1, question=question, day=day, predicted=0.8, confidence=Confidence.SURE, fraction=0)
    with django_assert_num_queries(24):
        page = html(client)
    assert page.count("Answer this question") == min(2 * size, 10)
    assert f"Practise these {min(2 * size, 5)}" in page


def test_progress_and_history_link_to_each_other(client: Client) -> None:
    assert f'href="{reverse("history")}">History: every quiz' in html(client)
    assert f'href="{reverse("progress")}"' in client.get(reverse("history")).content.decode()
