"""Right answers stay secret until they may be explained, and pages of attempts are not cached."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questions import types
from questions.enums import AttemptMode, Mode
from questions.tests.attempt_steps import page_of, sent_for, visitor_attempt, wrong_answer_to
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


class TestSecrecy:
    """Before the answer is saved, no response reveals the right option."""

    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM, AttemptMode.INTERVIEW])
    def test_no_page_of_a_quiz_reveals_the_key(self, client: Client, mode: str) -> None:
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
            question.follow_ups.update(text="SECRET-next", model_answer="SECRET-then")
            question.references.update(title="SECRET-source")
            questions.append(question)
        attempt = visitor_attempt(client, *questions, mode=mode, time_limit=LIMIT)
        for place in attempt.responses.all():
            response = client.get(page_of(attempt, place.position))
            everything = response.content.decode() + str(dict(response.headers)) + str(response.cookies)
            assert "SECRET" not in everything
            item = place.revision.item()
            if item.type in ("short_answer", "numeric"):
                assert not any(option.text in everything.replace(item.stem, "") for option in item.options)
            for trace in ("weight", "fraction", "is-right", "is-wrong", "correct", "tolerance"):
                assert trace not in everything.lower().replace('autocorrect="off"', "")
            if mode != Mode.PRACTICE:
                client.post(page_of(attempt, place.position), sent_for(place, wrong_answer_to(place)) | {"go": "save"})
                again = client.get(page_of(attempt, place.position)).content.decode()
                if mode == AttemptMode.INTERVIEW and item.follow_ups:
                    assert again.count("SECRET-next") == 1  # the follow-up that is asked now
                    again = again.replace("SECRET-next", "")
                assert "SECRET" not in again
                assert "is-wrong" not in again

    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM, AttemptMode.INTERVIEW])
    @pytest.mark.parametrize("name", ["single_choice", "multiple_choice", "true_false"])
    def test_page_does_not_depend_on_the_right_option(self, client: Client, name: str, mode: str) -> None:
        question = make_question(name)
        attempt = visitor_attempt(client, question, mode=mode, time_limit=LIMIT)
        place = attempt.responses.select_related("revision").get()
        pages = []
        for turned in (False, True):
            revision = place.revision
            if turned:
                for option in revision.content["options"]:
                    option["weight"] = 1.0 - option["weight"]
                revision.save()
            page = client.get(page_of(attempt)).content.decode()
            made_anew = ("csrf", "shown_at", "start_id", 'name="page"')
            pages.append("".join(line for line in page.splitlines() if not any(name in line for name in made_anew)))
        assert pages[0] == pages[1]

    def test_option_order_is_uniform(self) -> None:
        question = make_question("single_choice")
        client = Client()
        firsts = [visitor_attempt(client, question).responses.get().option_order[0] for _ in range(90)]
        count = question.choices.count()
        assert {firsts.count(index) for index in range(count)} <= set(range(90 // count // 3, 90 // count * 2))

    def test_other_pages_reveal_nothing_during_an_interview(self, client: Client) -> None:
        question = make_question("open", model_answer="SECRET-model")
        question.criteria.update(text="SECRET-criterion")
        attempt = visitor_attempt(client, question, mode=AttemptMode.INTERVIEW, time_limit=LIMIT)
        client.post(page_of(attempt), {"text": "Mine.", "go": "save"})
        for name in ("attempt", "overview", "result"):
            page = client.get(reverse(name, args=[attempt.public_id]), follow=True)
            assert "SECRET" not in page.content.decode()
        assert client.post(reverse("assess", args=[attempt.public_id, 1]), {"met-1": ["1"]}).status_code == 404
        assert client.get(reverse("check", args=[attempt.public_id, 1])).status_code == 404
        assert attempt.responses.get().fraction is None


class TestCaching:
    def test_pages_of_an_attempt_are_not_cached(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert "no-store" in client.get(page_of(attempt))["Cache-Control"]
