"""What the importer computes again, leaves out or refuses, because anybody may have written the file."""

import json
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptStatus
from questions.personal_data import deletion, importer
from questions.personal_data.archive_reader import Unreadable, read
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Review
from questions.scheduling.plan_models import StudyPlan
from questions.tests.factories import QuizFactory, make_question
from questions.tests.personal_data.importer_steps import LATER, download, import_data, owner_of_a_user
from questions.tests.personal_data.steps import empty, with_change
from questions.tests.personal_data.strategies import json_values
from questions.tests.personal_data_factories import AT, Bank

pytestmark = pytest.mark.django_db


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
        assert (summary.skipped["unknown"], summary.imported["answers"]) == (5, 15)
        assert Response.objects.owned_by(owner).filter(position=1).count() == 5

    @pytest.mark.parametrize(
        "change", [{"answer": {"chosen": [7]}}, {"answer": {"text": "x"}}, {"option_order": [0]}, {"answer": [1]}]
    )
    def test_answer_that_does_not_fit_is_skipped(self, document: dict, change: dict) -> None:
        document["attempts"][0]["responses"][0] |= change
        owner = owner_of_a_user()
        summary = import_data(owner, document)
        assert (summary.skipped["misfit"], summary.imported["answers"]) == (1, 19)
        places = Attempt.objects.owned_by(owner).get(seed=document["attempts"][0]["seed"]).responses
        assert list(places.values_list("position", flat=True)) == list(range(1, 9))

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

    def test_attempt_with_a_draft_from_the_future_is_skipped(self, document: dict) -> None:
        drafts = [draft for response in document["attempts"][0]["responses"] for draft in response["drafts"]]
        drafts[0]["saved_at"] = (LATER + timedelta(seconds=1)).isoformat()
        summary = import_data(owner_of_a_user(), document)
        assert (summary.imported["attempts"], summary.skipped["future"]) == (4, 1)

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

    @pytest.mark.parametrize("kind", ["user", "visitor"])
    def test_reminders_are_not_turned_on(self, document: dict, kind: str) -> None:
        document["plan"] |= {"reminders": "daily", "reminder_language": "de", "reminded_on": "2026-03-01"}
        owner = owner_of_a_user() if kind == "user" else Owner(visitor=uuid.uuid4())
        import_data(owner, document)
        plan = StudyPlan.objects.owned_by(owner).get()
        assert (plan.reminders, plan.reminder_language, plan.reminded_on) == ("off", "", None)
        assert plan.calendar_id is None

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

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
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
