"""Home, topics and their guides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.accounts.visitors import owner_of
from questions.attempts.models import Attempt
from questions.attempts.quiz_models import Quiz
from questions.attempts.results import progress
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.forms.quizzes import DEFAULT_QUESTIONS
from questions.notes import saved_items
from questions.performance.anonymous_page_cache import cached_for_anonymous

ASKED_ALOUD = 30  # interview questions that a guide lists


@cached_for_anonymous
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, a quiz in one click, and where one left off."""
    owner = owner_of(request)
    context = {
        "topics": progress(owner),
        "quizzes": Quiz.objects.published().with_counts(),
        "unfinished": Attempt.objects.owned_by(owner).open_at(timezone.now()).latest_first().with_progress().first(),
        "number": DEFAULT_QUESTIONS,
    }
    return render(request, "questions/topics/home.html", context)


@cached_for_anonymous
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """All topics."""
    return render(request, "questions/topics/topics.html", {"topics": progress(owner_of(request))})


@cached_for_anonymous
@never_cache
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic's guide with one's own notes, its interview questions and its quizzes."""
    found = get_object_or_404(Topic.objects.with_guide(), slug=slug)
    guide = getattr(found, "guide", None)
    spoken = Question.objects.published().in_topics([slug]).open_questions().prefetch_related("follow_ups")
    first = list(spoken[: ASKED_ALOUD + 1])
    saved_guide, faqs = saved_items.of_guide(owner_of(request), guide) if guide else (None, [])
    context = {
        "topic": found,
        "guide": guide,
        "saved": saved_guide,
        "faqs": faqs,
        "previous": Topic.objects.before(found).first(),
        "next": Topic.objects.after(found).first(),
        "open_questions": first[:ASKED_ALOUD],
        "more_open": len(first) > ASKED_ALOUD,
        "quizzes": Quiz.objects.published().about(found).with_counts(),
        "number": DEFAULT_QUESTIONS,
    }
    return render(request, "questions/topics/topic.html", context)
