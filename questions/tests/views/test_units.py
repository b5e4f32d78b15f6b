"""Numbers with units on the pages of an attempt: refused ones are kept on the page, allowed ones are graded."""

import pytest
from django.test import Client

from questions.enums import Mode
from questions.tests.attempt_steps import messages_of, page_of, visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
UNITS = "ms, s = 1000 ms"


@pytest.mark.parametrize(("mode", "go"), [(Mode.PRACTICE, "check"), (Mode.EXAM, "save")])
def test_unit_that_is_not_allowed_is_refused_and_stays_in_the_field(client: Client, mode: str, go: str) -> None:
    attempt = visitor_attempt(client, make_question("numeric", units=UNITS), make_question("open"), mode=mode)
    page = client.post(page_of(attempt), {"text": "76 543 µs", "go": go}).content.decode()
    assert "“µs” is not a unit that this question takes. Write one of these: ms, s." in page
    assert 'value="76 543 µs"' in page
    assert not attempt.responses.get(position=1).is_answered


def test_next_question_keeps_a_refused_unit_and_says_why(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("numeric", units=UNITS), make_question("open"), mode=Mode.EXAM)
    left = client.post(page_of(attempt), {"text": "76 543 µs", "go": "next"})
    assert left.url == page_of(attempt, 2)
    assert "Question 1 is not answered yet; your draft is saved. “µs” is not a unit" in messages_of(left)
    assert 'value="76 543 µs"' in client.get(page_of(attempt)).content.decode()


@pytest.mark.parametrize(("text", "fraction"), [("76.543 s", 1), ("76543", 1), ("76 543 ms", 1), ("76543 s", 0)])
def test_number_with_a_unit_is_graded(client: Client, text: str, fraction: float) -> None:
    attempt = visitor_attempt(client, make_question("numeric", units=UNITS))
    page = client.post(page_of(attempt), {"text": text, "go": "check"}, follow=True).content.decode()
    assert attempt.responses.get().fraction == fraction
    assert "<code>76543 ms</code> ± 0.5" in page
    assert f"<code>{text}</code>" in page


def test_field_names_the_units_and_describes_itself_by_them(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("numeric", units=UNITS))
    page = client.get(page_of(attempt)).content.decode()
    assert 'aria-describedby="id_text_helptext"' in page
    assert '<p class="form-text" id="id_text_helptext">You may add a unit: ms, s.' in page
    assert "76543" not in page


def test_question_without_units_has_no_hint_at_them(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("numeric"))
    assert "id_text_helptext" not in client.get(page_of(attempt)).content.decode()
