"""Preview of a question for staff."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from questions.attempts.asked_question import preview_of, sample_grade
from questions.bank.models.questions import Question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("questions.view_question", raise_exception=True)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question as candidates see it, before and after the answer; grade a sample answer without saving it."""
    question = get_object_or_404(Question.objects.with_content().with_teaching(), pk=pk)
    asked = preview_of(question)
    form = asked.form(request.POST if request.method == "POST" else None)
    missing = form.missing() if form.is_valid() else ""
    answer = form.answer() if form.is_valid() and not missing else None
    sample = sample_grade(asked, answer, timezone.now()) if answer else None
    if form.is_bound and form.is_valid() and not answer:
        form.add_error(None, missing or _("Give an answer first."))
    context = {"asked": asked, "form": form, "question": question, "sample": sample}
    return render(request, "questions/attempts/preview.html", context)
