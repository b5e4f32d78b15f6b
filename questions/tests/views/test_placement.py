"""The pages of the placement test."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts.models import Attempt, Response
from questions.enums import AttemptStatus, Mode
from questions.scheduling.models import Review
from questions.tests.attempt_steps import key_of, messages_of, page_of, sent_for, visitor_attempt, wrong_answer_to
from questions.tests.factories import PlanTopicFactory, StudyPlanFactory, UserFactory, make_question
from questions.types import UNKNOWN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["user", "visitor"])
def candidate(request, client: Client) -> None:
    """Let the client be a user, or somebody who is not logged in."""
    if request.param == "user":
        client.force_login(UserFactory())


@pytest.fixture
def attempt(client: Client) -> Attempt:
    """A placement test that the client has started, in three topics."""
    for topic in [make_question("single_choice").topic for _ in range(3)]:
        for _ in range(4):
            make_question("single_choice", topic=topic)
    client.post(reverse("placement"), {"start_id": str(uuid.uuid4())})
    return Attempt.objects.get()


def address_of(attempt: Attempt) -> str:
    return reverse("placement-question", args=[attempt.public_id])


def open_place(attempt: Attempt) -> Response:
    return attempt.responses.unanswered().select_related("revision").get()


def send(client: Client, attempt: Attempt, button: str = "", *, right: bool = True) -> Any:
    """Answer the open question, or press another button, and follow to the next page."""
    place = open_place(attempt)
    answer = key_of(place) if right else wrong_answer_to(place)
    sent = {button: "1"} if button else sent_for(place, answer)
    return client.post(address_of(attempt), {"position": str(place.position), **sent}, follow=True)


def text_of(response: Any) -> str:
    return response.content.decode()


def test_start_leads_to_the_first_question_and_a_double_click_starts_one_test(client: Client, attempt) -> None:
    response = client.post(reverse("placement"), {"start_id": str(attempt.public_id)})
    assert response.url == address_of(attempt)
    assert Attempt.objects.count() == 1
    page = text_of(client.get(response.url))
    assert "Question 1 of at most 8" in page
    assert 'name="unknown"' in page
    assert "Continue the placement test" in text_of(client.get(reverse("placement")))


def test_each_answer_is_explained_above_the_next_question(client: Client, attempt) -> None:
    assert "Explanation of" not in text_of(client.get(address_of(attempt)))
    right = text_of(send(client, attempt))
    assert "Question 2 of at most 8" in right
    assert "is-right" in right
    assert "That is why." in right
    assert "is-wrong" in text_of(send(client, attempt, right=False))


def test_i_dont_know_is_wrong_and_needs_no_option(client: Client, attempt) -> None:
    send(client, attempt, "unknown")
    place = attempt.responses.get(position=1)
    assert (place.answer, place.fraction) == (UNKNOWN, 0.0)
    assert Review.objects.get().rating == 1


def test_i_dont_know_outweighs_a_chosen_option(client: Client, attempt) -> None:
    place = open_place(attempt)
    client.post(address_of(attempt), {"position": "1", "unknown": "1", **sent_for(place, key_of(place))})
    assert attempt.responses.get(position=1).fraction == 0.0


def test_without_a_choice_the_page_asks_for_one(client: Client, attempt) -> None:
    page = text_of(client.post(address_of(attempt), {"position": "1"}))
    assert "Choose an option, or say that you don&#x27;t know." in page
    assert open_place(attempt).position == 1


def test_answer_that_is_sent_twice_counts_once(client: Client, attempt) -> None:
    place = open_place(attempt)
    sent = {"position": "1", **sent_for(place, key_of(place))}
    assert (
        client.post(address_of(attempt), sent).url == client.post(address_of(attempt), sent).url == address_of(attempt)
    )
    assert attempt.responses.answered().count() == 1


def test_last_answer_leads_to_the_result(client: Client, attempt) -> None:
    response = send(client, attempt)
    while "Your starting point" not in text_of(response):
        response = send(client, attempt, "unknown")
    attempt.refresh_from_db()
    count = attempt.responses.count()
    page = text_of(response)
    assert attempt.status == AttemptStatus.SUBMITTED
    assert f"1 of {count} answers were right." in page
    assert "What you may already know" in page
    assert "Start your first session" in page
    assert "When is your interview?" in page
    assert str(attempt.public_id) in text_of(client.get(reverse("history")))
    assert client.get(address_of(attempt)).url == reverse("placement-result", args=[attempt.public_id])
    assert "Question 1" in text_of(client.get(reverse("result", args=[attempt.public_id])))


def test_stop_ends_the_test_with_the_answers_so_far(client: Client, attempt) -> None:
    send(client, attempt)
    page = text_of(send(client, attempt, "stop"))
    assert "1 of 1 answer was right." in page
    assert attempt.responses.count() == 1


def test_stop_before_any_answer_leaves_nothing(client: Client, attempt) -> None:
    response = send(client, attempt, "stop")
    assert response.redirect_chain[-1][0] == reverse("today")
    assert not Attempt.objects.exists()


def test_stop_keeps_what_is_chosen_as_a_draft(client: Client, attempt) -> None:
    place = open_place(attempt)
    client.post(address_of(attempt), {"position": "1", "stop": "1", **sent_for(place, key_of(place))})
    place.refresh_from_db()
    assert (place.answer, place.drafts.count()) == (None, 1)


@pytest.mark.parametrize("name", ["attempt", "question"])
def test_other_pages_lead_back_to_a_running_test(client: Client, attempt, name: str) -> None:
    address = attempt.get_absolute_url() if name == "attempt" else page_of(attempt)
    assert client.get(address).url == address_of(attempt)
    assert client.get(reverse("placement-result", args=[attempt.public_id])).url == address_of(attempt)


def test_question_that_was_removed_is_replaced(client: Client, attempt) -> None:
    open_place(attempt).delete()
    assert client.get(address_of(attempt)).url == address_of(attempt)
    assert open_place(attempt).position == 1


def test_other_attempts_and_those_of_others_are_not_found(client: Client, attempt) -> None:
    practice = visitor_attempt(Client(), make_question("single_choice"), mode=Mode.PRACTICE)
    for one, browser in ((practice, client), (attempt, Client())):
        for name in ("placement-question", "placement-result"):
            assert browser.get(reverse(name, args=[one.public_id])).status_code == 404


def test_practice_attempt_is_no_placement_test() -> None:
    browser = Client()
    practice = visitor_attempt(browser, make_question("single_choice"))
    assert browser.get(address_of(practice)).status_code == 404


def test_nothing_to_ask_leads_to_today(client: Client) -> None:
    response = client.post(reverse("placement"))
    assert response.url == reverse("today")
    assert "every question that a placement test could ask" in messages_of(response)


def test_result_says_whether_the_time_is_enough(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    plan = StudyPlanFactory(user=user, begun_on=timezone.now().date(), minutes=60)
    plan.interview_on = timezone.now().date() + timedelta(days=30)
    plan.save()
    topic = PlanTopicFactory(plan=plan).topic
    make_question("single_choice", topic=topic)
    make_question("short_answer", topic=topic)
    client.post(reverse("placement"))
    page = text_of(send(client, Attempt.objects.get(), "unknown"))
    assert "study days: you have time for all 2 questions and their reviews." in page
    assert "When is your interview?" not in page


def test_newcomers_are_offered_the_test_and_nobody_who_has_taken_it(client: Client, attempt) -> None:
    offer = "placement test"
    for address in ("/", reverse("today")):
        assert offer in text_of(client.get(address))
    send(client, attempt)
    send(client, attempt, "stop")
    for address in ("/", reverse("today")):
        assert offer not in text_of(client.get(address)).replace("Placement test", "")


def test_first_page_offers_the_test() -> None:
    assert reverse("placement") in text_of(Client().get("/"))
