"""Admin of users' MFA authenticators, without their secrets."""

from allauth.mfa.admin import Authenticator, AuthenticatorAdmin
from django.contrib import admin
from django.http import HttpRequest

admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class ReadOnlyAuthenticatorAdmin(AuthenticatorAdmin):
    """Authenticators, which staff can only view and delete, for users who have lost theirs."""

    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # only users themselves can set up an authenticator

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return False
