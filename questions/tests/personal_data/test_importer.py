"""Import of personal data: into other accounts and sites, repeatedly, and from untrusted files."""

import json
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import Topic
from questions.enums import AttemptStatus
from questions.notes.models import Bookmark, Note
from questions.personal_data import deletion, importer
from questions.personal_data.archive_reader import Unreadable, read
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import StudyPlan
from questions.tests.factories import QuizFactory, UserFactory, make_question
from questions.tests.personal_data.steps import empty, with_change
from questions.tests.personal_data.strategies import json_values
from questions.tests.personal_data.test_exporter import data_of, exported
from questions.tests.personal_rows import AT, MARK, Bank, fill, make_bank, taken

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=10)


def owner_of_a_user() -> Owner:
    return Owner(user_id=UserFactory().pk)


def download(owner: Owner, at=LATER) -> dict:
    """Return the owner's data.json, parsed."""
    return data_of(exported(owner, at=at))


def import_data(owner: Owner, document: dict, at=LATER) -> importer.ImportSummary:
    return importer.import_data(owner=owner, data=read(json.dumps(document).encode()), at=at)


def essence(document: dict) -> dict:
    """Return the document without what an import changes.

    That is the end of exams in progress, the fractions earned in them, and those of the regraded first question.
    """
    data = {name: document[name] for name in ("plan", "reviews", "cards", "notes", "bookmarks")}
    data["asked"] = [(one["question"], one["digest"]) for one in document["revisions"]]
    names = ("title", "mode", "started_at", "deadline_at")
    data["attempts"] = [
        {name: one[name] for name in names} | {"seed": one["seed"] or 0} for one in document["attempts"]
    ]
    data["answers"] = [
        place | ({} if one["mode"] == "practice" and place["revision"] else {"fraction": None})
        for one in document["attempts"]
        for place in one["responses"]
    ]
    return data


@pytest.fixture
def bank() -> Bank:
    return make_bank()


@pytest.fixture
def document(bank: Bank) -> dict:
    """Return the data that an owner downloaded before moving to another site."""
    leaver = Owner(visitor=uuid.uuid4())
    fill(leaver, bank)
    return download(leaver)


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["user", "visitor"])
    def test_import_into_another_account(self, bank: Bank, document: dict, kind: str) -> None:
        owner = owner_of_a_user() if kind == "user" else Owner(visitor=uuid.uuid4())
        summary = import_data(owner, document)
        assert summary.imported == Counter(plan=1, attempts=5, answers=19, reviews=13, cards=8, notes=3, bookmarks=3)
        assert +summary.skipped == Counter(reports=2)
        assert not +summary.unchanged
        assert essence(download(owner)) == essence(document)
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
        assert summary.skipped["unknown"] == 5  # answers to the revision before the correction
        assert summary.imported["answers"] == 14
        assert set(QuestionRevision.objects.values_list("digest", flat=True)) < {
            one["digest"] for one in document["revisions"]
        }

    def test_site_without_the_questions_skips_everything(self, document: dict) -> None:
        document = json.loads(json.dumps(document).replace('"topic-', '"elsewhere-'))
        owner = owner_of_a_user()
        summary = import_data(owner, document)
        assert +summary.imported == Counter(plan=1)
        assert +summary.skipped == Counter(
            unknown=19, attempts=5, reviews=13, cards=8, notes=3, bookmarks=3, topics=1, reports=2
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
        assert summary.unchanged == Counter(plan=1, attempts=5, reviews=13, cards=8, notes=3, bookmarks=3)
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


class TestUntrustedFile:
    def test_answers_are_graded_again(self, bank: Bank, document: dict) -> None:
        for attempt in document["attempts"]:
            for place in attempt["responses"]:
                place["fraction"] = 1.0 if place["answer"] else None
        owner = owner_of_a_user()
        import_data(owner, document)
        first = bank.questions[0]
        mine = Response.objects.owned_by(owner)
        assert set(mine.to_question(first).values_list("fraction", flat=True)) == {0.0}
        assert set(Review.objects.owned_by(owner).filter(question=first).values_list("fraction", flat=True)) == {0.0}
        assert mine.filter(fraction=1).exists()

    def test_answer_to_an_unknown_revision_is_skipped(self, document: dict) -> None:
        document["revisions"][0]["digest"] = "0" * 64
        owner = owner_of_a_user()
        summary = import_data(owner, document)
        assert (summary.skipped["unknown"], summary.imported["answers"]) == (5, 14)
        assert Response.objects.owned_by(owner).filter(position=1).count() == 5

    @pytest.mark.parametrize(
        "change", [{"answer": {"chosen": [7]}}, {"answer": {"text": "x"}}, {"option_order": [0]}, {"answer": [1]}]
    )
    def test_answer_that_does_not_fit_is_skipped(self, document: dict, change: dict) -> None:
        document["attempts"][0]["responses"][0] |= change
        owner = owner_of_a_user()
        summary = import_data(owner, document)
        assert (summary.skipped["misfit"], summary.imported["answers"]) == (1, 18)
        places = Attempt.objects.owned_by(owner).get(seed=document["attempts"][0]["seed"]).responses
        assert list(places.values_list("position", flat=True)) == list(range(1, 8))

    def test_exams_and_interviews_in_progress_become_abandoned(self, document: dict) -> None:
        owner = owner_of_a_user()
        import_data(owner, document)
        found = Attempt.objects.owned_by(owner).order_by("started_at", "pk")
        assert [(one.mode, one.status) for one in found] == [
            ("practice", AttemptStatus.SUBMITTED),
            ("practice", AttemptStatus.IN_PROGRESS),
            ("exam", AttemptStatus.SUBMITTED),
            ("exam", AttemptStatus.ABANDONED),
            ("interview", AttemptStatus.ABANDONED),
        ]
        assert found.last().submitted_at == LATER

    def test_future_entries_are_skipped(self, bank: Bank, document: dict) -> None:
        owner = owner_of_a_user()
        summary = import_data(owner, document, at=AT + timedelta(hours=2))
        assert summary.imported["attempts"] == 1
        assert summary.skipped["future"] == 4 + 5
        assert set(Review.objects.owned_by(owner).values_list("day", flat=True)) == {date(2025, 3, 1)}

    def test_problem_reports_are_skipped(self, document: dict) -> None:
        before = QuestionReport.objects.count()
        import_data(owner_of_a_user(), document)
        assert QuestionReport.objects.count() == before

    def test_unknown_zone_becomes_utc_and_known_quiz_is_linked(self, bank: Bank, document: dict) -> None:
        quiz = QuizFactory()
        document["plan"]["zone"] = "Nowhere/At_all"
        document["attempts"][0]["quiz"] = quiz.slug
        document["attempts"][1]["quiz"] = "of-another-site"
        owner = owner_of_a_user()
        import_data(owner, document)
        assert StudyPlan.objects.owned_by(owner).get().zone == "UTC"
        assert list(Attempt.objects.owned_by(owner).order_by("started_at").values_list("quiz", flat=True)[:2]) == [
            quiz.pk,
            None,
        ]

    def test_rows_of_others_do_not_change(self, bank: Bank, document: dict) -> None:
        other = Owner(visitor=Attempt.objects.first().visitor)
        before = download(other)
        for one in document["notes"]:
            one["text"] = "Changed."
        for one in document["cards"]:
            one["status"] = "suspended"
        import_data(owner_of_a_user(), document)
        assert download(other) == before

    def test_many_revisions_are_looked_up_in_batches(self) -> None:
        question = make_question()
        revisions = [
            {"question": [question.topic.slug, question.slug], "digest": f"{number:064d}", "content": None}
            for number in range(1200)
        ]
        assert not +import_data(owner_of_a_user(), empty(revisions=revisions)).imported

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(number=st.integers(0, 10_000), change=json_values)
    def test_tampered_file_is_imported_or_reported(self, document, number: int, change) -> None:
        content = json.dumps(with_change(document, number, change)).encode(errors="surrogatepass")
        owner = Owner(visitor=uuid.uuid4())
        try:
            found = read(content)
        except Unreadable:
            return
        importer.import_data(owner=owner, data=found, at=LATER)
        download(owner)
        deletion.delete(owner=owner)


def test_topics_bookmarks_and_answers_are_counted_in_words(document: dict) -> None:
    owner = owner_of_a_user()
    Bookmark.objects.create(**owner.fields, guide=Topic.objects.first().guide, marked_at=AT)
    summary = import_data(owner, document)
    assert summary.imported_message() == (
        "Imported: the plan, 5 quizzes, 19 answers, 13 reviews, "
        "what you remember of 8 questions, 3 notes and 2 bookmarks."
    )
    assert summary.skipped_message() == (
        "Here already, and left as it is: 1 bookmark. "
        "Left out: 2 reports of problems, which stay with the site that they were made on."
    )
    assert import_data(owner, document).imported_message().startswith("Nothing new came")
    assert import_data(owner, empty()).skipped_message() == ""
