"""Drafts: each page has its own, and only a page that was based on a draft replaces it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from questions.accounts.owners import Owner
from questions.attempts import drafts
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft, PageSave, stamp_of
from questions.attempts.models import Response
from questions.attempts.versions import versions
from questions.enums import AttemptMode
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def response() -> Response:
    return start()


def start(name: str = "short_answer", mode: str = AttemptMode.PRACTICE) -> Response:
    """Return the response to the question of a new attempt."""
    owner, questions = Owner(visitor=uuid.uuid4()), [make_question(name)]
    attempt = attempts.start(owner=owner, questions=questions, mode=mode, title="T", at=NOW)
    return attempt.responses.select_related("revision").get()


def save(response: Response, page: PageSave, text: str, *, after: int = 0, **options) -> None:
    """Save the text as the draft of the page, `after` seconds."""
    at = NOW + timedelta(seconds=after)
    drafts.save(response=response, page=page, fields={"text": [text]}, at=at, **options)


def texts(response: Response) -> set[str]:
    return {draft.fields["text"][0] for draft in response.drafts.all()}


def shown(response: Response) -> AskedQuestion:
    """Return the question as a page would show it now."""
    return AskedQuestion(response, drafts=list(response.drafts.all()))


class TestSave:
    def test_later_save_of_a_page_replaces_its_draft(self, response: Response) -> None:
        save(response, PageSave(A, 1), "one")
        save(response, PageSave(A, 2, seen="stamp"), "two", after=5)
        draft = Draft.objects.get()
        assert (draft.fields, draft.number, draft.seen) == ({"text": ["two"]}, 2, "stamp")
        assert draft.saved_at == NOW + timedelta(seconds=5)

    def test_older_save_that_arrives_late_changes_nothing(self, response: Response) -> None:
        save(response, PageSave(A, 2), "two")
        before = Draft.objects.values().get()
        save(response, PageSave(A, 1), "one", after=5)
        assert Draft.objects.values().get() == before

    def test_repeated_save_changes_only_the_time(self, response: Response) -> None:
        for _ in range(2):
            save(response, PageSave(A, 1), "one")
        assert Draft.objects.count() == 1

    def test_two_pages_keep_both_texts(self, response: Response) -> None:
        save(response, PageSave(A, 1), "from A")
        save(response, PageSave(B, 1), "from B", after=1)
        assert texts(response) == {"from A", "from B"}
        assert shown(response).draft.fields == {"text": ["from B"]}
        assert [version.text for version in versions(shown(response))] == ["from A"]

    def test_page_replaces_the_draft_that_it_was_based_on(self, response: Response) -> None:
        save(response, PageSave(A, 3), "from A")
        save(response, PageSave(B, 1, based_on=((A, 3),)), "from A, and more")
        assert texts(response) == {"from A, and more"}

    def test_draft_that_has_changed_since_stays(self, response: Response) -> None:
        save(response, PageSave(A, 4), "changed since")
        save(response, PageSave(B, 1, based_on=((A, 3),)), "from B")
        assert texts(response) == {"changed since", "from B"}

    def test_page_can_be_based_on_several_drafts(self, response: Response) -> None:
        save(response, PageSave(A, 1), "from A")
        save(response, PageSave(B, 1), "from B")
        save(response, PageSave(C, 1, based_on=((A, 1), (B, 1))), "both")
        assert texts(response) == {"both"}

    def test_page_that_is_based_on_itself_keeps_its_draft(self, response: Response) -> None:
        save(response, PageSave(A, 1, based_on=((A, 5),)), "from A")
        assert texts(response) == {"from A"}

    def test_save_without_a_page_overwrites_nothing(self, response: Response) -> None:
        for text in ("one", "two"):
            save(response, PageSave(), text)
        assert texts(response) == {"one", "two"}

    def test_drafts_of_other_questions_and_parts_stay(self, response: Response) -> None:
        other = start()
        save(other, PageSave(A, 1), "elsewhere")
        save(response, PageSave(A, 1), "ticks", part=Draft.Part.MARKS)
        save(response, PageSave(B, 1, based_on=((A, 1),)), "from B")
        assert texts(other) == {"elsewhere"}
        assert texts(response) == {"ticks", "from B"}


class TestLimits:
    def test_one_page_too_many_is_refused(self, response: Response) -> None:
        for _ in range(drafts.MAX_VERSIONS):
            save(response, PageSave(uuid.uuid4(), 1), "kept")
        with pytest.raises(drafts.TooMuch):
            save(response, PageSave(A, 1), "refused")
        assert texts(response) == {"kept"}

    def test_oldest_ticks_go_if_there_are_too_many(self, response: Response) -> None:
        for number in range(drafts.MAX_VERSIONS + 2):
            save(response, PageSave(uuid.uuid4(), 1), str(number), after=number, part=Draft.Part.MARKS)
        assert texts(response) == {str(number) for number in range(2, drafts.MAX_VERSIONS + 2)}

    def test_page_may_replace_one_of_the_most_that_there_may_be(self, response: Response) -> None:
        for number in range(drafts.MAX_VERSIONS):
            save(response, PageSave(uuid.UUID(int=number + 1), 1), f"text {number}")
        save(response, PageSave(uuid.uuid4(), 1, based_on=((A, 1),)), "text 0, and more")
        assert "text 0, and more" in texts(response)
        assert response.drafts.count() == drafts.MAX_VERSIONS

    def test_refused_save_leaves_the_draft_that_it_was_based_on(self, response: Response) -> None:
        for number in range(drafts.MAX_VERSIONS + 1):
            Draft.objects.create(
                response=response, page=uuid.UUID(int=number + 1), fields={"text": ["x"]}, saved_at=NOW
            )
        with pytest.raises(drafts.TooMuch):
            save(response, PageSave(uuid.uuid4(), 1, based_on=((A, 1),)), "refused")
        assert response.drafts.count() == drafts.MAX_VERSIONS + 1

    def test_text_may_be_long_but_not_too_long(self, response: Response) -> None:
        save(response, PageSave(A, 1), "x" * drafts.MAX_CHARACTERS)
        with pytest.raises(drafts.TooMuch):
            save(response, PageSave(A, 2), "x" * (drafts.MAX_CHARACTERS + 1))
        assert texts(response) == {"x" * drafts.MAX_CHARACTERS}


class TestDiscard:
    def test_drafts_of_the_page_and_its_bases_go(self, response: Response) -> None:
        for page in (A, B, C):
            save(response, PageSave(page, 1), "text")
        drafts.discard(response=response, page=PageSave(B, 2, based_on=((A, 1),)))
        assert [draft.page for draft in response.drafts.all()] == [C]

    @pytest.mark.parametrize("page", [PageSave(A, 3), PageSave(B, 1, based_on=((A, 3),)), PageSave()])
    def test_later_draft_stays(self, response: Response, page: PageSave) -> None:
        save(response, PageSave(A, 4), "later")
        drafts.discard(response=response, page=page)
        assert texts(response) == {"later"}


class TestDelete:
    def test_draft_and_those_with_the_same_text_go(self, response: Response) -> None:
        for page, text in ((A, "same"), (B, "same"), (C, "other")):
            save(response, PageSave(page, 1), text)
        save(response, PageSave(A, 1), "same", part=Draft.Part.MARKS)
        drafts.delete(response=response, pk=response.drafts.of_answers().get(page=A).pk, number=1)
        assert [(draft.page, draft.part) for draft in response.drafts.order_by("part")] == [(C, "answer"), (A, "marks")]

    def test_draft_that_has_changed_since_stays(self, response: Response) -> None:
        save(response, PageSave(A, 4), "later")
        drafts.delete(response=response, pk=Draft.objects.get().pk, number=3)
        assert texts(response) == {"later"}


class TestUse:
    @pytest.mark.parametrize("order", [(A, B), (B, A)])
    def test_used_draft_is_shown_instead_of_what_the_page_has_saved(self, response: Response, order) -> None:
        for page in order:
            save(response, PageSave(page, 1, seen="long ago"), f"from {page.int}")
        wanted = response.drafts.get(page=A)
        response.drafts.filter(page=B).update(saved_at=NOW, seen=stamp_of(response))
        drafts.use(response=response, pk=wanted.pk, at=NOW)
        assert shown(response).draft.pk == wanted.pk
        assert [version.text for version in versions(shown(response))] == ["from 2"]

    def test_draft_of_another_question_is_not_used(self, response: Response) -> None:
        other = start()
        save(other, PageSave(A, 1, seen="long ago"), "elsewhere")
        drafts.use(response=response, pk=other.drafts.get().pk, at=NOW + timedelta(hours=1))
        assert other.drafts.get().saved_at == NOW


class TestModel:
    @pytest.mark.parametrize("change", [{"page": A}, {"page": B, "part": "other"}])
    def test_database_refuses_a_second_draft_of_a_page_and_an_unknown_part(self, response: Response, change) -> None:
        save(response, PageSave(A, 1), "one")
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.create(response=response, saved_at=NOW, **change)

    def test_drafts_go_with_their_response(self, response: Response) -> None:
        save(response, PageSave(A, 1), "one")
        response.attempt.delete()
        assert not Draft.objects.exists()

    def test_name_tells_nothing_of_the_text(self, response: Response) -> None:
        save(response, PageSave(A, 1), "rosebud")
        assert "rosebud" not in str(response.drafts.get())
