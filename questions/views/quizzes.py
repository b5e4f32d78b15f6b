"""Pages to start a quiz: the quiz builder and curated quizzes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from questions.accounts.visitors import owner_or_new_visitor
from questions.attempts.models import Attempt
from questions.attempts.quiz_models import Quiz
from questions.bank import pictures
from questions.forms.quizzes import PracticeForm, SelectedForm, StartForm
from questions.practice import first_impressions
from questions.practice import services as quizzes


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Show the quiz builder; start a practice quiz or an exam."""
    form = PracticeForm(
        request.POST if request.method == "POST" else None, initial={"topics": request.GET.getlist("topics")}
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "questions/quizzes/practice.html", {"form": form})
    attempt = quizzes.start_practice(
        owner=owner_or_new_visitor(request),
        questions=form.questions(),
        number=form.cleaned_data["number"],
        mode=form.cleaned_data["mode"],
        title=form.title,
        at=timezone.now(),
        time_limit=form.limit,
        public_id=form.public_id,
    )
    _report_shortfall(request, attempt, form.cleaned_data["number"])
    return redirect(attempt)


@require_POST
def practise_weakest(request: HttpRequest) -> HttpResponse:
    """Start a practice quiz on the weakest questions, which Progress lists and sends."""
    form = SelectedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This page was out of date. Try again."))
        return redirect("progress")
    attempt = quizzes.start_selected(
        owner=owner_or_new_visitor(request),
        questions=form.cleaned_data["question"],
        title=_("Weakest questions"),
        at=timezone.now(),
        public_id=form.public_id,
    )
    return redirect(attempt)


@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a curated quiz; start an attempt at it."""
    found = get_object_or_404(Quiz.objects.published().with_counts(), slug=slug)
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid() or not found.question_count:
        context = {"quiz": found, "form": form, "pictures": pictures.shown_in([found.description])}
        return render(request, "questions/quizzes/quiz.html", context)
    owner, at = owner_or_new_visitor(request), timezone.now()
    if first_impressions.DIGEST_FIELD not in request.POST:
        return redirect(quizzes.start_quiz(quiz=found, owner=owner, at=at, public_id=form.public_id))
    attempt = first_impressions.start(quiz=found, owner=owner, data=request.POST, at=at, public_id=form.public_id)
    return redirect("question", attempt.public_id, 1)


def _report_shortfall(request: HttpRequest, attempt: Attempt, requested: int) -> None:
    """Add a message if the attempt has fewer questions than requested."""
    got = attempt.responses.count()
    if got < requested:
        text = ngettext("Only %d question matches these filters.", "Only %d questions match these filters.", got)
        messages.info(request, text % got)
