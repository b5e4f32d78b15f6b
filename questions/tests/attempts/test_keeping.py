"""What becomes of what a page holds in each mode: the answer, a draft or neither; and what the end makes of drafts."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from questions.accounts.owners import Owner
from questions.attempts import drafts, keeping
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft, PageSave, stamp_of
from questions.attempts.keeping import Kept
from questions.attempts.models import Attempt, Response
from questions.attempts.versions import versions as versions_of
from questions.enums import AttemptMode
from questions.scheduling.models import Review
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = timedelta(minutes=10)
A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))
EXPLAINED_AT_ONCE = [AttemptMode.PRACTICE, AttemptMode.TODAY]
MODES = pytest.mark.parametrize("mode", AttemptMode.values)


def start(mode: str, *names: str, **options) -> Attempt:
    questions = [make_question(name) for name in names or ["numeric"]]
    owner = Owner(visitor=uuid.uuid4())
    return attempts.start(owner=owner, questions=questions, mode=mode, title="T", at=NOW, **options)


def response_of(attempt: Attempt) -> Response:
    return Response.objects.select_related("attempt", "revision").get(attempt=attempt, position=1)


def keep(
    attempt: Attempt,
    page: PageSave,
    *,
    at: datetime = NOW,
    is_outdated: bool = False,
    confidence: str = "",
    **fields: str,
) -> Kept:
    asked = asked_in(attempt)
    form, options = asked.form(fields), {"is_outdated": is_outdated, "confidence": confidence}
    return keeping.keep(asked=asked, form=form, page=page, at=at, **options)


def asked_in(attempt: Attempt) -> AskedQuestion:
    response = response_of(attempt)
    return AskedQuestion(response, drafts=list(response.drafts.all()))


def versions(attempt: Attempt) -> list[str]:
    return [version.text for version in versions_of(asked_in(attempt))]


def seen(attempt: Attempt) -> str:
    """Return the stamp of the answer."""
    return stamp_of(response_of(attempt))


def record(attempt: Attempt, text: str, **options) -> None:
    attempts.record_response(response=response_of(attempt), answer={"text": text}, at=NOW, **options)


class TestOpenQuestion:
    """Nothing is answered yet."""

    @MODES
    def test_valid_answer_is_the_answer_of_an_exam_and_a_draft_elsewhere(self, mode: str) -> None:
        attempt = start(mode)
        kept = keep(attempt, PageSave(A, 1), text="76543")
        is_exam = mode == AttemptMode.EXAM
        assert kept == (Kept.SAVED if is_exam else Kept.DRAFT)
        response = response_of(attempt)
        assert (response.is_answered, response.drafts.exists()) == (is_exam, not is_exam)
        assert response.fraction == (1 if is_exam else None)

    @MODES
    def test_invalid_text_is_a_draft(self, mode: str) -> None:
        attempt = start(mode)
        assert keep(attempt, PageSave(A, 1), text="abc") == Kept.DRAFT
        assert not response_of(attempt).is_answered
        assert Draft.objects.get().fields == {"text": ["abc"]}

    @MODES
    def test_blank_page_keeps_nothing(self, mode: str) -> None:
        attempt = start(mode)
        assert keep(attempt, PageSave(A, 1), text=" ") == Kept.SAVED
        assert not response_of(attempt).is_answered
        assert not Draft.objects.exists()

    @MODES
    def test_emptied_page_removes_its_draft_and_no_other(self, mode: str) -> None:
        attempt = start(mode)
        for page, text in ((A, "abc"), (B, "of another page")):
            keep(attempt, PageSave(page, 1), text=text)
        assert keep(attempt, PageSave(A, 2), text="") == Kept.SAVED
        assert Draft.objects.get().page == B

    @MODES
    def test_older_save_of_the_page_that_arrives_late_changes_nothing(self, mode: str) -> None:
        attempt = start(mode)
        for number, text in ((2, "76543 and"), (1, "76")):
            keep(attempt, PageSave(A, number), text=text)
        assert Draft.objects.get().fields == {"text": ["76543 and"]}

    def test_older_save_does_not_come_back_beside_the_exam_answer(self) -> None:
        attempt = start(AttemptMode.EXAM)
        keep(attempt, PageSave(A, 2), text="76543")
        for is_outdated in (False, True):
            assert keep(attempt, PageSave(A, 1), text="76", is_outdated=is_outdated) == Kept.SAVED
        assert response_of(attempt).answer == {"text": "76543"}
        assert not Draft.objects.exists()

    def test_nul_characters_are_left_out(self) -> None:
        attempt = start(AttemptMode.EXAM)
        assert keep(attempt, PageSave(A, 1), text="765\0x") == Kept.DRAFT
        assert Draft.objects.get().fields == {"text": ["765x"]}

    def test_text_without_a_page_is_kept_as_well(self) -> None:
        attempt = start(AttemptMode.PRACTICE)
        assert keep(attempt, PageSave(), text="abc") == Kept.DRAFT
        assert keep(attempt, PageSave(), text="") == Kept.SAVED
        assert Draft.objects.count() == 1


class TestAnsweredQuestion:
    @pytest.mark.parametrize(("text", "kept"), [("12", Kept.SAVED), ("abc", Kept.DRAFT), ("", Kept.SAVED)])
    def test_exam_answer_is_changed_or_removed_by_a_valid_page_only(self, text: str, kept: Kept) -> None:
        attempt = start(AttemptMode.EXAM)
        record(attempt, "76543")
        assert keep(attempt, PageSave(A, 1, seen=seen(attempt)), text=text) == kept
        assert response_of(attempt).answer == {"12": {"text": "12"}, "abc": {"text": "76543"}, "": None}[text]

    @pytest.mark.parametrize("text", ["12", "abc", ""])
    def test_interview_answer_stands_until_the_page_is_submitted(self, text: str) -> None:
        attempt = start(AttemptMode.INTERVIEW)
        record(attempt, "76543")
        assert keep(attempt, PageSave(A, 1, seen=seen(attempt)), text=text) == Kept.DRAFT
        assert response_of(attempt).answer == {"text": "76543"}
        assert Draft.objects.get().fields == {"text": [text]}

    @pytest.mark.parametrize("mode", EXPLAINED_AT_ONCE)
    @pytest.mark.parametrize(("text", "kept"), [("12", Kept.FINAL), ("abc", Kept.FINAL), ("", Kept.SAVED)])
    def test_final_answer_stands_and_other_text_stays_beside_it(self, mode: str, text: str, kept: Kept) -> None:
        attempt = start(mode)
        record(attempt, "76543")
        assert keep(attempt, PageSave(A, 1), text=text, is_outdated=True) == kept
        assert response_of(attempt).answer == {"text": "76543"}
        assert [draft.fields["text"] for draft in Draft.objects.all()] == [[text]] * bool(text)

    @MODES
    def test_same_answer_leaves_no_draft(self, mode: str) -> None:
        attempt = start(mode)
        keep(attempt, PageSave(A, 1), text="7654")
        record(attempt, "76543", page=PageSave(B, 1))
        assert keep(attempt, PageSave(A, 2), text="76543", is_outdated=True) == Kept.SAVED
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("mode", [AttemptMode.EXAM, AttemptMode.INTERVIEW])
    @pytest.mark.parametrize("text", ["12", "abc"])
    def test_outdated_page_stays_beside_the_newer_answer(self, mode: str, text: str) -> None:
        attempt = start(mode)
        record(attempt, "76543", page=PageSave(B, 1))
        assert keep(attempt, PageSave(A, 1), text=text, is_outdated=True) == Kept.BESIDE
        asked = asked_in(attempt)
        assert (asked.response.answer, asked.draft) == ({"text": "76543"}, None)
        assert [version.text for version in versions_of(asked)] == [text]


class TestEndedAttempt:
    @MODES
    @pytest.mark.parametrize("end", [attempts.submit, attempts.abandon])
    def test_late_text_is_kept_and_does_not_count(self, mode: str, end) -> None:
        attempt = start(mode, "numeric", "numeric")
        record(attempt, "76543", page=PageSave(B, 1))
        end(attempt=attempt, at=NOW)
        assert keep(attempt, PageSave(A, 1), text="12", is_outdated=True) == Kept.LATE
        assert keep(attempt, PageSave(C, 1), text="76543", is_outdated=True) == Kept.SAVED
        assert (response_of(attempt).answer, versions(attempt)) == ({"text": "76543"}, ["12"])

    def test_exam_is_saved_within_the_grace_period_and_not_after(self) -> None:
        attempt = start(AttemptMode.EXAM, time_limit=LIMIT)
        deadline, grace = NOW + LIMIT, settings.DEADLINE_GRACE
        assert keep(attempt, PageSave(A, 1), text="1", at=deadline + grace / 2) == Kept.SAVED
        assert keep(attempt, PageSave(A, 2), text="2", at=deadline + grace) == Kept.LATE
        response = response_of(attempt)
        assert (response.answer, response.answered_at) == ({"text": "1"}, deadline)

    def test_saves_of_the_grace_period_are_told_apart_by_their_numbers(self) -> None:
        attempt = start(AttemptMode.EXAM, time_limit=LIMIT)
        in_grace = NOW + LIMIT + settings.DEADLINE_GRACE / 2
        for number, text in ((1, "1"), (3, "3")):
            stale = response_of(attempt)
            keep(attempt, PageSave(A, number), text=text, at=in_grace)
        attempts.record_response(response=stale, answer={"text": "2"}, page=PageSave(A, 2), at=in_grace)
        assert response_of(attempt).answer == {"text": "3"}

    def test_session_keeps_unanswered_questions_with_drafts_and_drops_the_others(self) -> None:
        attempt = start(AttemptMode.TODAY, "numeric", "numeric", "numeric")
        record(attempt, "76543")
        drafts.save(response=attempt.responses.get(position=3), page=PageSave(A, 1), fields={"text": ["7"]}, at=NOW)
        assert attempts.finish(attempt=attempt, at=NOW) == attempt
        assert [response.position for response in attempt.responses.all()] == [1, 3]

    def test_session_without_answers_and_drafts_is_deleted(self) -> None:
        untouched, sure, typed = (start(AttemptMode.TODAY) for _ in range(3))
        keep(sure, PageSave(A, 1), text="", confidence="sure")
        keep(typed, PageSave(A, 1), text="abc")
        assert Draft.objects.count() == 2
        assert attempts.finish(attempt=untouched, at=NOW) is None
        assert attempts.finish(attempt=sure, at=NOW) is None
        assert attempts.finish(attempt=typed, at=NOW) == typed
        assert versions(typed) == ["abc"]


class TestAdopt:
    """What an interview makes of its drafts at the end."""

    def interview(self, *saves: tuple[str, int], name: str = "numeric") -> Attempt:
        """Return an interview with drafts of different pages: their texts, and the seconds after which they came."""
        attempt = start(AttemptMode.INTERVIEW, name, time_limit=LIMIT)
        for number, (text, after) in enumerate(saves, 1):
            keep(attempt, PageSave(uuid.UUID(int=number), 1), text=text, at=NOW + timedelta(seconds=after))
        return attempt

    @pytest.mark.parametrize(("name", "fraction"), [("numeric", 1), ("open", None)])
    def test_last_draft_becomes_the_answer_and_older_ones_stay_visible(self, name: str, fraction) -> None:
        attempt = self.interview(("12", 1), ("76543", 2), name=name)
        attempts.submit(attempt=attempt, at=NOW + timedelta(seconds=30))
        response = response_of(attempt)
        assert (response.answer["text"], response.fraction) == ("76543", fraction)
        assert response.answered_at == NOW + timedelta(seconds=2)
        assert versions(attempt) == ["12"]
        assert Review.objects.count() == (name == "numeric")

    def test_last_valid_draft_counts_and_the_invalid_one_stays_visible(self) -> None:
        attempt = self.interview(("76543", 1), ("abc", 2))
        attempts.submit(attempt=attempt, at=NOW + timedelta(seconds=30))
        assert response_of(attempt).answer == {"text": "76543"}
        assert versions(attempt) == ["abc"]

    @pytest.mark.parametrize("close", ["close_if_due", "close_overdue", "submit"])
    def test_answer_is_not_later_than_the_deadline(self, close: str) -> None:
        in_grace = LIMIT + settings.DEADLINE_GRACE / 2
        attempt = self.interview(("76543", int(in_grace.total_seconds())))
        at = NOW + LIMIT + settings.DEADLINE_GRACE
        if close == "close_overdue":
            attempts.close_overdue(owner=attempt.owner, at=at)
        else:
            getattr(attempts, close)(attempt=attempt, at=at)
        response = response_of(attempt)
        assert (response.answer, response.answered_at) == ({"text": "76543"}, NOW + LIMIT)

    def test_draft_that_knew_an_older_answer_stays_beside(self) -> None:
        attempt = self.interview(("12", 1))
        record(attempt, "76543", page=PageSave(B, 1))
        attempts.submit(attempt=attempt, at=NOW)
        assert response_of(attempt).answer == {"text": "76543"}
        assert versions(attempt) == ["12"]

    @pytest.mark.parametrize("fields", [{"text": ""}, {"text": "", "follow_up": ""}])
    def test_emptied_page_does_not_remove_the_answer(self, fields: dict[str, str]) -> None:
        attempt = self.interview(name="open")
        answer = {"text": "Mine.", "aloud": False, "follow_ups": {"0": "This."}}
        attempts.record_response(response=response_of(attempt), answer=answer, at=NOW)
        keep(attempt, PageSave(A, 1, seen=seen(attempt)), **fields)
        attempts.submit(attempt=attempt, at=NOW)
        assert response_of(attempt).answer == answer

    def test_draft_of_a_page_without_the_follow_up_keeps_its_answer(self) -> None:
        attempt = self.interview(name="open")
        answer = {"text": "Mine.", "aloud": False, "follow_ups": {"0": "This."}}
        attempts.record_response(response=response_of(attempt), answer=answer, at=NOW)
        keep(attempt, PageSave(A, 1), text="Mine, too.", is_outdated=True)
        drafts.use(response=response_of(attempt), pk=Draft.objects.get().pk, at=NOW)
        attempts.submit(attempt=attempt, at=NOW)
        assert response_of(attempt).answer == answer | {"text": "Mine, too."}

    @pytest.mark.parametrize("mode", [*EXPLAINED_AT_ONCE, AttemptMode.EXAM])
    def test_drafts_of_other_modes_do_not_count(self, mode: str) -> None:
        attempt = start(mode)
        keep(attempt, PageSave(A, 1), text="76543", is_outdated=True)
        attempts.submit(attempt=attempt, at=NOW)
        assert not response_of(attempt).is_answered
        assert versions(attempt) == ["76543"]
