"""Bringing one's data: into another account or another site, twice, and out of a file that somebody has made up."""

import json
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.attempts.versions import versions
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import Topic
from questions.notes.models import Bookmark, Note
from questions.personal_data import deletion
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import StudyPlan
from questions.tests.factories import make_question
from questions.tests.personal_data.importer_steps import LATER, download, import_data, owner_of_a_user
from questions.tests.personal_data.steps import empty
from questions.tests.personal_data_factories import AT, MARK, Bank, fill, taken

pytestmark = pytest.mark.django_db


def essence(document: dict) -> dict:
    """The document without what does not come: how exams that ran have ended, and what was earned in them or, for the
    first question, by grading anew."""
    data = {name: document[name] for name in ("plan", "reviews", "cards", "notes", "bookmarks")}
    data["asked"] = [(one["question"], one["digest"]) for one in document["revisions"]]
    names = ("title", "mode", "started_at", "deadline_at", "closing_question")
    data["attempts"] = [
        {name: one[name] for name in names} | {"seed": one["seed"] or 0} for one in document["attempts"]
    ]
    data["answers"] = [
        place | ({} if one["mode"] == "practice" and place["revision"] else {"fraction": None})
        for one in document["attempts"]
        for place in one["responses"]
    ]
    return data


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["user", "visitor"])
    def test_import_into_another_account(self, bank: Bank, document: dict, kind: str) -> None:
        owner = owner_of_a_user() if kind == "user" else Owner(visitor=uuid.uuid4())
        summary = import_data(owner, document)
        assert summary.imported == Counter(
            plan=1, attempts=5, answers=20, drafts=2, reviews=14, cards=9, notes=3, bookmarks=3
        )
        assert +summary.skipped == Counter(reports=2)
        assert not +summary.unchanged
        assert essence(download(owner)) == essence(document)
        assert "Rosebud asks why." in [one["closing_question"] for one in essence(document)["attempts"]]
        assert set(Attempt.objects.owned_by(owner).values_list("imported_at", flat=True)) == {LATER}

    def test_import_after_the_account_was_deleted(self, bank: Bank, document: dict) -> None:
        deletion.delete(owner=Owner(visitor=Attempt.objects.first().visitor))
        owner = owner_of_a_user()
        import_data(owner, document)
        ids = {str(public_id) for public_id in Attempt.objects.owned_by(owner).values_list("public_id", flat=True)}
        assert ids == {one["public_id"] for one in document["attempts"]}

    def test_site_with_the_same_content_but_no_revisions_imports_the_answers(self, bank: Bank, document: dict) -> None:
        deletion.delete(owner=Owner(visitor=Attempt.objects.first().visitor))
        QuestionReport.objects.all().delete()
        Question.objects.get(pk=bank.questions[0].pk).regrades.all().delete()
        QuestionRevision.objects.all().delete()
        summary = import_data(owner_of_a_user(), document)
        assert summary.skipped["unknown"] == 5  # what the first question said before it was corrected
        assert summary.imported["answers"] == 15
        assert set(QuestionRevision.objects.values_list("digest", flat=True)) < {
            one["digest"] for one in document["revisions"]
        }

    def test_drafts_are_shown_with_the_result(self, document: dict) -> None:
        owner = owner_of_a_user()
        import_data(owner, document)
        response = Response.objects.owned_by(owner).get(drafts__part="answer")
        asked = AskedQuestion(response, drafts=list(response.drafts.all()))
        assert [version.text for version in versions(asked)] == [f"{MARK}, I would say."]
        assert asked.marks_draft.fields == {"met": ["1"]}

    def test_file_without_drafts_is_imported(self, document: dict) -> None:
        for attempt in document["attempts"]:
            for response in attempt["responses"]:
                del response["drafts"]
        assert import_data(owner_of_a_user(), document).imported["answers"] == 20
        assert not Draft.objects.filter(response__attempt__user__isnull=False).exists()

    def test_site_without_the_questions_skips_everything(self, document: dict) -> None:
        document = json.loads(json.dumps(document).replace('"topic-', '"elsewhere-'))
        owner = owner_of_a_user()
        summary = import_data(owner, document)
        assert +summary.imported == Counter(plan=1)
        assert +summary.skipped == Counter(
            unknown=20, attempts=5, reviews=14, cards=9, notes=3, bookmarks=3, topics=1, reports=2
        )
        assert not StudyPlan.objects.owned_by(owner).get().topics.exists()

    def test_card_state_is_rebuilt_from_the_reviews(self, bank: Bank, document: dict) -> None:
        for card in document["cards"]:
            card["memory"] = None
        owner = owner_of_a_user()
        import_data(owner, document)
        theirs = Card.objects.filter(visitor__isnull=False).order_by("question")
        assert [card.memory for card in Card.objects.owned_by(owner).order_by("question")] == [
            card.memory for card in theirs
        ]

    def test_reviews_keep_their_responses(self, bank: Bank, document: dict) -> None:
        owner = owner_of_a_user()
        import_data(owner, document)
        for review in Review.objects.owned_by(owner).select_related("response__revision", "response__attempt"):
            assert review.response.attempt.owner == owner
            assert review.response.revision.question_id == review.question_id
            assert review.response.answered_at == review.at


class TestTwice:
    def test_second_import_changes_nothing(self, document: dict) -> None:
        owner = owner_of_a_user()
        import_data(owner, document)
        before = download(owner)
        summary = import_data(owner, document, at=LATER + timedelta(hours=1))
        assert not +summary.imported
        assert summary.unchanged == Counter(plan=1, attempts=5, reviews=14, cards=9, notes=3, bookmarks=3)
        assert download(owner) == before

    def test_import_of_own_current_data_changes_nothing(self, bank: Bank) -> None:
        owner = owner_of_a_user()
        fill(owner, bank)
        before = download(owner)
        assert not +import_data(owner, before).imported
        assert download(owner) == before

    def test_later_file_adds_only_new_data(self, bank: Bank) -> None:
        theirs, owner = Owner(visitor=uuid.uuid4()), owner_of_a_user()
        taken(theirs, bank.questions[:2])
        import_data(owner, download(theirs))
        taken(theirs, bank.questions[:3], at=AT + timedelta(days=1))
        summary = import_data(owner, download(theirs))
        assert +summary.imported == Counter(attempts=1, answers=3, reviews=3, cards=1)
        assert +summary.unchanged == Counter(attempts=1, reviews=2, cards=2)

    def test_two_accounts_get_separate_attempts(self, document: dict) -> None:
        first, second = owner_of_a_user(), owner_of_a_user()
        import_data(first, document)
        import_data(second, document)
        assert Attempt.objects.owned_by(first).count() == Attempt.objects.owned_by(second).count() == 5
        assert not +import_data(first, document).imported

    def test_attempt_is_skipped_if_both_ids_are_taken(self, document: dict) -> None:
        owner, public_id = owner_of_a_user(), uuid.UUID(document["attempts"][0]["public_id"])
        others_id = uuid.uuid5(public_id, str(owner.user_id))
        taken(Owner(visitor=uuid.uuid4()), [make_question()], public_id=others_id)
        assert import_data(owner, document).unchanged["attempts"] == 1


class TestExistingData:
    def test_existing_plan_and_card_status_stay(self, bank: Bank, document: dict) -> None:
        owner = owner_of_a_user()
        StudyPlan.objects.create(**owner.fields, minutes=77, begun_on=AT.date(), updated_at=AT)
        Card.objects.create(**owner.fields, question=bank.questions[0], status="suspended")
        summary = import_data(owner, document)
        assert StudyPlan.objects.owned_by(owner).get().minutes == 77
        card = Card.objects.owned_by(owner).get(question=bank.questions[0])
        assert card.status == "suspended" and card.memory is not None
        assert summary.unchanged == Counter(plan=1, cards=1)

    def test_note_is_appended_once(self, bank: Bank, document: dict) -> None:
        owner = owner_of_a_user()
        Note.objects.create(**owner.fields, guide=bank.faq.guide, text="Mine.", written_at=LATER)
        import_data(owner, document)
        note = Note.objects.owned_by(owner).get(guide=bank.faq.guide)
        assert note.text == f"Mine.\n\n{MARK}: see guide."
        assert note.written_at == LATER
        import_data(owner, document)
        note.refresh_from_db()
        assert note.text == f"Mine.\n\n{MARK}: see guide."

    def test_note_that_would_be_too_long_stays(self, bank: Bank, document: dict) -> None:
        owner = owner_of_a_user()
        Note.objects.create(**owner.fields, guide=bank.faq.guide, text="x" * 9_990, written_at=AT)
        assert import_data(owner, document).skipped["long"] == 1
        assert Note.objects.owned_by(owner).get(guide=bank.faq.guide).text == "x" * 9_990

    def test_existing_review_of_a_day_stays(self, bank: Bank) -> None:
        theirs, owner = Owner(visitor=uuid.uuid4()), owner_of_a_user()
        taken(theirs, bank.questions[:1])
        taken(owner, bank.questions[:1], at=AT + timedelta(hours=1))
        summary = import_data(owner, download(theirs))
        assert summary.unchanged["reviews"] == 1
        assert Review.objects.owned_by(owner).get().at == AT + timedelta(hours=1, seconds=1)

    def test_undone_review_is_not_restored(self, bank: Bank) -> None:
        owner = owner_of_a_user()
        taken(owner, bank.questions[:1])
        document = download(owner)
        Review.objects.update(undone_at=LATER)
        assert import_data(owner, document).unchanged["reviews"] == 1
        assert Review.objects.get().undone_at == LATER


def test_topics_bookmarks_and_answers_are_counted_in_words(document: dict) -> None:
    owner = owner_of_a_user()
    Bookmark.objects.create(**owner.fields, guide=Topic.objects.first().guide, marked_at=AT)
    summary = import_data(owner, document)
    assert summary.imported_message() == (
        "Imported: the study plan, 5 quizzes, 20 answers, 2 drafts, 14 "
        "reviews, the review schedule of 9 questions, 3 notes and 2 "
        "bookmarks."
    )
    assert summary.skipped_message() == (
        "Already here and unchanged: 1 bookmark. Not imported: 2 problem "
        "reports, which stay on the site where you made them."
    )
    assert import_data(owner, document).imported_message().startswith("Nothing was imported: you already have")
    assert import_data(owner, empty()).skipped_message() == ""
