"""Progress page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.accounts.visitors import owner_of
from questions.bank.models.questions import Question
from questions.forms.quizzes import StartForm
from questions.study import progress_report
from questions.study.agenda import agenda_of
from questions.study.charts import LEGEND, ScatterPlot, heat_maps
from questions.study.percentages import MIN_ANSWERS
from questions.study.progress import ProgressReport
from questions.study.readiness_chart import readiness_chart
from questions.study.readiness_history import readiness_history
from questions.views.next_step import next_step_context


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Show the next step, readiness over time, the topics and the weakest questions; and in details calibration,
    confidence, coverage, time and activity, each as a chart and as a table."""
    owner, at = owner_of(request), timezone.now()
    report = progress_report(owner, at=at)
    weeks = report.activity.weeks
    context = {
        **next_step_context(owner, agenda_of(owner=owner, at=at), report, at=at),
        "chart": readiness_chart(readiness_history(owner, report)),
        "weakest": _weakest_questions(report),
        "weakest_form": StartForm(auto_id=False),
        "starts": [(review, StartForm(auto_id=False)) for review in report.sure_but_wrong],
        "square": ScatterPlot.of(report.calibration.points, min_answers=MIN_ANSWERS),
        "weeks": weeks,
        "heat_maps": heat_maps([(week.monday, week.answers) for week in weeks], today=report.activity.today),
        "legend": LEGEND,
        "too_few": MIN_ANSWERS,
    }
    return render(request, "questions/study/progress.html", context)


def _weakest_questions(report: ProgressReport) -> list[tuple[Question, int]]:
    """Return the report's weakest questions, each with its recall in percent."""
    found = Question.objects.select_related("topic").in_bulk([pk for pk, _percent in report.weakest_questions])
    return [(found[pk], percent) for pk, percent in report.weakest_questions if pk in found]
