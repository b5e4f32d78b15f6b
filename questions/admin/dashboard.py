"""Dashboard of the admin: pending work for staff."""

from dataclasses import dataclass

from questions.bank.models.questions import Question, QuestionQuerySet
from questions.problem_reports.models import QuestionReport, QuestionReportQuerySet
from questions.quality.outdated_versions import is_outdated

MAX_LISTED = 5


@dataclass(frozen=True)
class Dashboard:
    """The first MAX_LISTED objects of each kind of pending work, and their number."""

    in_review: QuestionQuerySet
    in_review_count: int
    reports: QuestionReportQuerySet
    report_count: int
    flagged: QuestionQuerySet
    flagged_count: int
    outdated: QuestionQuerySet
    outdated_count: int

    @property
    def is_clear(self) -> bool:
        """Whether there is no pending work."""
        return not any((self.in_review_count, self.report_count, self.flagged_count, self.outdated_count))


def outdated_claims() -> list[str]:
    """Return the `holds_for` texts of published questions that name a version older than the installed one."""
    claims = Question.objects.published().exclude(holds_for="").order_by().values_list("holds_for", flat=True)
    return [claim for claim in claims.distinct() if is_outdated(claim)]


def pending_work() -> Dashboard:
    """Return the pending work, in a fixed number of queries."""
    in_review = Question.objects.in_review().select_related("topic").order_by("pk")
    reports = QuestionReport.objects.undecided().with_question().order_by("reported_at", "pk")
    flagged = Question.objects.published().with_statistics().flagged().select_related("topic").order_by("pk")
    outdated = Question.objects.published().applying_to(outdated_claims()).select_related("topic").order_by("pk")
    return Dashboard(
        in_review[:MAX_LISTED],
        in_review.count(),
        reports[:MAX_LISTED],
        reports.count(),
        flagged[:MAX_LISTED],
        flagged.count(),
        outdated[:MAX_LISTED],
        outdated.count(),
    )
