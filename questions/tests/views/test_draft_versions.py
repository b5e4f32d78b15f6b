"""Several pages of one question: each keeps its text, shows that of the others, and is seen by its owner alone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.draft_models import Draft
from questions.attempts.drafts import MAX_VERSIONS
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import messages_of, page_of, visitor_attempt
from questions.tests.factories import UserFactory, make_question
from questions.tests.views.page_save_steps import Page, draft_url, texts

pytestmark = pytest.mark.django_db
# a placement test has a page of its own
MODES = pytest.mark.parametrize("mode", [mode for mode in AttemptMode.values if mode != AttemptMode.PLACEMENT])
BESIDE = "You also wrote this in another tab"


def begin(client: Client, mode: str, name: str = "numeric") -> Attempt:
    return visitor_attempt(client, make_question(name), make_question(name), mode=mode)


def shown(page: Page) -> tuple[str, list[str]]:
    """Return the text in the field of the page, and the texts of other pages beside it."""
    field = re.search(r'<input type="text" name="text"(?: value="([^"]*)")?', page.html)
    beside = re.findall(r'class="own-words" dir="auto"><p>([^<]*)</p>', page.html.partition('<form id="turn"')[0])
    return (field[1] or "" if field else "", beside)


class TestTwoPages:
    @MODES
    def test_both_texts_stay_and_the_later_one_is_in_the_field(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        first, second = Page(client, attempt), Page(client, attempt)
        first.save(text="abc")
        told = second.save(text="xyz")
        assert "abc" in told["versions"]
        assert "xyz" in first.save(text="abcd")["versions"]
        assert shown(Page(client, attempt)) == ("abcd", ["xyz"])

    @MODES
    def test_page_that_shows_the_text_of_another_replaces_it(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text="abc")
        assert not Page(client, attempt).save(text="abcd")["versions"]
        assert shown(Page(client, attempt)) == ("abcd", [])

    @MODES
    def test_text_that_has_changed_since_is_not_replaced(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        first = Page(client, attempt)
        first.save(text="abc")
        second = Page(client, attempt)
        first.save(text="abc, changed")
        second.save(text="abcd")
        assert shown(Page(client, attempt)) == ("abcd", ["abc, changed"])

    @pytest.mark.parametrize("mode", [AttemptMode.EXAM, AttemptMode.INTERVIEW])
    @pytest.mark.parametrize("text", ["12", "abc"])
    def test_outdated_page_stays_beside_the_newer_answer(self, client: Client, mode: str, text: str) -> None:
        attempt = begin(client, mode)
        outdated = Page(client, attempt)
        Page(client, attempt).press("save", text="76543")
        told = outdated.save(text=text)
        assert told["kept"] == "beside"
        assert "76543" in told["versions"]
        assert BESIDE not in told["versions"]
        assert shown(Page(client, attempt)) == ("76543", [text])
        outdated.press("save", text=text)
        assert "have since answered this question in another tab" in outdated.html
        assert "76543" in outdated.html  # what is saved now
        assert attempt.responses.get(position=1).answer == {"text": "76543"}
        outdated.press("save", text="34567")
        assert attempt.responses.get(position=1).answer == {"text": "34567"}
        assert texts(attempt) == []

    @pytest.mark.parametrize("mode", [AttemptMode.PRACTICE, AttemptMode.TODAY])
    def test_text_beside_a_final_answer_is_shown_below_it(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        other = Page(client, attempt)
        Page(client, attempt).press("check", text="76543")
        told = other.save(text="12")
        assert told["kept"] == "final"
        other.press("check", text="12")
        assert "your first answer counts" in other.html
        assert shown(other)[1] == ["12"]
        assert attempt.responses.get(position=1).answer == {"text": "76543"}

    def test_answer_of_one_page_is_changed_by_itself_without_a_warning(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.EXAM)
        page = Page(client, attempt)
        about = dict(page.about)
        for text in ("1", "2"):
            page.about |= about  # as a page whose first save was not acknowledged
            assert page.save(text=text)["kept"] == "saved"
        assert attempt.responses.get(position=1).answer == {"text": "2"}


class TestButtons:
    def two_versions(self, client: Client, mode: str) -> tuple[Attempt, Page, int]:
        """Return an attempt, a page of it with text of its own, and the id of another page's draft."""
        attempt = begin(client, mode)
        page = Page(client, attempt)
        Page(client, attempt).save(text="abc")
        page.save(text="xyz")
        return attempt, page, Draft.objects.get(fields__text=["abc"]).pk

    @MODES
    def test_other_text_is_put_into_the_field(self, client: Client, mode: str) -> None:
        _attempt, page, pk = self.two_versions(client, mode)
        page.press(f"use-{pk}", text="xyz, too")
        assert shown(page) == ("abc", ["xyz, too"])
        page.press("next", text="abc and xyz")
        assert shown(Page(client, page.attempt)) == ("abc and xyz", ["xyz, too"])

    @MODES
    def test_other_text_is_put_into_the_field_of_a_page_that_was_not_saved(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        page = Page(client, attempt)
        Page(client, attempt).save(text="abc")
        page.press(f"use-{Draft.objects.get().pk}", text="xyz")
        assert shown(page) == ("abc", ["xyz"])

    @MODES
    def test_other_text_is_deleted_and_the_own_one_stays(self, client: Client, mode: str) -> None:
        attempt, page, pk = self.two_versions(client, mode)
        page.press(f"discard-{pk}-1", text="xyz, too")
        assert shown(page) == ("xyz, too", [])
        assert texts(attempt) == ["xyz, too"]

    def test_text_that_has_changed_since_is_not_deleted(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        other, page = Page(client, attempt), Page(client, attempt)
        other.save(text="abc")
        told = page.save(text="xyz")
        other.save(text="abcd")
        (delete,) = re.findall("discard-[0-9-]+", told["versions"])
        page.press(delete, text="xyz")
        assert shown(page) == ("xyz", ["abcd"])

    def test_text_is_deleted_to_make_room_for_that_of_the_page(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        for number in range(MAX_VERSIONS):
            Page(client, attempt).post({"text": f"abc {number}"})
        page = Page(client, attempt)
        page.about["based_on"] = ""
        page.press(f"discard-{Draft.objects.get(fields__text=['abc 3']).pk}-0", text="xyz")
        assert len(texts(attempt)) == MAX_VERSIONS
        assert set(texts(attempt)) >= {"xyz", "abc 2"}

    def test_valid_text_in_an_exam_is_saved_before_another_one_takes_its_place(self, client: Client) -> None:
        attempt, page, pk = self.two_versions(client, AttemptMode.EXAM)
        page.press(f"use-{pk}", text="76543")
        assert shown(page)[0] == "abc"
        assert attempt.responses.get(position=1).answer == {"text": "76543"}

    def test_text_from_before_the_follow_up_does_not_empty_its_answer(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, "open")
        outdated, page = Page(client, attempt), Page(client, attempt)
        page.press("save", text="Mine.")
        page.press("next", text="Mine.", follow_up="This.")
        outdated.save(text="Mine, too.")
        page = Page(client, attempt)
        page.press(f"use-{Draft.objects.get().pk}", text="Mine.", follow_up="This.")
        assert "Mine, too." in page.html and "This." in page.html

    def test_version_is_deleted_in_the_result_with_all_ticks_kept(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE, "open")
        other = Page(client, attempt)
        for position in (1, 2):
            Page(client, attempt, position).press("check", text="Mine.")
        other.save(text="Rosebud")
        client.post(reverse("hand-in", args=[attempt.public_id]))
        ticks = {"marks-1": "", "met-1": ["1"], "marks-2": "", "met-2": ["2"], "page": other.about["page"], "number": 9}
        data = ticks | {"go": f"discard-{Draft.objects.get().pk}-9"}
        left = client.post(page_of(attempt), data, follow=True)
        assert left.redirect_chain[-1][0] == f"{reverse('result', args=[attempt.public_id])}#question-1"
        assert "Rosebud" not in left.content.decode()
        kept = Draft.objects.order_by("response__position").values_list("part", "fields")
        assert list(kept) == [("marks", {"met": ["1"]}), ("marks", {"met": ["2"]})]

    @pytest.mark.parametrize(
        "go",
        ["use-1", f"use-{10**18 - 1}", "discard-0-1", "use-", "use-x", "discard-1", "discard-x-1", "use--1", "use-²"],
    )
    def test_unknown_ids_change_nothing(self, client: Client, go: str) -> None:
        attempt, page, _pk = self.two_versions(client, AttemptMode.PRACTICE)
        Draft.objects.filter(pk=1).delete()
        before = set(texts(attempt))
        page.press(go, text="xyz")
        assert set(texts(attempt)) == before


@pytest.fixture(params=["anonymous visitor", "a candidate", "staff"])
def other_client(request) -> Client:
    client = Client()
    if request.param != "anonymous visitor":
        client.force_login(UserFactory(is_staff=request.param == "staff", is_superuser=request.param == "staff"))
    return client


class TestAccess:
    def test_drafts_of_others_can_neither_be_written_nor_read(self, client: Client, other_client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        Page(client, attempt).save(text="Rosebud")
        before = Draft.objects.values().get()
        response = other_client.post(draft_url(attempt), {"text": "abc"})
        assert (response.status_code, response.json()) == (404, {"error": "login"})
        for name in ("time-left", "marks-drafts", "result"):
            address = reverse(name, args=[attempt.public_id])
            for answer in (other_client.get(address), other_client.post(address, {"marks-1": "", "met-1": "1"})):
                assert answer.status_code in (404, 405)
                assert b"Rosebud" not in answer.content
        for go in (f"discard-{before['id']}-1", f"use-{before['id']}"):
            assert other_client.post(page_of(attempt), {"go": go}).status_code == 404
        assert Draft.objects.values().get() == before

    @MODES
    @pytest.mark.parametrize("action", ["use-%d", "discard-%d-9"])
    def test_ids_of_drafts_of_others_have_no_effect_on_an_own_page(
        self, client: Client, other_client: Client, mode: str, action: str
    ) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text="Rosebud")
        before = Draft.objects.values().get()
        mine = visitor_attempt(other_client, make_question("numeric"), mode=mode)
        if other_client.session.get("_auth_user_id"):
            Attempt.objects.filter(pk=mine.pk).update(user=other_client.session["_auth_user_id"], visitor=None)
        page = Page(other_client, mine)
        page.press(action % before["id"], text="abc")
        assert shown(page) == ("abc", [])
        assert Draft.objects.filter(pk=before["id"]).values().get() == before

    def test_drafts_of_another_question_have_no_effect(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        Page(client, attempt, 2).save(text="Rosebud")
        for action in ("use-%d", "discard-%d-9"):
            Page(client, attempt).press(action % Draft.objects.get().pk, text="")
        assert texts(attempt, 2) == ["Rosebud"]

    def test_drafts_move_to_the_account_at_log_in(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        page = Page(client, attempt)
        page.save(text="abc")
        UserFactory(username="ada", password="a long walk")
        client.post(reverse("account_login"), {"login": "ada", "password": "a long walk"})
        page.save(text="abcd")
        assert shown(Page(client, attempt)) == ("abcd", [])
        assert Draft.objects.get().response.attempt.user.username == "ada"


def test_invalid_text_on_the_way_to_another_question_is_kept_and_said(client: Client) -> None:
    attempt = begin(client, AttemptMode.EXAM)
    left = client.post(page_of(attempt), Page(client, attempt).data({"text": "abc", "go": "next"}))
    assert left.url == page_of(attempt, 2)
    assert "Question 1 is not answered yet; your draft is saved." in messages_of(left)
    assert shown(Page(client, attempt)) == ("abc", [])
