"""Start a practice quiz on one focus: mistakes, unseen, due or bookmarked questions, or confident mistakes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from questions.accounts.visitors import owner_or_new_visitor
from questions.forms.quizzes import FocusForm
from questions.practice import services as quizzes
from questions.practice.focus import Focus
from questions.scheduling import reviews
from questions.views.http import safe_next_url

NOTHING_TO_PRACTISE = {
    Focus.MISTAKES: gettext_lazy("nothing to practise, because you have no mistakes left."),
    Focus.UNSEEN: gettext_lazy("nothing to practise, because you have seen every question."),
    Focus.DUE: gettext_lazy("nothing to practise, because no questions are due today."),
    Focus.BOOKMARKED: gettext_lazy("nothing to practise, because you have no bookmarked questions."),
    Focus.SURE: gettext_lazy("nothing to practise, because no question is “sure but wrong” now."),
}


@require_POST
def practise_focus(request: HttpRequest) -> HttpResponse:
    """Start a practice quiz on the submitted focus and topic."""
    form, back = FocusForm(request.POST), safe_next_url(request) or "home"
    if not form.is_valid():
        messages.error(request, _("This page was out of date. Try again."))
        return redirect(back)
    focus, topic = form.cleaned_data["focus"], form.cleaned_data["topic"]
    owner, at = owner_or_new_visitor(request), timezone.now()
    day = reviews.study_day_of(owner=owner, at=at)
    try:
        attempt = quizzes.start_focus(owner=owner, focus=focus, topic=topic, day=day, at=at, public_id=form.public_id)
    except ValueError:
        nothing = str(NOTHING_TO_PRACTISE[focus])
        messages.info(request, f"{topic.title}: {nothing}" if topic else capfirst(nothing))
        return redirect(back)
    return redirect(attempt)
