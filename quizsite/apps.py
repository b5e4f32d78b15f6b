"""The admin with the site's own door, and what is collected of the static files that packages bring."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class AdminConfig(DjangoAdminConfig):
    """The admin as `quizsite.admin` opens it."""

    default_site = "quizsite.admin.Site"


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
