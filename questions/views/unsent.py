"""Pages for forms that were not accepted: they show what was typed, and submit it after log-in."""

import uuid
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from questions.accounts import unsent
from questions.accounts.unsent import Fields, UnsentForm
from questions.accounts.visitors import owner_of
from questions.attempts.models import Attempt
from questions.views.http import safe_next_url, sent_by_htmx

SAVED_ITEMS = {"note", "bookmark"}  # URL names; like attempts they may be found by one account only
# URL names of forms that work for anonymous visitors as well. If the session has ended, they belong to the account or
# the visitor of that session, and not to a new visitor.
SESSION_FORMS = {*SAVED_ITEMS, "plan"}
LOGIN_PAGES = "accounts/"  # allauth's URLs: a log-in before them would make no sense


class State(StrEnum):
    """What can be done about the form."""

    FOREIGN = "foreign"  # another site posted it
    UNREADABLE = "unreadable"  # it has a secret or a file, so it must be filled in again
    COOKIES_BLOCKED = "cookies_blocked"
    LOG_IN = "log_in"  # it belongs to an account, and nobody is logged in
    CHOOSE = "choose"  # it can be submitted after log-in or without
    SUBMIT = "submit"
    OTHER_ACCOUNT = "other_account"
    COPY = "copy"  # it leads nowhere
    GONE = "gone"  # it was submitted already, or forgotten


def refuse(request: HttpRequest, *, status: int, state: State | None = None) -> HttpResponse:
    """Return the page for a form that was not accepted, and keep the form if it came from this site."""
    owner_of(request)  # reads the user first, because Django empties a session whose password was changed
    path, fields, form = request.get_full_path(), unsent.posted_fields(request), None
    is_blocked = not request.COOKIES and unsent.COOKIE_TEST_FIELD in dict(fields or [])
    match = _match(path)
    if not unsent.came_from_this_site(request):
        state = State.FOREIGN
    elif request.method != "POST" or fields is None:
        state = State.UNREADABLE
    elif is_blocked:
        state = State.COOKIES_BLOCKED
    else:
        state = state or _state(request, path)
        form = unsent.keep(request, path, fields) if match and match.url_name != "unsent" else None
    fields = [(name, value) for name, value in fields or [] if name not in unsent.DROPPED]
    context = _context(request, state, path, fields, form) | {"is_refused": True}
    return _respond(request, context, status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """Show a kept form to submit or to copy; log out first if it belongs to another account.

    With `next` instead of `kept`, go there if the browser accepts cookies, and explain it if not.
    """
    if request.method == "POST":
        return _change_account(request)
    if target := safe_next_url(request):
        if request.COOKIES:
            return redirect(target)
        return _respond(request, _context(request, State.COOKIES_BLOCKED, target, [], None), 200)
    form = unsent.find(request, request.GET.get("kept"))
    if form is None:
        return _respond(request, _context(request, State.GONE, "", [], None), 200)
    state = _state(request, form.path)
    context = _context(request, state, form.path, form.fields, form)
    context["others"] = [
        (other.id, " ".join([*unsent.typed_texts(other.fields), other.path]))
        for other in unsent.kept_forms(request)
        if other.id != form.id
    ]
    # Only the link of the log-in page has the id. Without it, or where the owner is uncertain, the candidate decides.
    context["at_once"] = state == State.SUBMIT and "kept" in request.GET and _is_personal(_match(form.path))
    return _respond(request, context, 200)


def refuse_if_session_has_ended(request: HttpRequest) -> HttpResponse | None:
    """Return the page with status 403 if the form belongs to a session that has ended, else None."""
    match = request.resolver_match
    if match is None or match.url_name not in SESSION_FORMS or not unsent.session_has_ended(request):
        return None
    return refuse(request, status=403)


def is_of_another_owner(request: HttpRequest) -> bool:
    """Return whether a request that found nothing was for an attempt, a note or a bookmark of another owner.

    What does not exist counts as well, so that the page does not tell which attempts there are.
    """
    match = request.resolver_match
    return match is not None and _is_personal(match) and not _owns_attempt(request, match)


def not_found_state(request: HttpRequest) -> State:
    """Return what can be done about a form for something that belongs to another owner."""
    return State.OTHER_ACCOUNT if request.user.is_authenticated else State.LOG_IN


def kept_url(form: UnsentForm) -> str:
    """Return the URL of the page that submits the kept form."""
    return f"{reverse('unsent')}?{urlencode({'kept': form.id})}"


def _change_account(request: HttpRequest) -> HttpResponse:
    """Log out, keep the form, and go to the log-in page."""
    form = unsent.find(request, request.POST.get("kept") or "none")
    if request.user.is_authenticated:
        logout(request)
        if form:
            unsent.store(request, [form])
    return redirect(_login_url(kept_url(form) if form else ""))


def _state(request: HttpRequest, path: str) -> State:
    """Return what can be done about a form to this path."""
    match = _match(path)
    if match is None:
        return State.COPY
    is_logged_in = request.user.is_authenticated
    if "public_id" in match.kwargs:
        if _owns_attempt(request, match):
            return State.SUBMIT
        return State.OTHER_ACCOUNT if is_logged_in else State.LOG_IN
    return State.SUBMIT if is_logged_in or match.route.startswith(LOGIN_PAGES) else State.CHOOSE


def _is_personal(match: ResolverMatch | None) -> bool:
    return match is not None and ("public_id" in match.kwargs or match.url_name in SAVED_ITEMS)


def _owns_attempt(request: HttpRequest, match: ResolverMatch) -> bool:
    public_id = match.kwargs.get("public_id")
    if not isinstance(public_id, uuid.UUID):
        return False
    return bool(Attempt.objects.owned_by(owner_of(request)).with_public_ids([public_id]).exists())


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path.partition("?")[0])
    except Resolver404:
        return None


def _login_url(next_url: str) -> str:
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return reverse("account_login") + query


def _context(request: HttpRequest, state: State, path: str, fields: Fields, form: UnsentForm | None) -> dict[str, Any]:
    match = _match(path)
    return {
        "state": state,
        "path": path,
        "fields": fields,
        "texts": unsent.typed_texts(fields),
        "kept": form,
        "id_field": unsent.ID_FIELD,
        "cookie_test_field": unsent.COOKIE_TEST_FIELD,
        "has_cookies": bool(request.COOKIES),
        "is_attempt": match is not None and "public_id" in match.kwargs,
        "login_url": _login_url(kept_url(form) if form else ""),
    }


def _respond(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """Return the page, or for htmx what takes the place of the form if that is not the whole of `main`."""
    target = request.htmx.target if sent_by_htmx(request) else None  # type: ignore[attr-defined]
    is_in_place = target not in (None, "main")
    if is_in_place:
        template, context = "questions/accounts/_unsent_in_place.html", context | {"target": target}
    else:
        template = "questions/accounts/unsent.html"
    response = render(request, template, context, status=status)
    if sent_by_htmx(request) and not is_in_place:
        response.headers["HX-Push-Url"] = reverse("unsent") if context["kept"] else "false"
    add_never_cache_headers(response)
    return response
