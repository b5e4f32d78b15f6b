"""The pages of a mock interview, from the start to the end."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, AttemptStatus
from questions.tests.attempt_steps import key_of, messages_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import PlanTopicFactory, StudyPlanFactory, TopicFactory, make_question
from questions.tests.server_process import hidden

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=30)
BEGIN = {"minutes": "30"}


def interview(client: Client, *questions: Question, **options) -> Attempt:
    options.setdefault("time_limit", LIMIT)
    return visitor_attempt(client, *questions, mode=AttemptMode.INTERVIEW, **options)


def result_of(attempt: Attempt) -> str:
    return reverse("result", args=[attempt.public_id])


class TestStart:
    def test_visitor_starts_an_interview_and_sees_the_first_question(self, client: Client) -> None:
        make_question("open", stem="What comes first?")
        page = client.post(reverse("interview"), BEGIN, follow=True)
        assert page.redirect_chain[-1][0] == page_of(Attempt.objects.get())
        assert "What comes first?" in page.content.decode()
        assert Attempt.objects.get().visitor is not None

    def test_double_click_starts_one_interview(self, client: Client) -> None:
        make_question("open")
        data = BEGIN | {"start_id": str(uuid.uuid4())}
        client.get("/")
        client.post(reverse("interview"), data)
        client.post(reverse("interview"), data)
        assert Attempt.objects.count() == 1

    def test_topics_of_the_plan_are_preselected(self, client: Client) -> None:
        planned, _other = TopicFactory(), TopicFactory(title="Another topic")
        plan = StudyPlanFactory()
        PlanTopicFactory(plan=plan, topic=planned)
        client.force_login(plan.user)
        page = client.get(reverse("interview"))
        assert page.context["form"]["topics"].value() == [planned.slug]
        assert "Another topic" in page.content.decode()
        assert Client().get(reverse("interview")).context["form"]["topics"].value() == []

    def test_topics_without_open_questions_are_reported_and_rejected_alone(self, client: Client) -> None:
        graded = make_question("true_false").topic
        make_question("open", topic=graded, status="draft")
        spoken = make_question("open").topic
        assert f"{graded.title} (no open questions yet)" in client.get(reverse("interview")).content.decode()
        refused = client.post(reverse("interview"), BEGIN | {"topics": [graded.slug]})
        assert "These topics have no open questions" in refused.content.decode()
        assert not Attempt.objects.exists()
        for _ in range(3):
            make_question("open", topic=spoken)
        begun = client.post(reverse("interview"), BEGIN | {"topics": [graded.slug, spoken.slug]})
        assert f"no open questions on {graded.title} yet" in messages_of(begun)

    def test_shortfall_of_questions_is_reported(self, client: Client) -> None:
        make_question("open")
        assert "only 1 open question" in messages_of(client.post(reverse("interview"), BEGIN))

    @pytest.mark.parametrize(("field", "value"), [("minutes", "31"), ("minutes", ""), ("topics", "nowhere")])
    def test_invalid_input_is_reported(self, client: Client, field: str, value: str) -> None:
        make_question("open")
        page = client.post(reverse("interview"), BEGIN | {field: value})
        assert field in page.context["form"].errors

    def test_earlier_interviews_are_listed_with_reports(self, client: Client) -> None:
        old = interview(client, make_question("open"), at=timezone.now() - 2 * LIMIT)
        attempts.record_response(
            response=old.responses.get(position=1),
            answer={"text": "Mine.", "aloud": False},
            at=timezone.now() - 2 * LIMIT,
        )
        new = interview(client, make_question("open"))
        interview(Client(), make_question("open"))
        visitor_attempt(client, make_question("open"))
        page = client.get(reverse("interview"))
        assert [attempt for attempt, _score in page.context["held"]] == [new, old]
        assert "not marked yet" in page.content.decode()
        assert "Continue: Some quiz" in page.content.decode()
        old.refresh_from_db()
        assert old.status == AttemptStatus.EXPIRED

    def test_practice_page_links_to_the_interview(self, client: Client) -> None:
        assert f'href="{reverse("interview")}"' in client.get(reverse("practice")).content.decode()


class TestQuestions:
    def test_times_are_stated_in_words(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("true_false"))
        page = client.get(page_of(attempt)).content.decode()
        assert "Think for up to 1 minute, then take up to 3 minutes to answer." in page
        assert "30 minutes left" in page
        page = client.get(page_of(attempt, 2)).content.decode()
        assert "Think for up to 30 seconds, then take up to 1 minute to answer." in page

    def test_answer_is_followed_by_a_follow_up_then_the_next_question(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        assert "And then?" not in client.get(page_of(attempt)).content.decode()
        saved = client.post(page_of(attempt), {"text": "Mine.", "go": "save"})
        assert saved.url == page_of(attempt)
        page = client.get(page_of(attempt)).content.decode()
        assert "And then?" in page
        assert "Mine." in page
        data = {"text": "Mine.", "follow_up": "Then this.", "go": "next", "seen": _seen(attempt)}
        assert client.post(page_of(attempt), data).url == page_of(attempt, 2)
        assert attempt.responses.get(position=1).answer == {
            "text": "Mine.",
            "aloud": False,
            "follow_ups": {"0": "Then this."},
        }

    def test_question_without_follow_ups_leads_to_the_next(self, client: Client) -> None:
        question = make_question("open")
        question.follow_ups.all().delete()
        attempt = interview(client, question, make_question("open"))
        client.post(page_of(attempt), {"text": "Mine.", "go": "save"})
        page = client.get(page_of(attempt)).content.decode()
        assert "Next question" in page
        assert "follow_up" not in page

    def test_follow_up_can_be_skipped_and_the_answer_changed(self, client: Client) -> None:
        attempt = interview(client, make_question("open"))
        client.post(page_of(attempt), {"aloud": "on", "go": "save"})
        client.post(page_of(attempt), {"text": "Notes.", "aloud": "on", "follow_up": "", "seen": _seen(attempt)})
        assert attempt.responses.get().answer == {"text": "Notes.", "aloud": True, "follow_ups": {"0": ""}}

    def test_question_can_be_skipped(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        assert client.post(page_of(attempt), {"text": "", "go": "next"}).url == page_of(attempt, 2)
        assert not attempt.responses.get(position=1).is_answered

    @pytest.mark.parametrize("name", types.names())
    def test_every_type_is_shown_and_saved_on_next(self, client: Client, name: str) -> None:
        attempt = interview(client, make_question(name), make_question("open"))
        place = attempt.responses.get(position=1)
        assert client.get(page_of(attempt)).status_code == 200
        client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "next", "seen": ""})
        place.refresh_from_db()
        assert place.answer == key_of(place)

    @pytest.mark.parametrize("name", ["open", "true_false"])
    def test_last_question_leads_to_the_overview(self, client: Client, name: str) -> None:
        attempt = interview(client, make_question(name))
        place = attempt.responses.get()
        overview = client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "finish"}, follow=True)
        assert "1 of 1 questions are answered." in overview.content.decode()
        assert client.post(reverse("hand-in", args=[attempt.public_id])).url == result_of(attempt)

    def test_only_pages_with_recordings_allow_media(self, client: Client) -> None:
        question = make_question("open")
        attempt = interview(client, question)
        policies = {"question": client.get(page_of(attempt))["Content-Security-Policy"]}
        quiz = visitor_attempt(client, question)
        client.post(reverse("hand-in", args=[attempt.public_id]))
        client.post(reverse("hand-in", args=[quiz.public_id]))
        policies["report"] = client.get(result_of(attempt))["Content-Security-Policy"]
        plain = {client.get(address)["Content-Security-Policy"] for address in ("/", result_of(quiz))}
        assert len(plain) == 1 and "media-src" not in str(plain)
        for policy in policies.values():
            assert {part.strip() for part in policy.split(";")} == {
                *(part.strip() for part in plain.copy().pop().split(";")),
                "media-src blob:",
            }

    def test_interview_scripts_load_on_interview_pages_only(self, client: Client) -> None:
        question = make_question("open")
        assert "recorder.js" in client.get(page_of(interview(client, question))).content.decode()
        assert "recorder.js" not in client.get(page_of(visitor_attempt(client, question))).content.decode()


class TestNothingIsLost:
    def test_outdated_page_is_shown_again_with_its_text(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        client.post(page_of(attempt), {"text": "From one tab.", "go": "save"})
        other = {"text": "From the other.", "go": "save", "seen": "", "page": str(uuid.uuid4())}
        page = client.post(page_of(attempt), other)
        assert page.status_code == 200
        text = page.content.decode()
        assert "have since answered this question in another tab" in text
        assert "You saved this answer in another tab at" in text
        assert text.count("From one tab.") == 1
        assert "You also wrote this in another tab" not in text
        assert "From the other." in text
        assert attempt.responses.get(position=1).answer["text"] == "From one tab."
        again = {"text": "From the other.", "go": "save", "seen": hidden(text)["seen"]}
        client.post(page_of(attempt), again)
        assert attempt.responses.get(position=1).answer["text"] == "From the other."

    def test_page_from_before_the_follow_up_keeps_its_answer(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        data = {"text": "Mine.", "go": "save", "seen": ""}
        client.post(page_of(attempt), data)
        client.post(page_of(attempt), {"text": "Mine.", "follow_up": "This.", "seen": _seen(attempt)})
        before = attempt.responses.values().get(position=1)
        for go in ("save", "next"):
            assert client.post(page_of(attempt), data | {"go": go}).status_code == 302
        assert attempt.responses.values().get(position=1) == before

    @pytest.mark.parametrize("go", ["next", "finish"])
    @pytest.mark.parametrize("text", ["From the other.", "x" * 20_001])
    def test_text_of_an_outdated_page_is_kept_beside_the_answer(self, client: Client, go: str, text: str) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        client.post(page_of(attempt), {"text": "From one tab.", "go": "save"})
        left = client.post(page_of(attempt), {"text": text, "go": go, "seen": ""})
        assert "saved as a draft" in messages_of(left)
        page = client.get(page_of(attempt)).content.decode()
        assert text in page
        assert "You also wrote this in another tab" in page
        assert attempt.responses.get(position=1).answer["text"] == "From one tab."

    def test_double_click_is_silent_and_changes_nothing(self, client: Client) -> None:
        attempt = interview(client, make_question("open"), make_question("open"))
        data = {"text": "Mine.", "go": "save", "seen": ""}
        client.post(page_of(attempt), data)
        before = attempt.responses.values().get(position=1)
        assert messages_of(client.post(page_of(attempt), data)) == ""
        assert attempt.responses.values().get(position=1) == before

    def test_late_text_is_kept_with_the_report(self, client: Client) -> None:
        begun = timezone.now() - 2 * LIMIT
        attempt = interview(client, make_question("open"), at=begun)
        attempts.record_response(
            response=attempt.responses.get(position=1), answer={"text": "In time.", "aloud": False}, at=begun
        )
        page = client.post(page_of(attempt), {"text": "Too late.", "follow_up": "This too.", "go": "next"}, follow=True)
        text = page.content.decode()
        assert "Time is up" in text
        assert "did not submit it" in text
        assert "Too late." in text
        assert "This too." in text
        assert attempt.responses.get().answer == {"text": "In time.", "aloud": False}

    def test_late_request_without_new_text_leads_to_the_report(self, client: Client) -> None:
        begun = timezone.now() - 2 * LIMIT
        attempt = interview(client, make_question("open"), at=begun)
        attempts.record_response(
            response=attempt.responses.get(position=1), answer={"text": "In time.", "aloud": False}, at=begun
        )
        late = client.post(page_of(attempt), {"text": "In time.", "go": "next"})
        assert late.url == f"{result_of(attempt)}#question-1"

    def test_deadline_during_the_save_keeps_the_text_on_the_page(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        attempt = interview(client, make_question("open"))

        def too_late(**_):
            raise attempts.AttemptClosed

        monkeypatch.setattr(attempts, "record_response", too_late)
        client.post(page_of(attempt), {"text": "Just too late.", "go": "save"})
        assert "Just too late." in client.get(page_of(attempt)).content.decode()


def _seen(attempt: Attempt) -> str:
    """Return the stamp of the answer that a page rendered now would have."""
    return attempt.responses.get(position=1).answered_at.isoformat()
