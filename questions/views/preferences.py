"""Page for the preferences of a visitor."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from questions.accounts.preferences import CHOSEN_ZONE, COOKIE_MAX_AGE, Preferences, chosen_zone
from questions.forms.preferences import PreferencesForm
from questions.views.http import safe_next_url


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the preferences, or save the submitted ones in cookies."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "questions/accounts/preferences.html", {"form": form})
    back = safe_next_url(request)
    response = redirect(back or "preferences")
    for name in set(form.cleaned_data) & set(request.POST):
        if value := form.cleaned_data[name]:
            response.set_cookie(name, value, max_age=COOKIE_MAX_AGE, samesite="Lax", secure=request.is_secure())
        else:
            response.delete_cookie(name, samesite="Lax")
    if not back:
        with translation.override(form.cleaned_data["language"] or translation.get_language()):
            messages.success(request, translation.gettext("Your preferences are saved in this browser."))
    return response


def _initial(request: HttpRequest) -> dict[str, str]:
    saved: Preferences = request.preferences  # type: ignore[attr-defined]
    zone = chosen_zone(request.COOKIES)
    return {
        "theme": saved.theme,
        "language": request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        "keys": "on" if saved.keys else "off",
        CHOSEN_ZONE: zone.key if zone else "",
    }
