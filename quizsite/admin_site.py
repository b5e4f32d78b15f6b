"""Admin site that uses the site's own login page, and requires MFA if STAFF_MFA is set."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from quizsite.auth import mfa


class Site(AdminSite):
    """Admin without login and password pages of its own: allauth's pages have the rate limits."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the admin shows, with the version of the site."""
        return super().each_context(request) | {"version": settings.VERSION}

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff and, if STAFF_MFA is set, used MFA in this session."""
        return super().has_permission(request) and not mfa.lacks_mfa(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the login or MFA page that is still needed; raise PermissionDenied if the user is not staff."""
        next_url = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(next_url)
        if not super().has_permission(request):
            raise PermissionDenied
        if not mfa.lacks_mfa(request):
            return redirect("admin:index")
        return mfa.redirect_to_mfa(request, next_url)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to allauth's page for changing the password."""
        return redirect("account_change_password")
