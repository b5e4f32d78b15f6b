"""The admin with the site's own door and log, and what is collected of the static files that packages bring."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class AdminConfig(DjangoAdminConfig):
    """The admin with the site of `quizsite.admin_site`."""

    default_site = "quizsite.admin_site.Site"

    def ready(self) -> None:
        """Connects what logs who logs in."""
        from quizsite.auth import audit_log  # noqa: F401, PLC0415

        super().ready()


class CollectedFilesConfig(StaticFilesConfig):
    """Leaves out the builds of Bootstrap that no page uses: collecting and compressing them takes most of the time."""

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
