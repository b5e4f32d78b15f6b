"""Settings of the test suite: the production settings with faster hashing and a throw-away database."""

import atexit
import os
import shutil
import tempfile

if "VAR_DIR" not in os.environ:  # the workers of one test run share its folder
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="quizsite-tests-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from quizsite.settings import *
from quizsite.settings import DATABASES, STORAGES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ANONYMOUS_PAGE_SECONDS = 0
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # serve static files from their sources: no test needs collectstatic
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory, so that the threads of the live server lock as in production.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
