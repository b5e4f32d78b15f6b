"""Search page, and practice of a question from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts import rate_limits
from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.bank.models.questions import Question
from questions.forms.quizzes import StartForm
from questions.practice import services as quizzes
from questions.search.services import search as find


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the guides, FAQs, questions and own notes that match the words in `q`."""
    text = request.GET.get("q", "").strip()[:200]
    if text and not rate_limits.allows(request, "search"):
        return rate_limits.refusal(request)
    found = find(text, owner_of(request))
    starts = [(hit, StartForm(auto_id=False)) for hit in found.questions]
    return render(request, "questions/search/search.html", {"text": text, "found": found, "starts": starts})


@require_POST
def practise_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a practice quiz with this one question."""
    question = get_object_or_404(Question.objects.published().select_related("topic"), pk=pk)
    form = StartForm(request.POST)
    form.is_valid()
    attempt = quizzes.start_one(
        question=question, owner=owner_or_new_visitor(request), at=timezone.now(), public_id=form.public_id
    )
    return redirect(attempt)
