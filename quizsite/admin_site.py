"""The admin's door: people come in by the site's own log-in, and with a second factor where STAFF_MFA demands one."""

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
    """Django's admin without log-in and password pages of its own: the limits on guessing are at the site's."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the admin shows, with the version of the site."""
        return super().each_context(request) | {"version": settings.VERSION}

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the requester is staff and has shown as much as is demanded."""
        return super().has_permission(request) and not lacks_factor(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to what the requester lacks; raises PermissionDenied for those who are not staff."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not super().has_permission(request):
            raise PermissionDenied
        if not lacks_factor(request):
            return redirect("admin:index")
        return _to_factor(request, wanted)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leads to the site's page for that."""
        return redirect("account_change_password")


def lacks_factor(request: HttpRequest) -> bool:
    """Whether a second factor is demanded and was not shown in this session, which may be older than the factor."""
    return settings.STAFF_MFA and not any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def _to_factor(request: HttpRequest, wanted: str) -> HttpResponse:
    """Leads to where a second factor is shown, or set up where there is none yet."""
    kinds = Authenticator.Type
    if is_mfa_enabled(request.user, [kinds.TOTP]):
        return redirect_to_login(wanted, reverse("mfa_reauthenticate"))
    if is_mfa_enabled(request.user, [kinds.WEBAUTHN]):
        return redirect_to_login(wanted, reverse("mfa_reauthenticate_webauthn"))
    messages.info(request, _("The admin asks for a second factor. Set one up here, then come back."))
    return redirect("mfa_index")
