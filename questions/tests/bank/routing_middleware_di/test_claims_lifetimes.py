"""What questions claim about hooks and lifetimes is run.

One test for each question, named after its slug.
"""

import functools
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import path
from django.views import View
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask, g, session
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from questions.tests.bank.content import Asked, django_site, printed, run

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]


@pytest.mark.django_db
def test_new_group_after_restart(item: Asked, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        view = run(item.code)["GroupNames"].as_view()
        mended = run(item.code.replace("in self.groups]", "in self.groups.all()]"))["GroupNames"].as_view()
    instances = []

    class Noting(View):
        def get(self, request):
            instances.append(self)
            return HttpResponse()

    Group.objects.all().delete()
    Group.objects.create(name="after import")
    with django_site([path("", view), path("mended/", mended), path("noting/", Noting.as_view())]) as client:
        assert client.get("/").json() == client.get("/mended/").json() == ["after import"]
        Group.objects.create(name="after the first request")
        assert client.get("/").json() == ["after import"]
        assert client.get("/mended/").json() == ["after import", "after the first request"]
        client.get("/noting/")
        client.get("/noting/")
    assert instances[0] is not instances[1]
    assert item.key == "The queryset on the class keeps its first result"


def test_hooks_of_site_and_blueprint(item: Asked) -> None:
    assert printed(item.code).splitlines() == item.options
    twice = item.code.replace("site.before", 'site.before_request(hook("first"))\nsite.before')
    twice = twice.replace("site.after", 'site.after_request(hook("last"))\nsite.after')
    site_before, *middle, teardown = item.options
    assert printed(twice).splitlines() == ["first", site_before, *middle, "last", teardown]


def test_after_request_and_the_500(item: Asked) -> None:
    app = Flask("site")
    ended = []

    @app.get("/")
    def view():
        return str(1 / 0)

    @app.after_request
    def security_header(response):
        ended.append("after_request")
        response.headers["X-Frame-Options"] = "DENY"
        return response

    app.teardown_request(lambda error: ended.append(type(error)))
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (500, "DENY")
    assert ended == ["after_request", ZeroDivisionError]
    ended.clear()
    for setting in ("TESTING", "DEBUG"):
        app.config.update(TESTING=False, DEBUG=False)
        app.config[setting] = True
        with pytest.raises(ZeroDivisionError):
            app.test_client().get("/")
    assert ended == [ZeroDivisionError] * 2

    async def header(request, call_next):
        response = await call_next(request)
        response.headers["X-Frame-Options"] = "DENY"
        return response

    fastapi = FastAPI()
    fastapi.add_middleware(BaseHTTPMiddleware, dispatch=header)
    fastapi.get("/")(view)
    answer = TestClient(fastapi, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500 and "X-Frame-Options" not in answer.headers
    assert item.key == "True"


def test_needs_middleware(item: Asked, tmp_path) -> None:
    (tmp_path / "large.txt").write_text("ink " * 1000)
    answered, known, depended = [], [], []

    async def number(request, call_next):
        known.append(dict(request.path_params))
        response = await call_next(request)
        answered.append(request.url.path)
        response.headers["X-Number"] = str(len(answered))
        return response

    def order(order_id: int, page: int = 1):
        depended.append(order_id)

    app = FastAPI(dependencies=[Depends(lambda: depended.append("application"))])
    app.add_middleware(BaseHTTPMiddleware, dispatch=number)
    app.add_middleware(GZipMiddleware)
    app.get("/orders/{order_id}", dependencies=[Depends(order)])(lambda: None)
    app.mount("/files", StaticFiles(directory=tmp_path))
    client = TestClient(app)
    paths = ["/nowhere", "/files/large.txt", "/orders/7"]
    unknown, static, _ = answers = [client.get(path) for path in paths]
    assert unknown.status_code == 404
    assert [answer.headers["X-Number"] for answer in answers] == ["1", "2", "3"]
    assert static.headers["Content-Encoding"] == "gzip"
    assert answered == paths  # middleware would open a session for all three
    assert depended == ["application", 7]  # dependencies ran for the last one only
    assert known == [{}] * 3
    assert client.get("/orders/7?page=x").status_code == 422
    parameters = client.get("/openapi.json").json()["paths"]["/orders/{order_id}"]["get"]["parameters"]
    assert [one["name"] for one in parameters] == ["order_id", "page"]
    assert {text.split(" of ")[0] for text in item.accepted} == {"A request ID in a header", "Compression"}


def test_hook_with_the_view(item: Asked) -> None:
    program: Any = run(item.code)
    marks: list[Any] = []
    limit: Any = program["RateLimit"]

    class Everywhere(limit):  # type: ignore[misc, valid-type]
        def __init__(self, get_response):
            super().__init__(get_response)
            marks.append(("__init__", hasattr(get_response, "is_expensive")))

        def __call__(self, request):
            marks.append(("before", request.resolver_match))
            response = super().__call__(request)
            marks.append(("after", request.resolver_match.func.is_expensive, response.text))
            return response

        def process_view(self, request, view, args, kwargs):
            marks.append(("process_view", view.is_expensive, kwargs))

    class Refusing(limit):  # type: ignore[misc, valid-type]
        def process_view(self, request, view, args, kwargs):
            return HttpResponse(status=429) if view.is_expensive else None

    patterns = [path("<int:year>/", program["report"])]
    with django_site(patterns, Everywhere) as client:
        client.get("/2026/")
    assert marks == [
        ("__init__", False),
        ("before", None),
        ("process_view", True, {"year": 2026}),
        ("after", True, "report of 2026"),  # too late: the view has run
    ]
    with django_site(patterns, Refusing) as client:
        response = client.get("/2026/")
    assert (response.status_code, response.text) == (429, "")
    assert item.key.startswith("In a method `process_view`")


def test_tenant_lost_on_the_way(item: Asked) -> None:
    changes = {
        "as it is": ("", ""),
        "Declare the endpoint with plain `def` as well": ("async def tenant", "def tenant"),
        "Declare the dependency with `async def` instead": ("def set_tenant", "async def set_tenant"),
        "Add a `yield` at the end of the dependency": (".set(x_tenant)", ".set(x_tenant)\n    yield"),
        "Declare the dependency on the endpoint itself": ('get("/"', 'get("/", dependencies=[Depends(set_tenant)]'),
    }

    def seen(code):
        return TestClient(run(code)["app"]).get("/", headers={"X-Tenant": "blue"}).json()

    on_endpoint = item.code.replace("FastAPI(dependencies=[Depends(set_tenant)])", "FastAPI()")
    codes = {text: on_endpoint if "itself" in text else item.code for text in changes}
    tenants = {text: seen(codes[text].replace(*change)) for text, change in changes.items()}
    assert tenants == {text: "blue" if text == item.key else "-" for text in ["as it is", *item.options]}
    both = item.code.replace("def set_tenant", "async def set_tenant").replace("async def tenant", "def tenant")
    assert seen(both) == "blue"


def test_how_long_it_lives(item: Asked) -> None:
    @asynccontextmanager
    async def lifespan(app):
        yield {"pool": object()}

    @functools.lru_cache
    def settings():
        return object()

    async def mark(request, call_next):
        if request.url.path == "/marked":
            request.state.mark = "put there by middleware"
        return await call_next(request)

    pools = []
    app = FastAPI(lifespan=lifespan)
    app.add_middleware(BaseHTTPMiddleware, dispatch=mark)

    @app.get("/{name}")
    def endpoint(request: Request, name: str):
        pools.append(request.state.pool)
        return getattr(request.state, "mark", None)

    assert settings() is settings()
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/marked").json() == "put there by middleware"
            assert client.get("/plain").json() is None
    assert pools[0] is pools[1] and pools[2] is pools[3] and pools[1] is not pools[2]

    def process():
        site = Flask("site")
        site.secret_key = "the same for all processes"
        site.get("/enter")(lambda: session.update(name="ada") or "")
        site.get("/", endpoint="name")(lambda: session.get("name", "nobody"))
        return site.test_client()

    first, second, stranger = process(), process(), process()
    first.get("/enter")
    second.set_cookie("session", first.get_cookie("session").value)
    assert [client.get("/").text for client in (first, second, stranger)] == ["ada", "ada", "nobody"]
    one_process = "All requests in one process"
    assert list(item.pairs.values()) == [
        one_process,
        "A single request",
        "All requests from one browser",
        one_process,
    ]


def test_user_kept_in_g(item: Asked) -> None:
    app = Flask(__name__)
    app.secret_key = "for the session"

    @app.post("/login")
    def log_in():
        g.user = session["user"] = "ada"
        return "welcome"

    @app.get("/")
    def show():
        return {"g": g.get("user"), "session": session.get("user")}

    browser = app.test_client()  # it keeps cookies, and everything runs in this process and thread
    browser.post("/login")
    assert browser.get("/").json == {"g": None, "session": "ada"}
    assert app.test_client().get("/").json == {"g": None, "session": None}
    assert item.key == "Nothing: each request starts with a new `g`"
