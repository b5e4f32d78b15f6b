"""The site's mark: its initial, so that one setting gives both name and mark."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """The mark as a picture."""
    return render(request, "mark.svg", content_type="image/svg+xml")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the mark from the address that browsers try of their own accord, as in the admin."""
    return redirect("mark")
