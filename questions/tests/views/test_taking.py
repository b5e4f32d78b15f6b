"""Taking a quiz through its pages."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.models import Attempt, AttemptStatus, Mode, Response
from questions.services import attempts
from questions.tests.factories import QuizFactory, QuizItemFactory, TopicFactory, UserFactory, make_question
from questions.tests.taking import key_of, page_of, sent_for, visitor_attempt, wrong_answer_to

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


def told(response) -> str:
    """The messages that the request left."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


class TestStart:
    def test_one_click_on_the_home_page_starts_a_quiz(self, client: Client) -> None:
        make_question("single_choice")
        page = client.get("/").content.decode()
        assert "Start a quiz" in page
        response = client.post(reverse("practice"), {"number": 10, "mode": "practice"}, follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")
        assert Attempt.objects.get().visitor is not None

    def test_a_double_click_starts_one_quiz(self, client: Client) -> None:
        make_question("single_choice")
        client.get("/")
        client.post(reverse("practice"), {"number": 1, "mode": "practice"})
        data = {"number": 1, "mode": "practice", "start_id": str(uuid.uuid4())}
        first, second = client.post(reverse("practice"), data), client.post(reverse("practice"), data)
        assert first.url == second.url
        assert Attempt.objects.count() == 2

    def test_the_builder_narrows_down(self, client: Client) -> None:
        wanted = make_question("ordering", difficulty="hard")
        make_question("ordering", difficulty="easy", topic=wanted.topic)
        make_question("numeric", difficulty="hard", topic=wanted.topic)
        make_question("ordering", difficulty="hard", topic=TopicFactory())
        make_question("ordering", difficulty="hard", topic=wanted.topic, status="draft")
        data = {
            "topics": [wanted.topic.slug],
            "types": ["ordering"],
            "difficulty": ["hard"],
            "number": 5,
            "mode": "exam",
        }
        client.post(reverse("practice"), {**data, "time_limit": 30})
        attempt = Attempt.objects.get()
        assert attempt.responses.get().revision.question == wanted
        assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)

    def test_fewer_questions_than_asked_for_are_told(self, client: Client) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice"})
        assert "Only 1 question" in told(response)

    def test_wishes_that_nothing_fits_are_told_and_kept(self, client: Client) -> None:
        make_question("single_choice", difficulty="easy")
        response = client.post(reverse("practice"), {"number": 7, "mode": "exam", "difficulty": ["hard"]})
        page = response.content.decode()
        assert "No question fits" in page
        assert 'value="7"' in page
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("number", "0"), ("number", "51"), ("number", "x"), ("mode", "dream"), ("time_limit", "-1"), ("topics", "99")],
    )
    def test_impossible_wishes_are_told(self, client: Client, field: str, value: str) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice", field: value})
        assert response.status_code == 200
        assert field in response.context["form"].errors

    def test_a_link_can_tick_a_topic(self, client: Client) -> None:
        topic = make_question("single_choice").topic
        page = client.get(reverse("practice"), {"topics": topic.slug}).content.decode()
        assert page.count(" checked") == 2  # the topic, and the mode that is chosen from the start
        assert client.get(reverse("practice"), {"topics": "x", "start_id": "y", "number": "z"}).status_code == 200

    def test_a_curated_quiz_is_started_from_its_page(self, client: Client) -> None:
        quiz = QuizFactory()
        QuizItemFactory(quiz=quiz, question=make_question("single_choice"))
        assert "Start" in client.get(quiz.get_absolute_url()).content.decode()
        response = client.post(quiz.get_absolute_url(), follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")

    def test_an_unpublished_quiz_is_not_found(self, client: Client) -> None:
        assert client.get(QuizFactory(is_published=False).get_absolute_url()).status_code == 404

    def test_a_quiz_without_questions_says_so(self, client: Client) -> None:
        quiz = QuizFactory()
        assert "None of this quiz" in client.post(quiz.get_absolute_url()).content.decode()


class TestPractice:
    @pytest.mark.parametrize("name", types.names())
    def test_an_answer_is_graded_and_explained_at_once(self, client: Client, name: str) -> None:
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

    def test_nothing_chosen_is_told_and_nothing_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        response = client.post(page_of(attempt), {"go": "check"})
        assert "Nothing was saved" in told(response)
        assert not attempt.responses.get().is_answered

    def test_a_second_click_changes_nothing(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        data = sent_for(attempt.responses.get(), {"chosen": [1]}) | {"go": "check"}
        client.post(page_of(attempt), data)
        before = Response.objects.values().get()
        client.post(page_of(attempt), data)
        assert Response.objects.values().get() == before

    def test_a_stale_page_cannot_change_an_explained_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"))
        place = attempt.responses.get()
        client.post(page_of(attempt), sent_for(place, {"chosen": [1]}) | {"go": "check"})
        response = client.post(page_of(attempt), sent_for(place, {"chosen": [0]}) | {"go": "check"})
        assert "first answer stands" in told(response)
        assert attempt.responses.get().answer == {"chosen": [1]}

    def test_next_and_previous_lead_on_without_grading(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(3)))
        place = attempt.responses.first()
        data = sent_for(place, {"chosen": [0]})
        assert client.post(page_of(attempt, 2), data | {"go": "next"}).url == page_of(attempt, 3)
        assert client.post(page_of(attempt, 2), data | {"go": "previous"}).url == page_of(attempt, 1)
        assert client.post(page_of(attempt, 1), data | {"go": "3"}).url == page_of(attempt, 3)
        assert not attempt.responses.answered().exists()

    def test_a_flag_is_kept_with_any_button(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(2)))
        client.post(page_of(attempt), {"go": "next", "flagged": "on"})
        assert attempt.responses.get(position=1).flagged
        assert "flagged" in client.get(page_of(attempt, 2)).content.decode()
        client.post(page_of(attempt), {"go": "next"})
        assert not attempt.responses.get(position=1).flagged

    def test_finish_leads_to_the_result_once_everything_is_answered(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.post(page_of(attempt), {"go": "finish"}).url.endswith("/overview/")
        client.post(page_of(attempt), {"go": "check", "choice": "1"})
        assert client.post(page_of(attempt), {"go": "finish"}).url.endswith("/result/")
        attempt.refresh_from_db()
        assert attempt.status == AttemptStatus.SUBMITTED

    def test_coming_back_leads_to_the_first_question_without_an_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(3)))
        assert client.get(attempt.get_absolute_url()).url == page_of(attempt, 1)
        client.post(page_of(attempt, 1), {"go": "check", "choice": "1"})
        assert client.get(attempt.get_absolute_url()).url == page_of(attempt, 2)

    def test_own_marks_for_an_open_answer_are_kept(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        client.post(page_of(attempt), {"go": "check", "text": "My words"})
        page = client.get(page_of(attempt)).content.decode()
        assert "My words" in page
        assert "Save my marks" in page
        client.post(reverse("assess", args=[attempt.public_id, 1]), {"met": ["1"]})
        response = attempt.responses.get()
        assert response.answer["met"] == [0]
        assert response.fraction is not None

    def test_forged_criteria_are_told(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        client.post(page_of(attempt), {"go": "check", "aloud": "on"})
        response = client.post(reverse("assess", args=[attempt.public_id, 1]), {"met": ["99"]})
        assert "does not belong" in told(response)
        assert attempt.responses.get().fraction is None


class TestExam:
    @pytest.mark.parametrize("name", types.names())
    def test_an_answer_is_saved_shown_again_and_not_explained(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(client, make_question(name, explanation="Because of this."), mode=Mode.EXAM)
        place = attempt.responses.get()
        data = sent_for(place, key_of(place))
        page = client.post(page_of(attempt), data | {"go": "save"}, follow=True)
        assert "Saved at" in page.content.decode()
        assert "Because of this." not in page.content.decode()
        form = page.context["form"]
        assert {name: form[name].value() for name in form.fields if name in data} == data

    def test_an_answer_can_be_changed_until_the_end(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("single_choice"), mode=Mode.EXAM)
        place = attempt.responses.get()
        for chosen in (1, 0):
            client.post(page_of(attempt), sent_for(place, {"chosen": [chosen]}) | {"go": "save"})
        assert attempt.responses.get().answer == {"chosen": [0]}

    @pytest.mark.parametrize("go", ["next", "previous", "finish", "2"])
    def test_leaving_the_page_saves_what_was_chosen(self, client: Client, go: str) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM)
        client.post(page_of(attempt), {"go": go, "choice": "1", "seen": ""})
        assert attempt.responses.get(position=1).is_answered

    def test_leaving_an_older_page_keeps_the_newer_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("single_choice") for _ in range(2)), mode=Mode.EXAM)
        place = attempt.responses.get(position=1)
        client.post(page_of(attempt), sent_for(place, {"chosen": [1]}) | {"go": "save"})
        old_page = sent_for(place, {"chosen": [2]}) | {"go": "next", "seen": ""}
        assert "another page" in told(client.post(page_of(attempt), old_page))
        assert attempt.responses.get(position=1).answer == {"chosen": [1]}

    def test_missing_fields_never_wipe_an_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("multiple_choice"), mode=Mode.EXAM)
        client.post(page_of(attempt), sent_for(attempt.responses.get(), {"chosen": [0]}) | {"go": "save"})
        client.post(page_of(attempt), {"go": "save"})
        assert attempt.responses.get().answer == {"chosen": [0]}

    def test_handing_in_grades_and_ends(self, client: Client) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM)
        client.post(page_of(attempt), sent_for(attempt.responses.first(), {"chosen": [0]}) | {"go": "finish"})
        overview = client.get(reverse("overview", args=[attempt.public_id])).content.decode()
        assert "1 of 2 questions" in overview
        assert "Hand in" in overview
        result = client.post(reverse("hand-in", args=[attempt.public_id]), follow=True)
        assert result.context["result"].score.percent == 50

    def test_an_answer_after_time_ran_out_is_told_and_not_saved(self, client: Client) -> None:
        started = timezone.now() - 2 * LIMIT
        attempt = visitor_attempt(
            client, *(make_question("true_false") for _ in range(2)), mode=Mode.EXAM, at=started, time_limit=LIMIT
        )
        attempts.record_response(attempt=attempt, position=1, answer={"chosen": [0]}, at=started)
        response = client.post(page_of(attempt, 2), {"go": "save", "choice": "1"}, follow=True)
        assert "Time has run out" in response.content.decode()
        assert not attempt.responses.get(position=2).is_answered
        assert response.context["result"].score.percent == 50

    def test_time_running_out_between_page_and_save_is_told(self, client: Client, monkeypatch) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM, time_limit=LIMIT)

        def too_late(**_):
            raise attempts.AttemptClosed

        monkeypatch.setattr(attempts, "record_response", too_late)
        assert "Time has run out" in told(client.post(page_of(attempt), {"go": "save", "choice": "1"}))

    def test_a_question_page_left_open_leads_to_the_result(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), at=timezone.now() - 2 * LIMIT, time_limit=LIMIT)
        assert "/result/" in client.get(page_of(attempt)).url
        attempt.refresh_from_db()
        assert attempt.status == AttemptStatus.EXPIRED

    def test_an_answer_after_handing_in_is_told_and_not_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM)
        client.post(reverse("hand-in", args=[attempt.public_id]))
        assert "has ended" in told(client.post(page_of(attempt), {"go": "save", "choice": "1"}))
        assert not attempt.responses.get().is_answered


class TestBadInput:
    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM])
    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("single_choice", {"choice": "99"}, "does not belong"),
            ("single_choice", {"choice": "<script>"}, "does not belong"),
            ("multiple_choice", {"choice": ["1", "x"]}, "does not belong"),
            ("ordering", {"row-1": "77"}, "does not belong"),
            ("matching", {"row-1": "-1"}, "does not belong"),
            ("numeric", {"text": "a lot"}, "is not a number"),
            ("short_answer", {"text": "x" * 501}, "at most 500 characters"),
            ("open", {"text": "x" * 20_001}, "at most 20000 characters"),
        ],
    )
    def test_a_bad_answer_is_told_kept_on_the_page_and_not_saved(
        self, client: Client, mode: str, name: str, data: dict, words: str
    ) -> None:
        attempt = visitor_attempt(client, make_question(name), mode=mode)
        response = client.post(page_of(attempt), data | {"go": "check", "confidence": "sure", "flagged": "on"})
        page = response.content.decode()
        assert words in page
        assert "text" not in data or str(data["text"]) in page
        assert 'value="sure" class="form-check-input" id="id_confidence_2" checked' in page or "checked" in page
        assert not attempt.responses.get().is_answered
        assert attempt.responses.get().flagged

    @pytest.mark.parametrize(
        "data",
        [
            {"shown_at": "9" * 400},
            {"shown_at": "-5"},
            {"shown_at": "soon", "seen": "x" * 500},
            {"confidence": "very"},
            {"go": "9999"},
            {"go": "\u0663"},
            {"seen": "\x00", "go": "next"},
        ],
    )
    def test_nonsense_beside_an_answer_does_not_cost_it(self, client: Client, data: dict) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)))
        response = client.post(page_of(attempt), {"choice": "1", "go": "check"} | data)
        assert response.status_code == 302
        assert attempt.responses.get(position=1).is_answered == (data.get("go") not in ("9999", "next"))

    @pytest.mark.parametrize("text", ["null \x00 byte", "\ud800"])
    def test_characters_that_no_database_keeps_are_told_or_replaced(self, client: Client, text: str) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        body = f"go=check&text={text}".encode(errors="surrogatepass")
        response = client.post(page_of(attempt), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 302)

    def test_numbers_beyond_every_integer_are_not_found(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(f"{attempt.get_absolute_url()}{'9' * 30}/").status_code == 404
        assert (
            client.post(reverse("practice"), {"topics": ["9" * 30, "\x00"], "number": 1, "mode": "exam"}).status_code
            == 200
        )
        assert client.get(reverse("history"), {"page": "9" * 30}).status_code == 200

    def test_an_unknown_position_is_not_found(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(page_of(attempt, 2)).status_code == 404
        assert client.post(page_of(attempt, 2), {"go": "check", "choice": "1"}).status_code == 404

    def test_a_forged_button_saves_nothing_wrong(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.post(page_of(attempt), {"go": "hack"}).status_code == 302
        assert not attempt.responses.get().is_answered

    @pytest.mark.parametrize("name", ["attempt", "question", "overview", "result"])
    def test_another_persons_attempt_is_not_found(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(Client(), make_question("true_false"))
        args = [attempt.public_id, 1] if name == "question" else [attempt.public_id]
        for other in (client, Client()):
            assert other.get(reverse(name, args=args)).status_code == 404
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse(name, args=args)).status_code == 404

    @pytest.mark.parametrize("name", ["question", "hand-in", "abandon", "assess", "practise-missed"])
    def test_another_persons_attempt_cannot_be_changed(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(Client(), make_question("true_false"))
        args = [attempt.public_id, 1] if name in ("question", "assess") else [attempt.public_id]
        assert client.post(reverse(name, args=args), {"go": "check", "choice": "1"}).status_code == 404
        attempt.refresh_from_db()
        assert attempt.is_open
        assert not attempt.responses.get().is_answered

    def test_cookies_off_is_told(self) -> None:
        make_question("true_false")
        response = Client(enforce_csrf_checks=True).post(reverse("practice"), {"number": 5, "mode": "practice"})
        assert response.status_code == 403
        assert "sends no cookies" in response.content.decode()

    def test_a_page_from_another_session_is_told(self, client: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.get("/")
        response = strict.post(reverse("practice"), {"number": 5, "mode": "practice"})
        assert response.status_code == 403
        assert "too old" in response.content.decode()

    def test_a_body_beyond_every_limit_is_told(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        response = client.post(page_of(attempt), {"text": "x" * 600_000})
        assert response.status_code == 400
        assert "too long" in response.content.decode()

    @pytest.mark.parametrize("name", ["hand-in", "abandon", "practise-missed"])
    def test_what_changes_something_is_not_done_by_a_link(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(reverse(name, args=[attempt.public_id])).status_code == 405


class TestSecrecy:
    """Before an answer is in, nothing the server sends tells which option is right."""

    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM])
    def test_a_whole_quiz_gives_nothing_away(self, client: Client, mode: str) -> None:
        secrets = {
            "explanation": "SECRET-explanation",
            "model_answer": "SECRET-model",
        }
        questions = []
        for name in types.names():
            question = make_question(name, **secrets)
            for choice in question.choices.all():
                question.choices.filter(pk=choice.pk).update(feedback=f"SECRET-{choice.pk}")
            question.criteria.update(text="SECRET-criterion")
            question.follow_ups.update(text="SECRET-next")
            question.references.update(title="SECRET-source")
            questions.append(question)
        attempt = visitor_attempt(client, *questions, mode=mode)
        for place in attempt.responses.all():
            response = client.get(page_of(attempt, place.position))
            everything = response.content.decode() + str(dict(response.headers)) + str(response.cookies)
            assert "SECRET" not in everything
            item = place.revision.item()
            if item.type in ("short_answer", "numeric"):
                assert not any(option.text in everything.replace(item.stem, "") for option in item.options)
            for trace in ("weight", "fraction", "is-right", "is-wrong", "correct", "tolerance"):
                assert trace not in everything.lower()
            if mode == Mode.EXAM:
                client.post(page_of(attempt, place.position), sent_for(place, wrong_answer_to(place)) | {"go": "save"})
                again = client.get(page_of(attempt, place.position)).content.decode()
                assert "SECRET" not in again
                assert "is-wrong" not in again

    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM])
    @pytest.mark.parametrize("name", ["single_choice", "multiple_choice", "true_false"])
    def test_the_page_is_the_same_whichever_option_is_right(self, client: Client, name: str, mode: str) -> None:
        question = make_question(name)
        attempt = visitor_attempt(client, question, mode=mode)
        place = attempt.responses.select_related("revision").get()
        pages = []
        for turned in (False, True):
            revision = place.revision
            if turned:
                for option in revision.content["options"]:
                    option["weight"] = 1.0 - option["weight"]
                revision.save()
            page = client.get(page_of(attempt)).content.decode()
            pages.append("".join(line for line in page.splitlines() if "csrf" not in line and "shown_at" not in line))
        assert pages[0] == pages[1]

    def test_every_option_comes_first_about_as_often(self) -> None:
        question = make_question("single_choice")
        client = Client()
        firsts = [visitor_attempt(client, question).responses.get().option_order[0] for _ in range(90)]
        count = question.choices.count()
        assert {firsts.count(index) for index in range(count)} <= set(range(90 // count // 3, 90 // count * 2))


class TestCaching:
    def test_pages_of_an_attempt_are_never_kept_by_browsers(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert "no-store" in client.get(page_of(attempt))["Cache-Control"]
