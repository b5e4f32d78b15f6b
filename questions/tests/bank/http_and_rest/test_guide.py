"""What the guide says in prose, and what its open questions rest on, is run."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBearer
from fastapi.testclient import TestClient
from flask import Flask, session
from rest_framework import authentication, permissions, views
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response as DRFResponse
from rest_framework.settings import DEFAULTS
from starlette.exceptions import HTTPException as StarletteHTTPException
from werkzeug.exceptions import HTTPException as WerkzeugHTTPException

from questions.tests.bank.content import django_site, run
from questions.tests.bank.fixture_files import Bank

BANK = Bank("03-http-and-rest.yaml")
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
PROBLEM = "application/problem+json"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"


@pytest.mark.parametrize(("status", "arrives"), [(301, "GET"), (302, "GET"), (307, "POST x"), (308, "POST x")])
def test_what_a_redirect_makes_of_a_post(status: int, arrives: str) -> None:
    app = FastAPI()
    app.post("/old")(lambda: RedirectResponse("/new", status))
    app.get("/new")(lambda: "GET")

    @app.post("/new")
    def new(response: Response) -> str:
        return "POST x"

    assert TestClient(app).post("/old", content="x").json() == arrives


@pytest.mark.parametrize(
    ("caught", "kinds"),
    [(HTTPException, [PROBLEM, "application/json"]), (StarletteHTTPException, [PROBLEM, PROBLEM])],
)
def test_which_handler_gets_the_error_of_an_unknown_path(caught: type, kinds: list[str]) -> None:
    app = FastAPI()

    def problem(request, error):
        return JSONResponse({"title": "a problem"}, error.status_code, error.headers, media_type=PROBLEM)

    @app.get("/conflict")
    def conflict() -> None:
        raise HTTPException(409)

    @app.get("/number")
    def number(value: int) -> int:
        return value

    app.add_exception_handler(caught, problem)
    client = TestClient(app)
    assert [client.get(path).headers["Content-Type"] for path in ("/conflict", "/nowhere")] == kinds
    assert client.get("/number").headers["Content-Type"] == "application/json"
    assert client.post("/conflict").headers["Allow"] == "GET"


def test_handlers_for_validation_errors_and_crashes_in_fastapi() -> None:
    app = FastAPI()

    def problem(status):
        return lambda request, error: JSONResponse({"title": "a problem"}, status, media_type=PROBLEM)

    @app.get("/number")
    def number(value: int) -> float:
        return 1 / value

    app.add_exception_handler(RequestValidationError, problem(422))
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/number").headers["Content-Type"] == PROBLEM
    assert client.get("/number?value=0").text == "Internal Server Error"
    app.middleware_stack = None
    app.add_exception_handler(Exception, problem(500))
    assert client.get("/number?value=0").headers["Content-Type"] == PROBLEM


def test_one_handler_gets_every_error_in_flask() -> None:
    app = Flask("errors")

    @app.errorhandler(WerkzeugHTTPException)
    def problem(error):
        return {"title": error.name}, error.code, {"Content-Type": PROBLEM}

    @app.get("/crash")
    def crash():
        return str(1 / 0)

    client = app.test_client()
    responses = client.get("/nowhere"), client.delete("/crash"), client.get("/crash")
    assert [response.status_code for response in responses] == [404, 405, 500]
    assert {response.headers["Content-Type"] for response in responses} == {PROBLEM}


def api(classes: list[type], **attributes):
    """A view of DRF that wants an authenticated user, found by those authentication classes."""

    class Restricted(views.APIView):
        authentication_classes = classes
        permission_classes = [permissions.IsAuthenticated]

        def get(self, request):
            return DRFResponse(1)

    return Restricted.as_view(**attributes)


def test_drf_handles_only_what_its_views_raise(monkeypatch) -> None:
    seen = []

    def handler(error, context):
        seen.append(type(error))
        return views.exception_handler(error, context)

    monkeypatch.setattr(views.APIView, "get_exception_handler", lambda self: handler)
    with django_site([path("api", api([]))], TEMPLATES=TEMPLATES) as client:
        assert client.get("/nowhere").status_code == 404
        assert seen == []
        client.get("/api")
        assert seen == [PermissionDenied]


def test_who_answers_401_and_who_403() -> None:
    assert DEFAULTS["DEFAULT_AUTHENTICATION_CLASSES"][0].endswith("SessionAuthentication")
    by_session, by_token = authentication.SessionAuthentication, authentication.TokenAuthentication
    patterns = [path("session", api([by_session, by_token])), path("token", api([by_token, by_session]))]
    with django_site(patterns, SESSIONS) as client:
        assert client.get("/session").status_code == 403
        response = client.get("/token")
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.parametrize("scheme", [HTTPBearer(), HTTPBasic(), APIKeyHeader(name="X-Key")])
def test_security_classes_of_fastapi_answer_401_and_say_how(scheme) -> None:
    app = FastAPI()
    app.get("/", dependencies=[Depends(scheme)])(lambda: 1)
    response = TestClient(app).get("/")
    assert response.status_code == 401 and response.headers["WWW-Authenticate"]


def test_a_weak_tag_never_satisfies_if_match() -> None:
    view = condition(etag_func=lambda request: '"1"')(lambda request: HttpResponse())
    statuses = [view(RequestFactory().put("/", headers={"If-Match": tag})).status_code for tag in ('"1"', 'W/"1"')]
    assert statuses == [200, 412]
    flask = run(BANK.fields("codelisting", "flask-etag")["code"])
    flask["note"].update(version=1)
    client = flask["app"].test_client()
    assert client.put("/note", headers={"If-Match": 'W/"1"'}).status_code == 412
    assert client.put("/note", headers={"If-Match": '"0", "1"'}).status_code == 204


def test_gzip_of_django_weakens_the_tag_so_that_saving_fails() -> None:
    view = condition(etag_func=lambda request: '"1"')(lambda request: HttpResponse("x" * 2000))
    with django_site([path("", view)], "django.middleware.gzip.GZipMiddleware") as client:
        tag = client.get("/", headers={"Accept-Encoding": "gzip"}).headers["ETag"]
        assert tag == 'W/"1"'
        assert client.put("/", headers={"If-Match": tag}).status_code == 412


def test_the_django_program_needs_no_view_for_304_and_412_and_answers_head() -> None:
    program = run(BANK.fields("codelisting", "django-etag")["code"])
    assert program["note"] == {"text": "Buy tea", "version": 2}
    assert program["view"](RequestFactory().head("/note")).headers["ETag"] == '"2"'
    called: list[str] = []
    view = condition(etag_func=lambda request: '"1"')(lambda request: called.append("called"))
    assert view(RequestFactory().get("/", headers={"If-None-Match": '"1"'})).status_code == 304
    assert view(RequestFactory().delete("/", headers={"If-Match": '"0"'})).status_code == 412
    assert not called


def test_conditional_get_middleware_saves_no_work() -> None:
    ran = []

    def view(request):
        ran.append(request.path)
        return HttpResponse("hello")

    with django_site([path("", view)], "django.middleware.http.ConditionalGetMiddleware") as client:
        tag = client.get("/").headers["ETag"]
        assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    assert len(ran) == 2


def test_who_adds_vary_and_nobody_adds_private() -> None:
    def reading(request):
        return HttpResponse(request.session.get("user"))

    both = path("both", api([]))
    only = path("only", api([], renderer_classes=[JSONRenderer]))
    plain, never = path("plain", lambda request: HttpResponse()), path("never", never_cache(lambda r: HttpResponse()))
    with django_site([path("session", reading), both, only, plain, never], SESSIONS) as client:
        headers = [client.get(f"/{name}").headers for name in ("session", "both", "only", "plain")]
        never_cached = client.get("/never").headers["Cache-Control"]
    flask = Flask("vary")
    flask.secret_key = "any"
    flask.add_url_rule("/", view_func=lambda: str(session.get("user")))
    fast = FastAPI()
    fast.get("/")(lambda: 1)
    others = [flask.test_client().get("/").headers.get("Vary"), TestClient(fast).get("/").headers.get("Vary")]
    assert [*(one.get("Vary") for one in headers), *others] == ["Cookie", "Accept", None, None, "Cookie", None]
    assert not any("Cache-Control" in one for one in headers)
    assert {"private", "no-store"} <= set(never_cached.split(", "))
