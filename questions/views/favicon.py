"""The site's mark at the address that browsers try of their own accord, as in the admin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the mark among the static files."""
    return redirect(static("icon.svg"))
