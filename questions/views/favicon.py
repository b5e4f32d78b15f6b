"""Favicon: the initial of SITE_NAME as an SVG."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """Return the favicon as SVG."""
    return render(request, "mark.svg", content_type="image/svg+xml")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect from /favicon.ico, which browsers request by default, to the SVG."""
    return redirect("mark")
