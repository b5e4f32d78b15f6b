"""Invalid input gets a clear message and never loses saved data."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questions.enums import Mode
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


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
            ("numeric", {"text": "A lot"}, "is not a valid number"),
            ("short_answer", {"text": "x" * 501}, "at most 500 characters"),
            ("open", {"text": "x" * 20_001}, "at most 20000 characters"),
        ],
    )
    def test_invalid_answer_is_reported_kept_on_the_page_and_not_saved(
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
    def test_invalid_extra_fields_do_not_lose_the_answer(self, client: Client, data: dict) -> None:
        attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2)))
        response = client.post(page_of(attempt), {"choice": "1", "go": "check"} | data)
        assert response.status_code == 302
        assert attempt.responses.get(position=1).is_answered == (data.get("go") not in ("9999", "next"))

    @pytest.mark.parametrize("text", ["null \x00 byte", "\ud800"])
    def test_characters_no_database_accepts_are_reported_or_replaced(self, client: Client, text: str) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        body = f"go=check&text={text}".encode(errors="surrogatepass")
        response = client.post(page_of(attempt), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 302)

    def test_huge_position_is_not_found(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(f"{attempt.get_absolute_url()}{'9' * 30}/").status_code == 404
        assert (
            client.post(reverse("practice"), {"topics": ["9" * 30, "\x00"], "number": 1, "mode": "exam"}).status_code
            == 200
        )
        assert client.get(reverse("history"), {"page": "9" * 30}).status_code == 200

    def test_unknown_position_is_not_found(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(page_of(attempt, 2)).status_code == 404
        assert client.post(page_of(attempt, 2), {"go": "check", "choice": "1"}).status_code == 404

    def test_forged_button_saves_nothing_wrong(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.post(page_of(attempt), {"go": "hack"}).status_code == 302
        assert not attempt.responses.get().is_answered

    @pytest.mark.parametrize("name", ["attempt", "question", "overview", "result"])
    def test_attempt_of_another_owner_is_not_found(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(Client(), make_question("true_false"))
        args = [attempt.public_id, 1] if name == "question" else [attempt.public_id]
        for other in (client, Client()):
            assert other.get(reverse(name, args=args)).status_code == 404
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse(name, args=args)).status_code == 404

    @pytest.mark.parametrize("name", ["question", "hand-in", "abandon", "assess", "practise-missed"])
    def test_attempt_of_another_owner_cannot_be_changed(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(Client(), make_question("true_false"))
        args = [attempt.public_id, 1] if name in ("question", "assess") else [attempt.public_id]
        assert client.post(reverse(name, args=args), {"go": "check", "choice": "1"}).status_code == 404
        attempt.refresh_from_db()
        assert attempt.is_open
        assert not attempt.responses.get().is_answered

    def test_too_large_body_is_reported(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"))
        response = client.post(page_of(attempt), {"text": "x" * 600_000})
        assert response.status_code == 400
        assert "too long" in response.content.decode()

    @pytest.mark.parametrize("name", ["hand-in", "abandon", "practise-missed"])
    def test_changes_require_post(self, client: Client, name: str) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        assert client.get(reverse(name, args=[attempt.public_id])).status_code == 405
