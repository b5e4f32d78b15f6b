"""URL configuration: the pages of the app, allauth and the admin."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("questions.urls")),
    path("accounts/", include("allauth.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]

handler400 = "questions.views.errors.bad_request"
handler403 = "questions.views.errors.permission_denied"
handler404 = "questions.views.errors.page_not_found"
handler429 = "questions.views.errors.too_many_requests"  # allauth's
handler500 = "questions.views.errors.server_error"

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
