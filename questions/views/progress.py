"""Progress page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.accounts.visitors import owner_of
from questions.forms.quizzes import StartForm
from questions.study import progress_report
from questions.study.charts import LEGEND, ScatterPlot, heat_maps
from questions.study.percentages import MIN_ANSWERS


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Show readiness, calibration, confidence, coverage, time and activity, each as a chart and as a table."""
    report = progress_report(owner_of(request), at=timezone.now())
    weeks = report.activity.weeks
    context = {
        "report": report,
        "starts": [(review, StartForm(auto_id=False)) for review in report.sure_but_wrong],
        "square": ScatterPlot.of(report.calibration.points, min_answers=MIN_ANSWERS),
        "weeks": weeks,
        "heat_maps": heat_maps([(week.monday, week.answers) for week in weeks], today=report.activity.today),
        "legend": LEGEND,
        "too_few": MIN_ANSWERS,
    }
    return render(request, "questions/study/progress.html", context)
