"""The first screen of Progress: one next step, the same as on the dashboard, and the weakest questions."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from questions.attempts.models import Attempt
from questions.enums import Mode
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import CardFactory, QuestionFactory, TopicFactory, UserFactory, make_question
from questions.tests.views.progress_steps import html, reviews, text, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client):
    member = UserFactory()
    client.force_login(member)
    return member


def section_of(page: str, pattern: str) -> str:
    """Return the part of the page that the pattern matches."""
    found = re.search(pattern, page, re.DOTALL)
    assert found
    return found[0]


def steps_of(client: Client) -> list[list[str]]:
    """Return the words of the main buttons in the section of the next step, on Progress and on the dashboard."""
    pages = [html(client), client.get("/").content.decode()]
    sections = [section_of(page, r'<section class="next-step".*?</section>') for page in pages]
    buttons = [re.findall(r'class="btn btn-primary[^>]*>(.*?)</', section, re.DOTALL) for section in sections]
    return [[unescape(strip_tags(button)) for button in found] for found in buttons]


def answered(client: Client) -> Attempt:
    attempt = visitor_attempt(client, make_question("single_choice"))
    place = attempt.responses.select_related("revision").get()
    client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "check"})
    client.post(reverse("hand-in", args=[attempt.public_id]))
    return attempt


class TestNextStep:
    def test_visitor_is_led_to_todays_session(self, client: Client) -> None:
        answered(client)
        make_question("true_false")
        assert steps_of(client) == [["Start today's session"]] * 2

    def test_running_exam_comes_first(self, client: Client) -> None:
        answered(client)
        visitor_attempt(client, make_question("true_false"))
        exam = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM, time_limit=timedelta(minutes=9))
        assert steps_of(client) == [["Continue"]] * 2
        assert f'class="btn btn-primary btn-lg" href="{exam.get_absolute_url()}"' in html(client)

    def test_weakest_topic_is_offered_when_today_is_done(self, client: Client) -> None:
        attempt = answered(client)
        topic = attempt.responses.get().revision.question.topic
        assert steps_of(client) == [[f"Practise {topic.title}"]] * 2
        fields = dict(
            re.findall(r'<input type="hidden" name="(number|mode|topics|start_id)" value="([^"]*)"', html(client))
        )
        assert fields["topics"] == topic.slug
        client.post(reverse("practice"), fields)
        assert Attempt.objects.latest("pk").responses.get().revision.question.topic == topic


class TestWeakest:
    def test_five_weakest_are_listed_and_practised_in_that_order(self, client: Client, user) -> None:
        topic = TopicFactory(title="Caching")
        questions = [
            make_question("true_false", topic=topic, stem=f"Question {n}, as `{n}`?\n\nMore.") for n in range(7)
        ]
        for number, question in enumerate(questions):
            CardFactory(user=user, question=question, stability=10 + number, reviewed_on=today(), due_on=today())
            reviews(user, 1, question=question)
        page = html(client)
        listed = section_of(page, r'<ol class="weakest">.*?</ol>')
        assert re.findall(r"<code>(\d)</code>", listed) == list("01234")
        assert "More." not in listed and "Caching ·" in listed
        sent = {"question": re.findall(r'name="question" value="(\d+)"', page)}
        client.post(reverse("practise-weakest"), sent | {"question": sent["question"][::-1]})
        asked = Attempt.objects.get().responses.order_by("position").values_list("revision__question", flat=True)
        assert list(asked) == [question.pk for question in questions[4::-1]]
        assert Attempt.objects.get().title == "Weakest questions"

    @pytest.mark.parametrize("sent", [[], ["x"], ["999999"], ["draft"]])
    def test_other_questions_are_refused(self, client: Client, user, sent: list[str]) -> None:
        draft = QuestionFactory(status="draft")
        ids = [str(draft.pk) if one == "draft" else one for one in sent]
        response = client.post(reverse("practise-weakest"), {"question": ids})
        assert response.url == reverse("progress")
        assert not Attempt.objects.exists()

    def test_of_questions_last_answered_wrong_the_model_decides(self, client: Client, user) -> None:
        for stability in (4, 2, 3):
            question = QuestionFactory(stem=f"Number `{stability}`?")
            day = today() - timedelta(days=2)
            CardFactory(user=user, question=question, stability=stability / 10, reviewed_on=day, due_on=day)
            reviews(user, 1, question=question, day=day, rating=1, fraction=0)
        listed = section_of(html(client), r'<ol class="weakest">.*?</ol>')
        assert re.findall(r"<code>(\d)</code>", listed) == list("234")
        assert listed.count("25&nbsp;% recall") == 3


class TestFirstScreen:
    def test_it_has_the_ring_its_history_and_the_figures(self, client: Client, user) -> None:
        question = QuestionFactory()
        for back in (3, 1):
            reviews(
                user,
                1,
                question=question,
                day=today() - timedelta(days=back),
                duration=timedelta(minutes=4),
                predicted=0.9 if back == 1 else None,
                confidence="sure",
                at=timezone.now(),
            )
        CardFactory(user=user, question=question, stability=9.0, reviewed_on=today() - timedelta(days=1))
        page, words = html(client), text(client)
        assert 'class="readiness-line"' in page
        assert re.search(r'aria-label="Readiness over time: .*? on \d+ \w+, .*? today\.', page)
        assert "hours studied 0.1 of 2 “sure” answers were right 2" in words
        assert "of reviews recalled; the forecast was 90 % 100 %" in words

    def test_details_are_folded_away(self, client: Client, user) -> None:
        reviews(user, 1)
        first, _summary, rest = html(client).partition('<details class="progress-details">')
        assert 'id="forecasts"' not in first and 'id="forecasts"' in rest
