"""Taking a practice quiz or an exam on its pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Response
from questions.enums import AttemptStatus, Mode
from questions.tests.attempt_steps import key_of, messages_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


class TestPractice:
    @pytest.mark.parametrize("name", types.names())
    def test_answer_is_graded_and_explained_at_once(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(client, make_question(name, explanation="Because of *this*."))
        response = attempt.responses.get()
        data = sent_for(response, key_of(response)) | {"go": "check", "confidence": "unsure"}
        page = client.post(page_of(attempt), data, follow=True).content.decode()
        response.refresh_from_db()
        assert response.answer == key_of(response)
        assert response.confidence == "unsure"
        assert "Because of <em>this</em>." in page
        for option in response.revision.item().options:
            assert option.feedback in page

    def test_missing_answer_is_reported_and_not_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        response = client.post(page_of(attempt), {"go": "check"})
        assert "Nothing was saved" in messages_of(response)
        assert not attempt.responses.get().is_answered

    def test_second_click_changes_nothing(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        data = sent_for(attempt.responses.get(), {"chosen": [1]}) | {"go": "check"}
        client.post(page_of(attempt), data)
        before = Response.objects.values().get()
        client.post(page_of(attempt), data)
        assert Response.objects.values().get() == before

    def test_outdated_page_cannot_change_an_explained_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        place = attempt.responses.get()
        client.post(page_of(attempt), sent_for(place, {"chosen": [1]}) | {"go": "check"})
        response = client.post(page_of(attempt), sent_for(place, {"chosen": [0]}) | {"go": "check"})
        assert "your first answer counts" in messages_of(response)
        assert attempt.responses.get().answer == {"chosen": [1]}

    def test_next_and_previous_do_not_grade(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(3)))
        place = attempt.responses.first()
        data = sent_for(place, {"chosen": [0]})
        assert client.post(page_of(attempt, 2), data | {"go": "next"}).url == page_of(attempt, 3)
        assert client.post(page_of(attempt, 2), data | {"go": "previous"}).url == page_of(attempt, 1)
        assert client.post(page_of(attempt, 1), data | {"go": "3"}).url == page_of(attempt, 3)
        assert not attempt.responses.answered().exists()

    def test_flag_is_saved_by_every_button(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(2)))
        client.post(page_of(attempt), {"go": "next", "flagged": "on"})
        assert attempt.responses.get(position=1).flagged
        assert "flagged" in client.get(page_of(attempt, 2)).content.decode()
        client.post(page_of(attempt), {"go": "next"})
        assert not attempt.responses.get(position=1).flagged

    def test_finish_shows_the_result_if_everything_is_answered(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.post(page_of(attempt), {"go": "finish"}).url.endswith("/overview/")
        client.post(page_of(attempt), {"go": "check", "choice": "1"})
        assert client.post(page_of(attempt), {"go": "finish"}).url.endswith("/result/")
        attempt.refresh_from_db()
        assert attempt.status == AttemptStatus.SUBMITTED

    def test_attempt_resumes_at_the_first_unanswered_question(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(3)))
        assert client.get(attempt.get_absolute_url()).url == page_of(attempt, 1)
        client.post(page_of(attempt, 1), {"go": "check", "choice": "1"})
        assert client.get(attempt.get_absolute_url()).url == page_of(attempt, 2)

    def test_own_marks_are_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        client.post(page_of(attempt), {"go": "check", "text": "My words"})
        page = client.get(page_of(attempt)).content.decode()
        assert "My words" in page
        assert "Save my marks" in page
        client.post(reverse("assess", args=[attempt.public_id, 1]), {"met-1": ["1"]})
        response = attempt.responses.get()
        assert response.answer["met"] == [0]
        assert response.fraction is not None

    def test_forged_criteria_are_reported(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        client.post(page_of(attempt), {"go": "check", "aloud": "on"})
        response = client.post(reverse("assess", args=[attempt.public_id, 1]), {"met-1": ["99"]})
        assert "does not belong" in messages_of(response)
        assert attempt.responses.get().fraction is None


class TestExam:
    @pytest.mark.parametrize("name", types.names())
    def test_answer_is_saved_and_shown_but_not_explained(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(client, make_question(name, explanation="Because of this."), mode=Mode.EXAM)
        place = attempt.responses.get()
        data = sent_for(place, key_of(place))
        page = client.post(page_of(attempt), data | {"go": "save"}, follow=True)
        assert "Saved at" in page.content.decode()
        assert "Because of this." not in page.content.decode()
        form = page.context["form"]
        assert {name: form[name].value() for name in form.fields if name in data} == data

    def test_answer_can_be_changed_until_the_end(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"), mode=Mode.EXAM)
        place = attempt.responses.get()
        for chosen in (1, 0):
            client.post(page_of(attempt), sent_for(place, {"chosen": [chosen]}) | {"go": "save"})
        assert attempt.responses.get().answer == {"chosen": [0]}

    @pytest.mark.parametrize("go", ["next", "previous", "finish", "2"])
    def test_leaving_the_page_saves_the_answer(self, client: Client, go: str) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM)
        client.post(page_of(attempt), {"go": go, "choice": "1", "seen": ""})
        assert attempt.responses.get(position=1).is_answered

    def test_leaving_an_outdated_page_keeps_the_newer_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(2)), mode=Mode.EXAM)
        place = attempt.responses.get(position=1)
        client.post(page_of(attempt), sent_for(place, {"chosen": [1]}) | {"go": "save"})
        old_page = sent_for(place, {"chosen": [2]}) | {"go": "next", "seen": ""}
        assert "You answered this question in another tab" in messages_of(client.post(page_of(attempt), old_page))
        assert attempt.responses.get(position=1).answer == {"chosen": [1]}

    def test_answer_is_saved_as_typed_unless_it_is_blank(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"), mode=Mode.EXAM)
        client.post(page_of(attempt), {"text": "  An  index. \n", "go": "save"})
        assert attempt.responses.get().answer["text"] == "  An  index. \n"
        attempt = visitor_attempt(client, make_question("numeric"), mode=Mode.EXAM)
        client.post(page_of(attempt), {"text": " \n", "go": "save"})
        assert not attempt.responses.get().is_answered

    def test_double_click_on_next_is_silent(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(2)), mode=Mode.EXAM)
        data = sent_for(attempt.responses.get(position=1), {"chosen": [1]}) | {"go": "next", "seen": ""}
        client.post(page_of(attempt), data)
        assert messages_of(client.post(page_of(attempt), data)) == ""
        assert attempt.responses.get(position=1).answer == {"chosen": [1]}

    def test_missing_fields_keep_the_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("multiple_choice"), mode=Mode.EXAM)
        client.post(page_of(attempt), sent_for(attempt.responses.get(), {"chosen": [0]}) | {"go": "save"})
        client.post(page_of(attempt), {"go": "save"})
        assert attempt.responses.get().answer == {"chosen": [0]}

    def test_hand_in_grades_and_ends(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM)
        client.post(page_of(attempt), sent_for(attempt.responses.first(), {"chosen": [0]}) | {"go": "finish"})
        overview = client.get(reverse("overview", args=[attempt.public_id])).content.decode()
        assert "1 of 2 questions" in overview
        assert "Hand in" in overview
        result = client.post(reverse("hand-in", args=[attempt.public_id]), follow=True)
        assert result.context["result"].score.percent == 50

    def test_late_answer_is_reported_and_not_saved(self, client: Client) -> None:
        started = timezone.now() - 2 * LIMIT
        attempt = visitor_attempt(
            client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM, at=started, time_limit=LIMIT
        )
        attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [0]}, at=started)
        response = client.post(page_of(attempt, 2), {"go": "save", "choice": "1"}, follow=True)
        assert "Time is up" in response.content.decode()
        assert not attempt.responses.get(position=2).is_answered
        assert response.context["result"].score.percent == 50

    def test_deadline_during_the_save_is_reported(self, client: Client, monkeypatch) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM, time_limit=LIMIT)

        def too_late(**_):
            raise attempts.AttemptClosed

        monkeypatch.setattr(attempts, "record_response", too_late)
        assert "Time is up" in messages_of(client.post(page_of(attempt), {"go": "save", "choice": "1"}))

    def test_page_of_an_ended_attempt_leads_to_the_result(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), at=timezone.now() - 2 * LIMIT, time_limit=LIMIT)
        assert "/result/" in client.get(page_of(attempt)).url
        attempt.refresh_from_db()
        assert attempt.status == AttemptStatus.EXPIRED

    def test_answer_after_hand_in_is_reported_and_not_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM)
        client.post(reverse("hand-in", args=[attempt.public_id]))
        assert "has ended" in messages_of(client.post(page_of(attempt), {"go": "save", "choice": "1"}))
        assert not attempt.responses.get().is_answered
