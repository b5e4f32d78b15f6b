"""Views that keep what a page holds: the page itself sends it while the candidate types and ticks."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.attempts import drafts, keeping
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.clock import clock
from questions.attempts.draft_models import stamp_of
from questions.attempts.keeping import Kept
from questions.attempts.models import Attempt
from questions.attempts.versions import versions
from questions.forms.attempts import SubmissionForm
from questions.forms.notes import PageNoteForm
from questions.notes import services as notes
from questions.types import AnswerForm
from questions.views.http import replaces_page
from questions.views.question_page import fragments, query

TOO_MUCH = gettext_lazy("Nothing was saved: your answer is too long, or too many pages have drafts of it.")


def keep_page(asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm, at: datetime) -> Kept:
    """Keep what a submitted page holds, and return how. Raises drafts.TooMuch."""
    response: Any = asked.response
    is_outdated = submission.is_outdated(response)
    kept = keeping.keep(asked=asked, form=form, is_outdated=is_outdated, at=at, **submission.values(at))
    response.has_drafts = response.has_drafts or kept != Kept.SAVED
    return kept


def keep_submitted_marks(data: Mapping[str, str], attempt: Attempt, *, at: datetime, but: int | None = None) -> None:
    """Keep the ticks at all criteria on the submitted page, except for those at one position. Raises drafts.TooMuch."""
    found = (re.fullmatch(r"marks-([0-9]{1,5})", name) for name in data)
    positions = {position for match in found if match and (position := int(match[1])) <= query.MAX_POSITION} - {but}
    if not positions:
        return
    responses = attempt.responses.filter(position__in=positions).select_related("revision").prefetch_related("drafts")
    for response in responses:
        page = SubmissionForm.of(data).marks_save(response.position)
        asked = AskedQuestion(response, drafts=list(response.drafts.all()))
        keeping.keep_marks(asked=asked, data=data, page=page, at=at)


def keep_note(request: HttpRequest, asked: AskedQuestion, at: datetime) -> None:
    """Save the note on the submitted page if it was changed there; say so if it is too long to be saved."""
    if "note" not in request.POST:
        return
    form, saved = PageNoteForm(request.POST), query.saved_with(asked.response)
    text = form.cleaned_data["text"].strip() if form.is_valid() else None
    if text == saved.text:
        return
    try:
        if text is None:
            raise notes.NoteTooLong
        owner, seen = asked.response.attempt.owner, form.cleaned_data["seen"]
        notes.write_note(owner=owner, kind="question", pk=saved.pk, text=text, seen=seen, at=at)
    except notes.NoteTooLong:
        messages.error(request, _("Your note is too long, so its last change was not saved."))
    query.reread_note(asked.response)


def keeps_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view; what a question page holds is kept first if one of its buttons leads to the view."""

    @wraps(view)
    def keeping_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        place = re.fullmatch("([0-9a-f-]{36})/([0-9]{1,5})", request.POST.get("answering", ""))
        if request.method == "POST" and place:
            try:
                _keep_posted(request, uuid.UUID(place[1]), int(place[2]))
            except (ValueError, drafts.TooMuch):
                messages.error(request, TOO_MUCH)
        return view(request, *args, **kwargs)

    return keeping_view


def _keep_posted(request: HttpRequest, public_id: uuid.UUID, position: int) -> None:
    """Keep what the page of that question holds, if the attempt belongs to the owner of the request."""
    at = timezone.now()
    if asked := query.asked_at(owner_of(request), public_id, position):
        attempts.close_if_due(attempt=asked.response.attempt, at=at)
        keep_submitted_marks(request.POST, asked.response.attempt, at=at)
        if replaces_page(request):
            keep_note(request, asked, at)
        keep_page(asked, asked.form(request.POST), SubmissionForm.of(request.POST), at)


@require_POST
def draft(request: HttpRequest, public_id: uuid.UUID, position: int) -> JsonResponse:
    """Keep what a question page holds, without grading it, and return what the page needs to know."""
    asked = query.asked_at(owner_of(request), public_id, position)
    if asked is None:
        return JsonResponse({"error": "login"}, status=404)
    at = timezone.now()
    attempts.close_if_due(attempt=asked.response.attempt, at=at)
    submission, form = SubmissionForm.of(request.POST), asked.form(request.POST)
    try:
        keep_submitted_marks(request.POST, asked.response.attempt, at=at)
        keep_note(request, asked, at)
        kept = keep_page(asked, form, submission, at)
    except drafts.TooMuch:
        return JsonResponse({"error": "too much"}, status=413)
    told = {"kept": kept, "seen": stamp_of(asked.response), "at": clock(at), "versions": ""}
    told["note_seen"] = query.saved_with(asked.response).stamp
    own = {submission.page_save().page, *(page for page, _number in submission.page_save().based_on)}
    if kept in (Kept.BESIDE, Kept.FINAL, Kept.LATE) or any(draft.page not in own for draft in asked.drafts):
        told["versions"] = _versions(request, query.reread(asked), submission, kept)
    return JsonResponse(told | _time_left(asked.response.attempt, at))


def _versions(request: HttpRequest, asked: AskedQuestion, submission: SubmissionForm, kept: Kept) -> str:
    """Render what other pages hold; of an attempt that has ended, what the page itself holds as well."""
    page = None if kept == Kept.LATE else submission.page_save().page
    found = versions(asked, page, with_answer=kept in (Kept.BESIDE, Kept.FINAL))
    return fragments.other_versions(request, asked, found)


@never_cache
@require_safe
def time_left(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """Return the seconds that an attempt has left, and a CSRF token for a page that was made before a log-in."""
    attempt = get_object_or_404(Attempt.objects.owned_by(owner_of(request)), public_id=public_id)
    return JsonResponse({"csrf_token": get_token(request)} | _time_left(attempt, timezone.now()))


def _time_left(attempt: Attempt, at: datetime) -> dict[str, float | bool | None]:
    """Return whether the attempt is open, and the seconds to its deadline, None without one."""
    seconds = max(0.0, (attempt.deadline_at - at).total_seconds()) if attempt.deadline_at else None
    return {"is_open": attempt.is_open, "seconds_left": seconds}
