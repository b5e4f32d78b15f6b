"""Unsent forms: what a rejected form posted, kept in the session so that it can be submitted after log-in."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

SESSION_KEY = "unsent"
MAX_FORMS = 5
MAX_BYTES = 100_000  # of all kept forms together, as JSON
ID_FIELD = "unsent-id"  # of a form that submits a kept form: the id of the kept form
COOKIE_TEST_FIELD = "unsent-cookies"  # of a form on a page that has just set a cookie, since none had come
DRAFT_SUFFIX = "/draft/"  # of the paths to which scripts, not forms, post
MFA_PATHS = "/accounts/2fa/"  # allauth's forms with codes, which no page repeats
DROPPED = {"csrfmiddlewaretoken", ID_FIELD, COOKIE_TEST_FIELD}
TYPED = {"text", "follow_up"}  # fields that are shown for copying even if they hold a single word
# Django makes the session cookie and the CSRF cookie SameSite=Lax: browsers leave them out of forms of other sites.
OUR_COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """A form that was not accepted: the path with query that it was posted to, and its names and values."""

    id: str
    path: str
    fields: Fields


def posted_fields(request: HttpRequest) -> Fields | None:
    """Return the names and values of the form; None if it has a file or a secret, or cannot be parsed."""
    try:
        has_secret = request.path_info.startswith(MFA_PATHS) or any("password" in name for name in request.POST)
        if request.FILES or has_secret:
            return None
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:
        return None  # pages for errors must not fail


def typed_texts(fields: Fields | None) -> list[str]:
    """Return the values that somebody typed, judged by the name of the field or by white space in the value."""
    return [value for name, value in fields or [] if value.strip() and (name in TYPED or any(map(str.isspace, value)))]


def is_draft(request: HttpRequest) -> bool:
    """Return whether a script posted the draft of an answer; it expects JSON."""
    return request.method == "POST" and request.path.endswith(DRAFT_SUFFIX)


def came_from_this_site(request: HttpRequest) -> bool:
    """Return whether a page of this site posted the form.

    A valid CSRF token proves it. Without one, the headers that browsers add must agree that it did. Without any such
    header, it did if it brings a cookie that browsers never add to forms of other sites; a request without that too
    comes from no current browser, and is believed over plain HTTP only, as Django believes a token there.
    """
    if getattr(request, "csrf_processing_done", False):
        return True
    headers = request.headers
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if "Origin" in headers or "Sec-Fetch-Site" in headers:
        return headers.get("Origin") in {None, *ours} and headers.get("Sec-Fetch-Site") in {None, "same-origin"}
    if "Referer" in headers:
        return _origin_of(headers["Referer"]) in ours
    return not OUR_COOKIES.isdisjoint(request.COOKIES) or not request.is_secure()


def session_has_ended(request: HttpRequest) -> bool:
    """Return whether the browser brings the cookie of a session that is gone; the next page it opens deletes it."""
    has_cookie = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return has_cookie and not request.user.is_authenticated and request.session.is_empty()


def keep(request: HttpRequest, path: str, fields: Fields) -> UnsentForm | None:
    """Keep the form in place of an older one to the same path, and return it; None if it is too large.

    The caller has checked that it came from this site. The oldest forms make room for it. What a script posts by
    itself, such as the preview in the admin, is not kept.
    """
    if request.headers.get("Sec-Fetch-Dest") == "empty" and "HX-Request" not in request.headers:
        return None
    sent = [(name, value) for name, value in fields if name not in DROPPED]
    form = UnsentForm(secrets.token_urlsafe(12), path, sent)
    forms = [*(each for each in kept_forms(request) if each.path != path), form][-MAX_FORMS:]
    while sum(map(_size, forms)) > MAX_BYTES:
        forms.pop(0)
    if not forms:
        return None
    store(request, forms)
    return form


def kept_forms(request: HttpRequest) -> list[UnsentForm]:
    """Return the kept forms, the newest last."""
    return list(_read(request.session.get(SESSION_KEY, [])))


def find(request: HttpRequest, form_id: str | None) -> UnsentForm | None:
    """Return the kept form with this id, or the newest one without an id; None if there is none."""
    found = [form for form in kept_forms(request) if not form_id or form.id == form_id]
    return found[-1] if found else None


def forget(request: HttpRequest, form_id: str) -> None:
    """Remove the kept form with this id."""
    forms = kept_forms(request)
    if any(form.id == form_id for form in forms):
        store(request, [form for form in forms if form.id != form_id])


def store(request: HttpRequest, forms: list[UnsentForm]) -> None:
    """Replace the kept forms."""
    if forms:
        request.session[SESSION_KEY] = [[form.id, form.path, form.fields] for form in forms]
    else:
        request.session.pop(SESSION_KEY, None)


def _read(rows: list[Any]) -> Iterator[UnsentForm]:
    for form_id, path, fields in rows:
        yield UnsentForm(form_id, path, [(name, value) for name, value in fields])


def _size(form: UnsentForm) -> int:
    return len(json.dumps([form.id, form.path, form.fields]))


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
