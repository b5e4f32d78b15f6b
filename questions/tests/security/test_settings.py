"""Security settings from environment variables."""

import json
import re

import pytest
from django.conf import settings

from questions.tests.processes import run

ASK = """
import json
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from allauth.core.internal.ratelimit import get_ip
from django.test import RequestFactory
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
asked = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.7", REMOTE_ADDR="10.0.0.1")
answer = Client().get("/preferences/", headers={"x-forwarded-proto": "https"})
plain = Client().get("/preferences/")
print(json.dumps({
    "admin": reverse("admin:index"),
    "hash": make_password("x").split("$")[0],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "hsts": answer.headers.get("Strict-Transport-Security"),
    "cookies": [[name, morsel["secure"], morsel["samesite"], morsel["httponly"]]
                for name, morsel in answer.cookies.items()],
    "plain": [plain.status_code, plain.headers.get("Location")],
    "ip": get_ip(asked),
    "policy": answer.headers["Content-Security-Policy"],
    "is_secure": RequestFactory().get("/", HTTP_X_FORWARDED_PROTO="https").is_secure(),
    "debug": settings.DEBUG,
}))
"""


def told(folder, **environment: str):
    """Return what a site with this configuration reports."""
    (folder / "static").mkdir()
    code, output, errors = run(folder, "shell", "--no-imports", "-c", ASK, ALLOWED_HOSTS="testserver", **environment)
    assert (code, errors) == (0, ""), errors
    return json.loads(output)


def test_behind_tls_everything_requires_https(tmp_path) -> None:
    found = told(tmp_path, BEHIND_TLS="true", ADMIN_PATH="/desk", CSP_REPORT_URI="https://reports.example/csp")
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert found["plain"] == [301, "https://testserver/preferences/"]
    assert found["secure"] == [True, True]
    assert found["cookies"] == [["__Host-csrftoken", True, "Lax", True]]
    assert found["admin"] == "/desk/"
    assert "report-uri https://reports.example/csp" in found["policy"]
    assert found["ip"] == "203.0.113.7"  # added by the proxy; clients can forge the rest


def test_without_a_proxy_forwarded_addresses_are_ignored(tmp_path) -> None:
    found = told(tmp_path)
    assert found["ip"] == "10.0.0.1"
    assert not found["is_secure"]
    assert found["hsts"] is None
    assert found["admin"] == "/admin/"
    assert found["hash"] == "argon2"
    assert not found["debug"]
    assert "report-uri" not in found["policy"]


def test_empty_admin_path_is_refused(tmp_path) -> None:
    code, _, errors = run(tmp_path, "check", ADMIN_PATH="/")
    assert code == 1
    assert "ADMIN_PATH is empty" in errors


@pytest.mark.parametrize("folder", ["questions", "quizsite", "templates", "static"])
def test_admin_path_is_not_hard_coded(folder: str) -> None:
    named = re.compile(r"""["'(=\s]/?admin/(?![\w/]+\.html)""")
    for path in (settings.BASE_DIR / folder).rglob("*.*"):
        if path.suffix in (".py", ".html", ".js") and "tests" not in path.parts:
            lines = [line for line in path.read_text().splitlines() if 'env.str("ADMIN_PATH"' not in line]
            assert not any(named.search(line) for line in lines), path
