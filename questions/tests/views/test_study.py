"""The pages Today and Plan, and the actions on a question in a session."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.content.markdown import plain_text
from questions.enums import Mode
from questions.scheduling.models import Card, CardStatus, Review
from questions.scheduling.plan_models import StudyPlan
from questions.study import services as plans
from questions.tests.attempt_steps import key_of, messages_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import CardFactory, QuestionFactory, TakeawayFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client):
    user = UserFactory()
    client.force_login(user)
    return user


def plan_fields(**changes) -> dict:
    """Return the fields of the plan's form."""
    ahead = timezone.now().date() + timedelta(days=30)
    sent = {"interview_on": ahead.isoformat(), "minutes": "20", "zone": "Europe/Berlin", "retention": "0.9"}
    return sent | {f"topic-{pk}": "2" for pk in changes.pop("topics", [])} | changes


def started_session(client: Client, number: int = 2) -> Attempt:
    """Return a session of the plan that the client has started."""
    for _ in range(number):
        make_question("single_choice")
    client.post(reverse("start-session"))
    return Attempt.objects.get()


def check(client: Client, attempt: Attempt, position: int = 1) -> Response:
    place = attempt.responses.get(position=position)
    client.post(page_of(attempt, position), sent_for(place, key_of(place)) | {"go": "check"})
    return attempt.responses.get(position=position)


class TestToday:
    def test_button_starts_the_session(self, client: Client) -> None:
        make_question("single_choice")
        page = client.get(reverse("today")).content.decode()
        assert "Start today&#x27;s session" in page or "Start today's session" in page
        assert "You have no study plan yet" in page
        response = client.post(reverse("start-session"), follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")
        assert "Continue" in client.get(reverse("today")).content.decode()

    def test_double_click_starts_one_session(self, client: Client) -> None:
        make_question("single_choice")
        client.get(reverse("today"))
        data = {"start_id": str(uuid.uuid4())}
        assert client.post(reverse("start-session"), data).url == client.post(reverse("start-session"), data).url
        assert Attempt.objects.count() == 1

    def test_page_without_questions_says_so(self, client: Client) -> None:
        assert "Your plan has no questions yet" in client.get(reverse("today")).content.decode()
        assert "There are no questions left for today" in messages_of(client.post(reverse("start-session")))

    def test_finish_ends_the_session_and_shows_its_answers(self, client: Client) -> None:
        attempt = started_session(client)
        check(client, attempt)
        response = client.post(page_of(attempt), {"go": "finish"}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("result", args=[attempt.public_id])
        assert len(response.context["result"].questions) == 1
        assert "So far today: one question" in client.get(reverse("today")).content.decode()

    def test_finish_without_answers_leads_back(self, client: Client) -> None:
        attempt = started_session(client)
        assert client.post(page_of(attempt), {"go": "finish"}).url == reverse("today")
        assert not Attempt.objects.exists()

    def test_finished_day_offers_extra_minutes(self, client: Client, user) -> None:
        question = make_question("single_choice")
        plans.save_plan(
            owner=Owner(user_id=user.pk),
            interview_on=None,
            zone="UTC",
            minutes=20,
            weekdays_off=range(7),
            dates_off=[],
            retention=0.9,
            weights={question.topic_id: 2},
            at=timezone.now(),
        )
        page = client.get(reverse("today")).content.decode()
        assert "Day off. Nothing scheduled." in page and "Study 10 more minutes" in page
        client.post(reverse("start-session"), {"minutes": "10"})
        assert Attempt.objects.get().responses.count() == 1

    def test_leech_links_to_the_guide(self, client: Client, user) -> None:
        takeaway = TakeawayFactory()
        question = QuestionFactory(topic=takeaway.guide.topic, takeaway=takeaway)
        card = CardFactory(user=user, question=question, status=CardStatus.LEECH)
        page = client.get(reverse("today")).content.decode()
        assert f"{takeaway.guide.topic.get_absolute_url()}#takeaway-{takeaway.slug}" in page
        client.post(reverse("take-up", args=[card.pk]))
        card.refresh_from_db()
        assert card.status == CardStatus.ACTIVE

    def test_set_aside_questions_have_a_page(self, client: Client, user) -> None:
        assert "Nothing is set aside" in client.get(reverse("aside")).content.decode()
        leech = CardFactory(user=user, status=CardStatus.LEECH)
        for place in range(6):
            CardFactory(user=user, question=QuestionFactory(topic__position=-place), status=CardStatus.KNOWN)
        page = client.get(reverse("today"))
        assert page.context["aside"][0].pk == leech.pk
        assert "Show all 7 questions" in page.content.decode()
        assert len(client.get(reverse("aside")).context["page"].object_list) == 7

    def test_card_of_another_owner_cannot_be_resumed(self, client: Client, user) -> None:
        card = CardFactory(status=CardStatus.SUSPENDED)
        assert client.post(reverse("take-up", args=[card.pk])).status_code == 404
        card.refresh_from_db()
        assert card.status == CardStatus.SUSPENDED


class TestPlan:
    def test_plan_is_saved_and_says_whether_time_is_enough(self, client: Client, user) -> None:
        topic = make_question("single_choice").topic
        response = client.post(
            reverse("plan"), plan_fields(topics=[topic.pk], dates_off="2027-01-01 2026-12-31"), follow=True
        )
        plan = StudyPlan.objects.get()
        assert (plan.user, plan.zone, plan.dates_off) == (user, "Europe/Berlin", ["2026-12-31", "2027-01-01"])
        page = response.content.decode()
        assert "you have time for the one question." in page and "The days ahead" in page

    def test_too_little_time_comes_with_suggestions(self, client: Client, user) -> None:
        topic = make_question("single_choice").topic
        for _ in range(40):
            QuestionFactory(topic=topic)
        page = client.post(reverse("plan"), plan_fields(topics=[topic.pk], minutes="1"), follow=True).content.decode()
        assert re.search(r"\d+ study days:\s+you have time for \d+ of 41 questions", page) and "more minute" in page
        assert "Questions that fit, by topic" in page and "of 41" in page

    def test_visitor_can_have_a_plan(self, client: Client) -> None:
        topic = make_question("single_choice").topic
        client.post(reverse("plan"), plan_fields(topics=[topic.pk]))
        assert StudyPlan.objects.get().visitor is not None
        assert client.get(reverse("plan")).context["agenda"].is_saved

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"interview_on": "2020-01-01"}, "Choose a future date"),
            ({"interview_on": "2999-01-01"}, "next two years"),
            ({"interview_on": "soon"}, "valid date"),
            ({"minutes": "0"}, "greater than or equal to 1"),
            ({"minutes": "9999"}, "less than or equal to 480"),
            ({"dates_off": "2026-12-24, Christmas"}, "“Christmas” is not a date"),
            ({"dates_off": "\n".join(f"20{n // 365 + 10}-01-01" for n in range(3)) + " 2026-02-30"}, "is not a date"),
            ({"weekdays_off": list("0123456")}, "Leave at least one day of the week"),
            ({"weekdays_off": ["9"]}, "Select a valid choice"),
            ({"zone": "Mars/Olympus"}, "Unknown time zone"),
            ({"retention": "7"}, "Select a valid choice"),
        ],
    )
    def test_invalid_input_is_reported_at_its_field_and_kept(self, client: Client, user, changes, words) -> None:
        topic = make_question("single_choice").topic
        page = client.post(reverse("plan"), plan_fields(topics=[topic.pk]) | changes).content.decode()
        assert words in page
        assert not StudyPlan.objects.exists()
        if isinstance(changes.get("dates_off"), str):
            assert changes["dates_off"].split()[-1] in page

    def test_plan_needs_a_topic(self, client: Client, user) -> None:
        topic = make_question("single_choice").topic
        page = client.post(reverse("plan"), plan_fields(**{f"topic-{topic.pk}": "0"})).content.decode()
        assert "Choose at least one topic." in page

    def test_each_owner_has_their_own_plan(self, client: Client, user) -> None:
        topic = make_question("single_choice").topic
        client.post(reverse("plan"), plan_fields(topics=[topic.pk]))
        other = Client()
        other.force_login(UserFactory())
        assert not other.get(reverse("plan")).context["agenda"].is_saved


class TestQuestion:
    def test_answer_shows_the_next_review_and_can_be_undone(self, client: Client) -> None:
        attempt = started_session(client)
        check(client, attempt)
        assert "Undo this answer" in client.get(page_of(attempt)).content.decode()
        response = client.post(reverse("undo", args=[attempt.public_id, 1]), follow=True)
        assert "will come up again at the end" in response.content.decode()
        assert attempt.responses.count() == 3
        assert not Review.objects.counting().exists()
        assert "Undo this answer" not in client.get(page_of(attempt)).content.decode()

    def test_undo_names_the_question(self, client: Client) -> None:
        attempt = started_session(client)
        place = check(client, attempt)
        stem = plain_text(place.revision.item().stem)
        page = client.get(reverse("today"))
        assert page.context["last"] == place
        assert page.context["last_question"] == stem
        assert f"Answer undone: “{stem}”" in messages_of(client.post(reverse("undo", args=[attempt.public_id, 1])))
        assert "Undo the last answer" not in client.get(reverse("today")).content.decode()

    def test_an_open_answer_without_marks_can_be_undone(self, client: Client) -> None:
        make_question("open")
        attempt = started_session(client, 0)
        check(client, attempt)
        assert "Undo this answer" in client.get(page_of(attempt)).content.decode()
        assert "Undo the last answer" in client.get(reverse("today")).content.decode()
        response = client.post(reverse("undo", args=[attempt.public_id, 1]), follow=True)
        assert "will come up again at the end" in response.content.decode()
        assert "Undo this answer" not in client.get(page_of(attempt)).content.decode()

    def test_only_the_latest_answer_can_be_undone(self, client: Client) -> None:
        attempt = started_session(client)
        check(client, attempt, 1)
        check(client, attempt, 2)
        assert "Only the last" in messages_of(client.post(reverse("undo", args=[attempt.public_id, 1])))
        assert Review.objects.counting().count() == 2

    @pytest.mark.parametrize("action", ["bury", "suspended", "known"])
    def test_question_can_be_set_aside_before_the_answer(self, client: Client, action) -> None:
        attempt = started_session(client)
        question = attempt.responses.get(position=1).revision.question
        response = client.post(reverse("put-aside", args=[attempt.public_id, 1]), {"action": action}, follow=True)
        assert response.redirect_chain[-1][0] == page_of(attempt)
        assert attempt.responses.count() == 1
        card = Card.objects.get(question=question)
        assert card.status == (CardStatus.ACTIVE if action == "bury" else action)
        assert (card.buried_on is not None) == (action == "bury")

    def test_skipped_question_is_listed_and_can_be_restored(self, client: Client) -> None:
        attempt = started_session(client)
        client.post(reverse("put-aside", args=[attempt.public_id, 1]), {"action": "bury"})
        card = Card.objects.get()
        for name in ("today", "aside"):
            page = client.get(reverse(name)).content.decode()
            assert "Skipped until tomorrow" in page and reverse("take-up", args=[card.pk]) in page
        client.post(reverse("take-up", args=[card.pk]))
        assert "Skipped until tomorrow" not in client.get(reverse("aside")).content.decode()

    def test_setting_aside_keeps_the_answer(self, client: Client) -> None:
        attempt = started_session(client)
        check(client, attempt)
        client.post(reverse("put-aside", args=[attempt.public_id, 1]), {"action": "suspended"})
        assert attempt.responses.count() == 2
        assert Card.objects.get().memory is not None

    @pytest.mark.parametrize("action", ["", "destroy", "leech", "active"])
    def test_unknown_action_changes_nothing(self, client: Client, action) -> None:
        attempt = started_session(client)
        assert client.post(reverse("put-aside", args=[attempt.public_id, 1]), {"action": action}).status_code == 302
        assert not Card.objects.exists()

    @pytest.mark.parametrize("name", ["undo", "put-aside"])
    def test_session_of_another_owner_is_not_found(self, client: Client, name) -> None:
        attempt = started_session(client)
        stranger = Client()
        stranger.force_login(UserFactory())
        assert stranger.post(reverse(name, args=[attempt.public_id, 1]), {"action": "known"}).status_code == 404

    def test_practice_quiz_has_no_session_buttons(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        assert "Skip until tomorrow" not in client.get(page_of(attempt)).content.decode()


def test_login_transfers_plan_and_cards(client: Client) -> None:
    user = UserFactory(username="ada", password="a long walk by the sea")
    topic = make_question("single_choice").topic
    client.post(reverse("plan"), plan_fields(topics=[topic.pk]))
    attempt = visitor_attempt(client, topic.questions.get(), mode=Mode.PRACTICE)
    attempts.record_response(
        response=attempt.responses.get(position=1), answer=key_of(attempt.responses.get()), at=timezone.now()
    )
    client.post(reverse("account_login"), {"login": "ada", "password": "a long walk by the sea"})
    assert StudyPlan.objects.get().user_id == Card.objects.get().user_id == Review.objects.get().user_id == user.pk
