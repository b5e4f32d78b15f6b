"""Practising what matters, in one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from questions.forms.practice import FocusForm
from questions.models import Focus
from questions.services import quizzes, study
from questions.views.ways import way_back
from questions.visitors import lasting_owner

NOTHING = {
    Focus.MISTAKES: gettext_lazy("Nothing to practise: you got every question right the last time you answered it."),
    Focus.UNSEEN: gettext_lazy("Nothing to practise: you have been asked every question."),
    Focus.DUE: gettext_lazy("Nothing to practise: no question is due today."),
    Focus.BOOKMARKED: gettext_lazy("Nothing to practise: you have bookmarked no question that is asked."),
    Focus.SURE: gettext_lazy("Nothing to practise: of what you were sure of and missed, nothing is left."),
}


@require_POST
def practise_focus(request: HttpRequest) -> HttpResponse:
    """Starts a practice quiz of what was missed, is unseen, due, bookmarked, or was surely wrong."""
    form, back = FocusForm(request.POST), way_back(request) or "home"
    if not form.is_valid():
        messages.error(request, _("This button was out of date. Try it again."))
        return redirect(back)
    focus, topic = form.cleaned_data["focus"], form.cleaned_data["topic"]
    owner, at = lasting_owner(request), timezone.now()
    day = study.day_of(owner=owner, at=at)
    try:
        attempt = quizzes.start_focus(owner=owner, focus=focus, topic=topic, day=day, at=at, public_id=form.public_id)
    except ValueError:
        within = _(" This was asked of “%s” alone.") % topic.title if topic else ""
        messages.info(request, f"{NOTHING[focus]}{within}")
        return redirect(back)
    return redirect(attempt)
