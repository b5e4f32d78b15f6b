"""Preview of a question for staff."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.attempts.asked_question import preview_of
from questions.bank.models.questions import Question


@never_cache
@require_safe
@login_required
@permission_required("questions.view_question", raise_exception=True)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question as candidates see it, before and after the answer."""
    question = get_object_or_404(Question.objects.with_content().with_teaching(), pk=pk)
    asked = preview_of(question)
    return render(
        request, "questions/attempts/preview.html", {"asked": asked, "form": asked.form(), "question": question}
    )
