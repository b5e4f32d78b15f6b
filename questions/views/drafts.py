"""Views that keep what a page holds: the page itself sends it while the candidate types and ticks."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.owners import Owner
from questions.accounts.visitors import owner_of
from questions.attempts import drafts, keeping
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.clock import clock
from questions.attempts.draft_models import stamp_of
from questions.attempts.keeping import Kept
from questions.attempts.models import Attempt
from questions.attempts.versions import versions
from questions.forms.attempts import SubmittedPage
from questions.forms.notes import PageNoteForm
from questions.notes import saved_items
from questions.notes import services as notes
from questions.notes.saved_items import SavedItem
from questions.notes.services import NoteResult
from questions.types import AnswerForm
from questions.views.http import replaces_page, sent_by_htmx
from questions.views.question_page import fragments, query
from questions.views.question_page import page as question_page

PLACE = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9]{1,5})"  # of a question: its attempt and position


def asked_now(ask: Callable[[], AskedQuestion | None], at: datetime) -> AskedQuestion | None:
    """Return what `ask` reads, its attempt ended if the time has run out; None if there is no such question."""
    asked = ask()
    if asked is None or not asked.response.attempt.is_open:
        return asked
    if attempts.close_if_due(attempt=asked.response.attempt, at=at).is_open:
        return asked
    return ask()  # the end has made an answer of a draft in an interview


def keep_page(asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime) -> Kept:
    """Keep what a submitted page holds, and return how. Raises drafts.TooMuch."""
    response: Any = asked.response
    is_outdated = submission.is_outdated(response)
    kept = keeping.keep(asked=asked, form=form, is_outdated=is_outdated, at=at, **submission.values(at))
    response.has_drafts = response.has_drafts or kept != Kept.SAVED
    return kept


def keep_submitted_marks(data: Mapping[str, str], *questions: AskedQuestion, at: datetime) -> None:
    """Keep the ticks at the criteria of those questions whose criteria are on the submitted page."""
    for asked in questions:
        if f"marks-{asked.response.position}" in data:
            page = SubmittedPage(data).marks_save(asked.response.position)
            keeping.keep_marks(asked=asked, data=data, page=page, at=at)


def marked_on_page(attempt: Attempt, data: Mapping[str, str]) -> list[AskedQuestion]:
    """Return the questions of the attempt whose criteria are on the submitted page."""
    found = (re.fullmatch(r"marks-([0-9]{1,5})", name) for name in data)
    positions = [position for match in found if match and (position := int(match[1])) <= query.MAX_POSITION]
    if not positions:
        return []
    responses = attempt.responses.filter(position__in=positions).select_related("revision").prefetch_related("drafts")
    return [AskedQuestion(response, drafts=list(response.drafts.all())) for response in responses]


def keep_note(request: HttpRequest, asked: AskedQuestion, at: datetime) -> NoteResult | None:
    """Save the note on the submitted page if it was changed there, and return what became of it."""
    saved, form = query.saved_with(asked.response), PageNoteForm(request.POST)
    result = _write_note(request, asked.response.attempt.owner, saved, form, at)
    if result:
        query.reread_note(asked.response)
    return result


def _write_note(
    request: HttpRequest, owner: Owner, saved: SavedItem, form: PageNoteForm, at: datetime
) -> NoteResult | None:
    """Save a note that was changed on the submitted page; return None, and say so, if it is too long."""
    if form.data.get(form.add_prefix("text"), saved.text) == saved.text:
        return None
    text = form.cleaned_data["text"].strip() if form.is_valid() else None
    if text == saved.text:
        return None
    try:
        if text is None:
            raise notes.NoteTooLong
        return notes.write_note(
            owner=owner, kind="question", pk=saved.pk, text=text, seen=form.cleaned_data["seen"], at=at
        )
    except notes.NoteTooLong:
        messages.error(request, _("Your last change was not saved, because the note is too long. Shorten it."))
        return None


def keep_result(
    request: HttpRequest, attempt: Attempt, at: datetime, *, without_note: int | None = None
) -> dict[str, dict[str, str]]:
    """Keep what the page of a result holds: the ticks at criteria and the notes, except the note on one question.

    Return what the page needs to know of its notes, by the name of the field.
    """
    keep_submitted_marks(request.POST, *marked_on_page(attempt, request.POST), at=at)
    on_page = {int(match[1]) for name in request.POST if (match := re.fullmatch("note-([0-9]{1,18})", name))}
    asked = attempt.responses.filter(revision__question__in=[pk for pk in on_page if pk != without_note])
    saved = saved_items.of_questions(attempt.owner, asked.values_list("revision__question", flat=True))
    told = {}
    for pk, item in saved.items():
        form = PageNoteForm(request.POST, pk)
        result = _write_note(request, attempt.owner, item, form, at)
        if result:
            item = saved_items.of_one(attempt.owner, "question", pk)
        told[form.add_prefix("text")] = told_of_note(item, result)
    return told


def told_of_note(saved: SavedItem, result: NoteResult | None) -> dict[str, str]:
    """Return the stamp of a note for its page, and its text if another page has changed it."""
    return {"seen": saved.stamp} | ({"text": saved.text} if result in (NoteResult.JOINED, NoteResult.KEPT) else {})


def refused(request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage) -> HttpResponse:
    """Return the page again, with everything on it, because it cannot be kept."""
    messages.error(
        request,
        _(
            "Your answer was not saved: it is too long, or you have too many drafts of it in "
            "other tabs. Shorten it, or delete a draft."
        ),
    )
    shown = query.reread(asked)
    if shown.response.is_revealed:  # the page has no fields that could show it
        shown = shown.beside(form)
    return question_page.page(request, shown, form, submission)


def keeps_page(view: Callable[..., HttpResponse], *, note: bool = True) -> Callable[..., HttpResponse]:
    """Return the view; what the page of a question or a result holds is kept first if one of its buttons leads here.

    With `note=False` the view saves the note itself. If the page cannot be kept, it is shown again instead; a request
    for a fragment leaves it open anyway.
    """

    @wraps(view)
    def keeping_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (reviewed := reviewed_in(request)):
            keep_result(request, reviewed, timezone.now(), without_note=None if note else kwargs["pk"])
        problem = _keep_posted(request, note) if request.method == "POST" else None
        return view(request, *args, **kwargs) if problem is None or sent_by_htmx(request) else problem

    return keeping_view


def reviewed_in(request: HttpRequest) -> Attempt | None:
    """Return the owner's attempt whose result was submitted; None if it was another page."""
    try:
        public_id = uuid.UUID(request.POST.get("reviewing", ""))
    except ValueError:
        return None
    return Attempt.objects.owned_by(owner_of(request)).filter(public_id=public_id).first()


def _keep_posted(request: HttpRequest, note: bool) -> HttpResponse | None:
    """Keep what a submitted question page holds if the attempt is the owner's; return the page if that cannot be."""
    place = re.fullmatch(PLACE, request.POST.get("answering", ""))
    at = timezone.now()
    if place is None:
        return None
    asked = asked_now(partial(query.asked_at, owner_of(request), uuid.UUID(place[1]), int(place[2])), at)
    if asked is None:
        return None
    submission, form = SubmittedPage(request.POST), asked.form(request.POST)
    try:
        keep_submitted_marks(request.POST, asked, at=at)
        if note and replaces_page(request):
            keep_note(request, asked, at)
        keep_page(asked, form, submission, at)
    except drafts.TooMuch:
        keep_note(request, asked, at)
        return refused(request, asked, form, submission)
    return None


@require_POST
def draft(request: HttpRequest, public_id: uuid.UUID, position: int) -> JsonResponse:
    """Keep what a question page holds, without grading it, and return what the page needs to know."""
    submission = SubmittedPage(request.POST)
    page = submission.page_save
    at = timezone.now()
    asked = asked_now(partial(query.asked_for_saving, owner_of(request), public_id, position, page.page), at)
    if asked is None:
        return JsonResponse({"error": "login"}, status=404)
    form = asked.form(request.POST)
    try:
        keep_submitted_marks(request.POST, asked, at=at)
        noted = keep_note(request, asked, at)
        kept = keep_page(asked, form, submission, at)
    except drafts.TooMuch:
        return JsonResponse({"error": "too much"}, status=413)
    told: dict[str, Any] = {"kept": kept, "seen": stamp_of(asked.response), "at": clock(at), "versions": ""}
    told["notes"] = {"note": told_of_note(query.saved_with(asked.response), noted)}
    own = {page.page, *(base for base, _number in page.based_on)}
    if kept in (Kept.BESIDE, Kept.FINAL, Kept.LATE) or any(draft.page not in own for draft in asked.drafts):
        told["versions"] = _versions(request, query.reread(asked), submission, kept)
    return JsonResponse(told | time_left_of(asked.response.attempt, at))


def _versions(request: HttpRequest, asked: AskedQuestion, submission: SubmittedPage, kept: Kept) -> str:
    """Render what other pages hold; of an attempt that has ended, what the page itself holds as well."""
    page = None if kept == Kept.LATE else submission.page_save.page
    found = versions(asked, page, with_answer=kept in (Kept.BESIDE, Kept.FINAL))
    return fragments.other_versions(request, asked, found)


@never_cache
@require_safe
def time_left(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """Return the seconds that an attempt has left, and a CSRF token for a page that was made before a log-in."""
    attempt = get_object_or_404(Attempt.objects.owned_by(owner_of(request)), public_id=public_id)
    return JsonResponse({"csrf_token": get_token(request)} | time_left_of(attempt, timezone.now()))


def time_left_of(attempt: Attempt, at: datetime) -> dict[str, float | bool | None]:
    """Return whether the attempt is open, and the seconds to its deadline, None without one."""
    seconds = max(0.0, (attempt.deadline_at - at).total_seconds()) if attempt.deadline_at else None
    return {"is_open": attempt.is_open, "seconds_left": seconds}
