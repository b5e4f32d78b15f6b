"""Serving pictures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from questions.bank import pictures
from questions.content.pictures import MEDIA_TYPES

# Whoever opens a picture on its own gets a document that can run, load and submit nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SECONDS = 365 * 24 * 60 * 60  # the address holds the digest, so the content behind it never changes


@cache_control(public=True, max_age=SECONDS, immutable=True)
@require_safe
def picture(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """Return a picture's file, current or replaced. Only texts that show it tell its address."""
    content = pictures.content(digest, extension)
    if content is None:
        raise Http404
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": "inline",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=MEDIA_TYPES[extension], headers=headers)
