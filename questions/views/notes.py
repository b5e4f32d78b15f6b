"""Pages and htmx fragments for bookmarks and notes on questions, guides and FAQs."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.bank.models.questions import Question
from questions.forms.notes import BookmarkForm, NoteForm, PageNoteForm
from questions.forms.quizzes import StartForm
from questions.notes import saved_items
from questions.notes import services as notes_service
from questions.notes.models import MAX_NOTE_LENGTH, TARGETS
from questions.notes.services import NoteResult
from questions.search.services import search_saved
from questions.views.drafts import keeps_page
from questions.views.http import safe_next_url, sent_by_htmx

ENTRIES_PER_PAGE = 50
RESULT_MESSAGES = {
    NoteResult.SAVED: (messages.SUCCESS, gettext_lazy("Your note is saved.")),
    NoteResult.DELETED: (messages.SUCCESS, gettext_lazy("Your note was deleted.")),
    NoteResult.KEPT: (messages.WARNING, gettext_lazy("Your note was changed in another tab. That version was kept.")),
    NoteResult.JOINED: (
        messages.WARNING,
        gettext_lazy("Your note was changed in another tab. Both texts are kept, one after the other."),
    ),
}
TOO_LONG = gettext_lazy(
    "Your note was changed in another tab, and both texts together are longer than %d "
    "characters. Nothing was saved. Shorten them and combine them into one."
)


@never_cache
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Show the owner's bookmarks and notes by topic, or those that match the search in `q`."""
    owner, text = owner_of(request), request.GET.get("q", "").strip()[:200]
    page = Paginator([] if text else saved_items.all_saved(owner), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "found": search_saved(text, owner),
        "page": page,
        "lines": [(entry, StartForm(auto_id=False)) for entry in saved_items.entries(owner, list(page.object_list))],
    }
    return render(request, "questions/notes/notes.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@partial(keeps_page, note=False)
def note(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show or save the owner's note on a question, a guide or an FAQ."""
    target = _get_target(request, kind, pk)
    form = _note_form(request, pk)
    if form.is_bound and not form.errors.get("text"):
        text, seen = form.cleaned_data["text"], form.cleaned_data.get("seen", "")
        try:
            written = notes_service.write_note(
                owner=owner_or_new_visitor(request), kind=kind, pk=pk, text=text, seen=seen, at=timezone.now()
            )
            return _note_saved(request, kind, pk, written)
        except notes_service.NoteTooLong:
            form.add_error("text", TOO_LONG % MAX_NOTE_LENGTH)
    return _render_note(request, target, saved_items.of_one(owner_of(request), kind, pk), form)


@require_POST
@keeps_page
def bookmark(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Set or remove the owner's bookmark."""
    _get_target(request, kind, pk)
    form = BookmarkForm(request.POST)
    if form.is_valid():
        notes_service.set_bookmark(
            owner=owner_or_new_visitor(request),
            kind=kind,
            pk=pk,
            marked=form.cleaned_data["marked"] == "on",
            at=timezone.now(),
        )
    if sent_by_htmx(request):
        saved = saved_items.of_one(owner_of(request), kind, pk)
        context = {"saved": saved, "back": safe_next_url(request), "page_form": _page_form(request)}
        return render(request, "questions/notes/_bookmark.html", context)
    return redirect(_back(request, kind, pk) or "notes")


def _note_form(request: HttpRequest, pk: int) -> NoteForm:
    """Return the form of a note, which may be a part of the page's own form."""
    if request.method != "POST":
        return NoteForm()
    match _page_form(request):
        case "turn":
            return PageNoteForm(request.POST)
        case "marks":
            return PageNoteForm(request.POST, pk)
    return NoteForm(request.POST)


def _page_form(request: HttpRequest) -> str:
    """Return the id of the page's form that was submitted: of a question or a result; empty for any other form."""
    return "turn" if "answering" in request.POST else "marks" if "reviewing" in request.POST else ""


def _back(request: HttpRequest, kind: str, pk: int) -> str:
    """Return the URL to go back to, which for the page of a result leads to the question; empty if there is none."""
    back = safe_next_url(request)
    return f"{back}#keep-{kind}-{pk}" if back and "reviewing" in request.POST else back


def _get_target(request: HttpRequest, kind: str, pk: int) -> saved_items.Target:
    """Return the question, guide or FAQ; raise Http404 if it does not exist or the owner may not save it."""
    if kind not in TARGETS:
        raise Http404
    return get_object_or_404(saved_items.can_be_saved(owner_of(request), kind), pk=pk)


def _render_note(
    request: HttpRequest, target: saved_items.Target, saved: saved_items.SavedItem, form: NoteForm
) -> HttpResponse:
    """Render the note with its form.

    A bound form keeps the submitted text; the saved text is shown beside it if the submitting page had an older one.
    """
    text = form["text"].value() if form.is_bound else saved.text
    items = saved_items.readable_content(owner_of(request), [target]) if isinstance(target, Question) else {}
    context = {
        "saved": saved,
        "text": text,
        "errors": form.errors.get("text"),
        "other": saved.text if form.is_bound and form["seen"].value() != saved.stamp else "",
        "back": safe_next_url(request),
        "target": target,
        "topic": saved_items.topic_of(target),
        "item": items.get(target.pk),
        "entry": saved_items.Entry(saved, target, saved_items.title_of(target, items)),
        "form": StartForm(auto_id=False),
        "page_form": _page_form(request) if sent_by_htmx(request) else "",
    }
    return render(
        request, "questions/notes/_note.html" if sent_by_htmx(request) else "questions/notes/note.html", context
    )


def _note_saved(request: HttpRequest, kind: str, pk: int, written: NoteResult) -> HttpResponse:
    """Say what happened to the text and go back; go to the note if two texts were joined in it."""
    messages.add_message(request, *RESULT_MESSAGES[written])
    back = _back(request, kind, pk)
    if sent_by_htmx(request):
        saved = saved_items.of_one(owner_of(request), kind, pk)
        context = {
            "saved": saved,
            "text": saved.text,
            "opened": True,
            "back": back,
            "page_form": _page_form(request),
        }
        return render(request, "questions/notes/_note.html", context)
    if written == NoteResult.JOINED:
        return redirect(f"{reverse('note', args=[kind, pk])}?{urlencode({'next': back})}")
    return redirect(back or "notes")
