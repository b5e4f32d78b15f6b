"""Search, and answering a question that it found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions import limits
from questions.forms.practice import StartForm
from questions.models import Question
from questions.search import search as find
from questions.services import quizzes
from questions.visitors import lasting_owner, owner_of


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What guides, FAQs and questions, and one's own notes, hold of the words in `q`."""
    text = request.GET.get("q", "").strip()[:200]
    if text and not limits.allows(request, "search"):
        return limits.refusal(request)
    found = find(text, owner_of(request))
    starts = [(hit, StartForm(auto_id=False)) for hit in found.questions]
    return render(request, "questions/search.html", {"text": text, "found": found, "starts": starts})


@require_POST
def practise_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts a practice quiz of that one question."""
    question = get_object_or_404(Question.objects.published().select_related("topic"), pk=pk)
    form = StartForm(request.POST)
    form.is_valid()
    attempt = quizzes.start_one(
        question=question, owner=lasting_owner(request), at=timezone.now(), public_id=form.public_id
    )
    return redirect(attempt)
