"""Pages that are the same for every anonymous visitor, rendered once for all of them every few seconds."""

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

from questions.performance import switches
from questions.performance.fragment_cache import Fragment, Placeholders, cached

# Cookies that say nothing about what a visitor did: they are part of the cache key, or filled into the page.
HARMLESS_COOKIES = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "theme", "keys", "zone", "chosen_zone"}


def cached_for_anonymous(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Return the view with one page for all anonymous visitors, at most ANONYMOUS_PAGE_SECONDS old.

    Anonymous here means a visitor without a session, messages or any other cookie that is not harmless. The page is
    rendered from the request of such a visitor, so it cannot hold anybody's data; CSRF tokens and start IDs are filled
    in for each response. All others get a fresh page.
    """

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if switches.is_off("anonymous_pages") or not _is_anonymous(request):
            return view(request, *args, **kwargs)
        key = ("page", request.path, request.preferences, get_language())  # type: ignore[attr-defined]
        render = partial(_rendered, view, request, *args, **kwargs)
        page = cached(key, render, seconds=settings.ANONYMOUS_PAGE_SECONDS, part="anonymous_pages")
        return _response(request, page)

    return respond


def _is_anonymous(request: HttpRequest) -> bool:
    """Return whether the page of this request is the same for every visitor who has done nothing yet."""
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and request.COOKIES.keys() <= HARMLESS_COOKIES
    )


def _rendered(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> Fragment:
    """Return the page with placeholders, which the context processor makes when it finds `request.placeholders`."""
    placeholders = request.placeholders = Placeholders()  # type: ignore[attr-defined]
    return placeholders.fragment(view(request, *args, **kwargs).content.decode())


def _response(request: HttpRequest, page: Fragment) -> HttpResponseBase:
    """Return the page with this visitor's tokens, or status 304 if the visitor's copy is still the same."""
    token = request.META.get("CSRF_COOKIE")
    etag = f'W/"{hashlib.sha256(repr((page, token)).encode()).hexdigest()[:32]}"' if token else None
    if etag and (not_modified := get_conditional_response(request, etag=etag)):
        return not_modified
    start_ids = {name: uuid.uuid4() for name in page.names if name.startswith("start_id")}
    response = HttpResponse(page.fill({**start_ids, "csrf_token": get_token(request)}))
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    if etag:
        response.headers["ETag"] = etag
    return response
