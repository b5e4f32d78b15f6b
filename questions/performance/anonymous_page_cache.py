"""Pages that are the same for everybody who has done nothing here yet: made once, and kept for a few seconds."""

import hashlib
import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from questions.performance.fragment_cache import Fragment, Placeholders, cached

# Cookies that say nothing of what somebody did: they shape the page, or are filled into it.
HARMLESS = {settings.CSRF_COOKIE_NAME, "theme", "keys", "zone"}


def cached_for_anonymous(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The view, which answers strangers with a page made for all of them at most STRANGERS_SECONDS ago.

    They are those who send no cookie but HARMLESS ones: no session, no messages. The page is made from the request of
    one of them, so that it can hold nothing of anybody else; its tokens and ids are each reader's own.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_anonymous(request):
            return view(request, *args, **kwargs)
        key = ("page", request.path, request.preferences, get_language())  # type: ignore[attr-defined]
        page = cached(key, partial(_made, view, request, *args, **kwargs), seconds=settings.ANONYMOUS_PAGE_SECONDS)
        return _sent(request, page)

    return answer


def _is_anonymous(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and request.COOKIES.keys() <= HARMLESS
    )


def _made(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> Fragment:
    """The page with holes, which the context leaves where it finds `request.holes`."""
    placeholders = request.placeholders = Placeholders()  # type: ignore[attr-defined]
    return placeholders.fragment(view(request, *args, **kwargs).content.decode())


def _sent(request: HttpRequest, page: Fragment) -> HttpResponseBase:
    """The page for this reader, or word that the copy which they have is still the same."""
    seen = request.META.get("CSRF_COOKIE")
    tag = f'W/"{hashlib.sha256(repr((page, seen)).encode()).hexdigest()[:32]}"' if seen else None
    if tag and (unchanged := get_conditional_response(request, etag=tag)):
        return unchanged
    ids = {name: uuid.uuid4() for name in page.names if name.startswith("start_id")}
    response = HttpResponse(page.fill({**ids, "csrf_token": get_token(request)}))
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    if tag:
        response.headers["ETag"] = tag
    return response
