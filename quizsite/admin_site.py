"""Admin site that uses the site's own login page, and requires MFA if STAFF_MFA is set."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache


class Site(AdminSite):
    """Admin without login and password pages of its own: allauth's pages have the rate limits."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the admin shows, with the version of the site."""
        return super().each_context(request) | {"version": settings.VERSION}

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff and, if STAFF_MFA is set, used MFA in this session."""
        return super().has_permission(request) and not lacks_mfa(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the login or MFA page that is still needed; raise PermissionDenied if the user is not staff."""
        next_url = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(next_url)
        if not super().has_permission(request):
            raise PermissionDenied
        if not lacks_mfa(request):
            return redirect("admin:index")
        return _redirect_to_mfa(request, next_url)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to allauth's page for changing the password."""
        return redirect("account_change_password")


def lacks_mfa(request: HttpRequest) -> bool:
    """Return whether MFA is required but was not used in this session.

    It is the session that counts: it may have begun before the user set up MFA.
    """
    return settings.STAFF_MFA and not any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def _redirect_to_mfa(request: HttpRequest, next_url: str) -> HttpResponse:
    """Redirect to the page that asks for a code or a passkey, or to the MFA settings if nothing is set up yet."""
    types = Authenticator.Type
    if is_mfa_enabled(request.user, [types.TOTP]):
        return redirect_to_login(next_url, reverse("mfa_reauthenticate"))
    if is_mfa_enabled(request.user, [types.WEBAUTHN]):
        return redirect_to_login(next_url, reverse("mfa_reauthenticate_webauthn"))
    messages.info(request, _("The admin asks for a second factor. Set one up here, then come back."))
    return redirect("mfa_index")
