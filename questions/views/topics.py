"""List of topics, guide of a topic."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.accounts.visitors import owner_of
from questions.attempts.quiz_models import Quiz
from questions.attempts.results import progress
from questions.bank import pictures
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.forms.quizzes import DEFAULT_QUESTIONS
from questions.notes import saved_items
from questions.performance.anonymous_page_cache import cached_for_anonymous

MAX_OPEN_QUESTIONS = 30  # listed below a guide


@cached_for_anonymous
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Show all topics with the owner's progress."""
    return render(request, "questions/topics/topics.html", {"topics": progress(owner_of(request))})


@cached_for_anonymous
@never_cache
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic's guide with the owner's notes, its interview questions and its quizzes."""
    found = get_object_or_404(Topic.objects.with_guide(), slug=slug)
    guide = getattr(found, "guide", None)
    open_questions = Question.objects.published().in_topics([slug]).open_questions().prefetch_related("follow_ups")
    listed = list(open_questions[: MAX_OPEN_QUESTIONS + 1])
    saved_guide, faqs = saved_items.of_guide(owner_of(request), guide) if guide else (None, [])
    context = {
        "topic": found,
        "guide": guide,
        "pictures": pictures.shown_beside_guide(guide, listed[:MAX_OPEN_QUESTIONS]),
        "saved": saved_guide,
        "faqs": faqs,
        "previous": Topic.objects.before(found).first(),
        "next": Topic.objects.after(found).first(),
        "open_questions": listed[:MAX_OPEN_QUESTIONS],
        "more_open": len(listed) > MAX_OPEN_QUESTIONS,
        "quizzes": Quiz.objects.published().about(found).with_counts(),
        "number": DEFAULT_QUESTIONS,
    }
    return render(request, "questions/topics/topic.html", context)
