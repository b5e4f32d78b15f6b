"""Settings, read from the environment; docs/hosting.md lists every variable. Defaults are safe for production."""

import re
import secrets
import tomllib
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from questions.accounts import rate_limits

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key_from_file() -> str:
    """Return the secret key stored in VAR_DIR; create the file, readable only by its owner, on first use."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        draft.replace(path)
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _secret_key_from_file()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)

SITE_NAME = env.str("SITE_NAME", default="Quizsite")
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
if not re.fullmatch(r"(https?://[^/\s?#]+(/[^\s?#]*)?)?", SITE_URL):
    raise ImproperlyConfigured(f'SITE_URL is "{SITE_URL}". Set it to an address such as https://quiz.example.org.')
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/").strip("/") + "/"
if ADMIN_PATH == "/":
    raise ImproperlyConfigured("ADMIN_PATH is empty. Set it to a path such as desk/.")

INSTALLED_APPS = [
    "questions",
    "quizsite.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "quizsite.apps.CollectedFilesConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_include_bootstrap",
]

MIDDLEWARE = [
    "quizsite.middleware.HeadersMiddleware",
    "quizsite.monitoring.health.HealthMiddleware",
    "quizsite.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "quizsite.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quizsite.middleware.PreferencesMiddleware",
    "quizsite.middleware.UnsentMiddleware",
]

ROOT_URLCONF = "quizsite.urls"
WSGI_APPLICATION = "quizsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "questions.context_processors.site",
            ],
        },
    },
]

# Databases ----------------------------------------------------------------------------------------------------------
# With SQLite's deferred transactions, two requests that read and then write at the same time fail with "database is
# locked"; IMMEDIATE takes the write lock first and waits for it.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'quizsite.sqlite3'}")}
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=16)
_database = DATABASES["default"]
_database["CONN_HEALTH_CHECKS"] = True
# Not unlimited: a SQLite connection reads the index statistics that `upkeep` updates only when it opens.
_database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=3600) or None
if _database["ENGINE"] == "django.db.backends.sqlite3":
    SQLITE_SYNCHRONOUS = env.str("SQLITE_SYNCHRONOUS", default="NORMAL")
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # secure_delete overwrites deleted rows, which SQLite may otherwise leave in the file.
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SQLITE_SYNCHRONOUS}; PRAGMA secure_delete=ON;",
    }
elif DATABASE_POOL_SIZE:
    # The pool keeps the connections, so Django must not. With CONN_HEALTH_CHECKS the pool checks each one before use.
    _database["CONN_MAX_AGE"] = 0
    _pool = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}
    _database["OPTIONS"] = {"connect_timeout": 10, **_database.get("OPTIONS", {}), "pool": _pool}

# "default" is shared by all processes, for example for the counters of failed logins.
_cache = env.cache_url_config(re.sub("^valkey", "redis", env.str("CACHE_URL", default="locmemcache://")))
_cache["KEY_PREFIX"] = "quizsite"
if _cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    _cache["OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2, **_cache.get("OPTIONS", {})}
# "content" belongs to one process: rendered questions and page frames, up to MAX_ENTRIES of them.
_content = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "content", "TIMEOUT": None}
if DEBUG:  # so that changes of templates show
    _content["BACKEND"] = "django.core.cache.backends.dummy.DummyCache"
# How long pages are cached for anonymous visitors who have done nothing yet; all others always get fresh pages.
ANONYMOUS_PAGE_SECONDS = env.float("ANONYMOUS_PAGE_SECONDS", default=10)
# How long after the deadline of an exam or interview a save still counts that was sent before it.
DEADLINE_GRACE = timedelta(seconds=env.float("DEADLINE_GRACE_SECONDS", default=10))
CACHES = {"default": _cache, "content": {**_content, "OPTIONS": {"MAX_ENTRIES": 3_000}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts -----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["quizsite.auth.backends.Backend"]
# Django upgrades a password to the first hasher when its owner logs in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "quizsite.auth.password_validation.OwnWordsValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_SESSION_REMEMBER = True
# Sign-up must not reveal which email addresses have an account, so two accounts may share an unconfirmed address.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # ask for the password again before the email address changes
ACCOUNT_RATE_LIMITS = rate_limits.LIMITS  # allauth adds its own for log-in, sign-up, passwords and email addresses
# Number of proxies in front of the site that append to X-Forwarded-For; it decides which address the limits apply to.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=int(BEHIND_TLS))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_ADAPTER = "quizsite.auth.mfa.Adapter"
STAFF_MFA = env.bool("STAFF_MFA", default=False)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

EMAIL_TIMEOUT = 20  # seconds, so that a mail server that hangs does not keep a request or the reminders waiting
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="quizsite@localhost")

# Language and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "language"
CONTENT_LANGUAGE = env.str("CONTENT_LANGUAGE", default="en")  # of guides and questions
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["quizsite.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# Static files and fixtures ------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Security -----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # for the data: images in Bootstrap's stylesheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
if _reported_to := env.str("CSP_REPORT_URI", default=""):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["report-uri"] = [_reported_to]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "quizsite.auth.sessions"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "questions.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    # Browsers accept a __Host- cookie only over HTTPS, from this host alone, with the path /.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=True)
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# Requests and logs --------------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a long guide in the admin
FILE_UPLOAD_HANDLERS = [
    "quizsite.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LOG_FORMATTERS = {
    "text": "quizsite.monitoring.log_formatters.TextFormatter",
    "json": "quizsite.monitoring.log_formatters.JSONFormatter",
}
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in LOG_FORMATTERS:
    raise ImproperlyConfigured(f'LOG_FORMAT is "{LOG_FORMAT}". Set it to {" or ".join(LOG_FORMATTERS)}.')
_on_console = {"handlers": ["console"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "quizsite.monitoring.log_formatters.RequestFilter"}},
    "formatters": {"line": {"()": LOG_FORMATTERS[LOG_FORMAT]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {**_on_console, "level": "WARNING"},
        "quizsite.security": {**_on_console, "level": "INFO"},
        "quizsite.requests": {**_on_console, "level": "INFO" if env.bool("LOG_REQUESTS", default=False) else "WARNING"},
        "_granian": {**_on_console, "level": "WARNING"},
    },
}

# Prometheus metrics, served by the server's first process -----------------------------------------------------------
METRICS_HOST = env.str("METRICS_HOST", default="127.0.0.1")
METRICS_PORT = env.int("METRICS_PORT", default=0)
if METRICS_PORT:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("quizsite.middleware.RequestMiddleware"), "quizsite.monitoring.metrics.MetricsMiddleware"
    )

if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
    # Inside GZipMiddleware: the toolbar cannot change a compressed response.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.gzip.GZipMiddleware") + 1, "debug_toolbar.middleware.DebugToolbarMiddleware"
    )
    INTERNAL_IPS = ["127.0.0.1"]
