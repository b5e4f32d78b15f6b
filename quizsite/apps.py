"""App configurations that adapt Django's admin and its collection of static files."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class AdminConfig(DjangoAdminConfig):
    """Admin app that uses `quizsite.admin_site.Site` and handles signals of log-ins and log-outs."""

    default_site = "quizsite.admin_site.Site"

    def ready(self) -> None:
        from quizsite.auth import audit_log, csrf_tokens  # noqa: F401, PLC0415

        super().ready()


class CollectedFilesConfig(StaticFilesConfig):
    """Static files without the Bootstrap and htmx builds that no page uses, which take long to compress."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.rtl*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap*.js*",
        "htmx-4*",
        "htmax-*",
    ]
