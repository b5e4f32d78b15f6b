"""Views that save the candidate's own marks of open answers, and keep ticks that are not saved as marks yet."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from questions.attempts import drafts
from questions.attempts import services as attempts
from questions.attempts.clock import clock
from questions.attempts.draft_models import Draft
from questions.attempts.models import Response
from questions.forms.attempts import SubmittedPage
from questions.types import AssessmentForm
from questions.views.attempts import own_attempt
from questions.views.drafts import keep_result, keeps_page


@require_POST
@keeps_page
def assess(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Save the candidate's own marks of an open question."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.select_related("revision"), position=position)
    if not response.is_revealed:
        raise Http404
    form = AssessmentForm(response.revision.item(), position, data=request.POST)
    try:
        if form.is_valid():
            attempts.assess(attempt=attempt, position=position, met=form.met())
            page = SubmittedPage(request.POST).marks_save(position)
            drafts.discard(response=response, page=page, part=Draft.Part.MARKS)
            messages.success(request, _("Your marks are saved."))
        else:
            messages.error(request, " ".join(str(error) for error in form.errors["met"]))
    except (Response.DoesNotExist, attempts.AttemptClosed) as error:
        raise Http404 from error
    if not attempt.is_open:
        return redirect(f"{reverse('result', args=[public_id])}#marks-{position}")
    return redirect("question", public_id, position)


@require_POST
def marks_drafts(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """Keep the ticks at the criteria and the notes on the page of a result, and return when that was."""
    attempt, at = own_attempt(request, public_id), timezone.now()
    told = {"kept": "draft", "seen": "", "at": clock(at), "is_open": attempt.is_open, "seconds_left": None}
    return JsonResponse(told | {"notes": keep_result(request, attempt, at)})
