"""Each question whose answer can be run is run: the key holds, and what distractors claim does not.

One test for each question, named after its slug.
"""

import asyncio
import importlib.util
import inspect
import pkgutil
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Annotated, Any, ClassVar

import pydantic
import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask
from pydantic import BaseModel, StrictInt, ValidationError

from questions.models import Topic
from questions.tests.bank.content import choices, fields, key, printed, run

FILE = "01-framework-choice.yaml"


def code_of(slug: str) -> str:
    return fields(FILE, "question", slug)["code"]


def api(slug: str) -> TestClient:
    """A client of the FastAPI application that the question shows."""
    return TestClient(run(code_of(slug))["app"])


def in_new_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What the coroutine gives in an event loop of its own; a thread, since the browser tests keep a loop running."""

    async def run_and_close() -> Any:
        try:
            return await coroutine
        finally:
            await sync_to_async(connections.close_all)()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, run_and_close()).result()


def accepted(slug: str) -> set[str]:
    """The texts of the choices that earn something."""
    return {choice["text"] for choice in choices(FILE, slug) if choice.get("weight", 0) > 0}


def outcome(annotation: Any, value: Any) -> Any:
    """What a field of that type makes of the value, or "refused"."""
    try:
        return pydantic.create_model("Model", field=(annotation, ...))(field=value).field
    except ValidationError:
        return "refused"


def test_fastapi_text_for_int() -> None:
    response = api("fastapi-text-for-int").post("/orders", json={"copies": "3"})
    assert (response.status_code, response.json()) == (200, {"copies": 6})
    assert key(FILE, "fastapi-text-for-int") == '200 with `{"copies": 6}`'
    assert outcome(StrictInt, "3") == "refused"


def test_fastapi_missing_field_status() -> None:
    class Body(BaseModel):
        name: str

    app = FastAPI()

    @app.post("/")
    def take(body: Body) -> None: ...

    response = TestClient(app).post("/", json={})
    assert str(response.status_code) in accepted("fastapi-missing-field-status")
    assert response.json()["detail"][0]["loc"] == ["body", "name"]


def test_drf_missing_field_status(settings) -> None:
    from rest_framework import serializers
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class Named(serializers.Serializer):
        name = serializers.CharField()

    class View(APIView):
        authentication_classes: ClassVar[list[type]] = []
        permission_classes: ClassVar[list[type]] = []

        def post(self, request):
            Named(data=request.data).is_valid(raise_exception=True)
            return Response({})

    response = View.as_view()(RequestFactory().post("/", {}, content_type="application/json"))
    assert str(response.status_code) in accepted("drf-missing-field-status")
    assert response.data == {"name": ["This field is required."]}


def test_flask_json_without_content_type() -> None:
    client = run(code_of("flask-json-without-content-type"))["app"].test_client()
    assert client.post("/people", data='{"name": "Ada"}').status_code == 415
    assert client.post("/people", data="{", content_type="application/json").status_code == 400
    assert key(FILE, "flask-json-without-content-type").startswith("415")


def test_pydantic_lax_bool() -> None:
    values = {'`"yes"`': "yes", "`2`": 2, '`"off"`': "off", '`""`': ""}
    taken = {text for text, value in values.items() if outcome(bool, value) != "refused"}
    assert taken == accepted("pydantic-lax-bool")
    assert outcome(bool, "off") is False


def test_pydantic_int_conversions() -> None:
    values = {'`" 7 "`': " 7 ", "`2.0`": 2.0, "`True`": True, "`2.5`": 2.5}
    pairs = {choice["text"]: choice["match"] for choice in choices(FILE, "pydantic-int-conversions") if choice["text"]}
    assert pairs == {text: str(outcome(int, value)) for text, value in values.items()}


def test_pydantic_extra_fields() -> None:
    class Body(BaseModel):
        name: str

    app = FastAPI()

    @app.post("/")
    def take(body: Body) -> Body:
        return body

    response = TestClient(app).post("/", json={"name": "Ada", "nmae": "Eve"})
    assert (response.status_code, response.json()) == (200, {"name": "Ada"})
    assert key(FILE, "pydantic-extra-fields") == "False"


def test_blocking_call_in_async_endpoint() -> None:
    namespace = run(code_of("blocking-call-in-async-endpoint"))
    order = []
    namespace["time"] = type("Clock", (), {"sleep": staticmethod(lambda seconds: order.append("slept"))})

    async def quick() -> None:
        await namespace["quick"]()
        order.append("quick")

    async def both() -> None:
        await asyncio.gather(namespace["slow"](), quick())

    in_new_loop(both())
    assert order == ["slept", "quick"]
    assert inspect.iscoroutinefunction(namespace["slow"])
    assert key(FILE, "blocking-call-in-async-endpoint").startswith("When `slow` is done")


def endpoint_threads() -> tuple[bool, bool]:
    """Whether a plain and an asynchronous endpoint run in the event loop's thread."""
    app = FastAPI()
    seen: dict[str, int] = {}

    @app.middleware("http")
    async def note_loop(request: Request, call_next):
        seen["loop"] = threading.get_ident()
        return await call_next(request)

    @app.get("/plain")
    def plain() -> None:
        seen["plain"] = threading.get_ident()

    @app.get("/async")
    async def asynchronous() -> None:
        seen["async"] = threading.get_ident()

    with TestClient(app) as client:
        client.get("/plain")
        client.get("/async")
    return seen["plain"] == seen["loop"], seen["async"] == seen["loop"]


def test_def_endpoint_runs_in_thread() -> None:
    assert endpoint_threads() == (False, True)
    assert key(FILE, "def-endpoint-runs-in-thread") == "True"


def test_flask_async_view_concurrency() -> None:
    app = Flask("two")
    running, most = set(), 0
    two_run = threading.Event()

    @app.get("/")
    async def wait() -> str:
        nonlocal most
        running.add(me := object())
        most = max(most, len(running))
        if len(running) == 2:
            two_run.set()
        while not two_run.is_set():
            await asyncio.sleep(0)
        running.discard(me)
        return "done"

    with ThreadPoolExecutor(max_workers=2) as workers:
        answers = list(workers.map(lambda _: app.test_client().get("/").text, range(6)))
    assert answers == ["done"] * 6
    assert most == 2
    assert key(FILE, "flask-async-view-concurrency").startswith("Two")


@pytest.mark.django_db
def test_django_async_orm(monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def works() -> bool:
        await Topic.objects.filter(pk=1).aexists()
        return [topic async for topic in Topic.objects.all()] == []

    async def plain_loop() -> None:
        for _topic in Topic.objects.all():
            pass

    assert in_new_loop(works())
    with pytest.raises(SynchronousOnlyOperation):
        in_new_loop(plain_loop())
    assert not hasattr(transaction.atomic(), "__aenter__")
    assert hasattr(Topic.objects, "aget")
    assert accepted("django-async-orm") == {
        "`await Book.objects.aget(pk=1)`",
        "`async for book in Book.objects.all():`",
    }


@pytest.mark.django_db
def test_django_sync_query_in_async_view(monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def view() -> Topic:
        return Topic.objects.get(pk=1)

    with pytest.raises(Exception, match="async") as raised:
        in_new_loop(view())
    assert raised.type.__name__ in accepted("django-sync-query-in-async-view")
    assert f"{raised.type.__module__}.{raised.type.__name__}" in accepted("django-sync-query-in-async-view")
    assert not issubclass(raised.type, RuntimeError)


def test_framework_overhead_share() -> None:
    before, after = 95 + 5, 95 + 1
    assert {str(round(100 * (before - after) / before))} == accepted("framework-overhead-share")


def test_query_dominates_latency() -> None:
    assert {str(100 + 5)} == accepted("query-dominates-latency")
    assert 1 - 101 / 105 < 0.04


def test_built_in_batteries() -> None:
    import fastapi
    import starlette

    for name in ("django.contrib.admin", "django.db.migrations"):
        assert importlib.util.find_spec(name)
    for package in (fastapi, starlette):
        names = {module.name for module in pkgutil.walk_packages(package.__path__)}
        assert not any("admin" in name or "migration" in name for name in names)
    assert FastAPI().openapi()["openapi"]
    assert accepted("built-in-batteries") == {
        "Migrations of the database schema",
        "An admin interface for the models",
    }


def test_feature_to_framework() -> None:
    homes = {
        "`Depends()`": ("fastapi", "Depends", "FastAPI"),
        "The context-local object `g`": ("flask", "g", "Flask"),
        "`ModelAdmin`": ("django.contrib.admin", "ModelAdmin", "Django"),
        "`ModelSerializer`": ("rest_framework.serializers", "ModelSerializer", "Django REST framework"),
    }
    for module, name, _project in homes.values():
        assert name in vars(importlib.import_module(module))
    pairs = {choice["text"]: choice["match"] for choice in choices(FILE, "feature-to-framework")}
    assert pairs == {text: project for text, (_module, _name, project) in homes.items()}


def test_wsgi_asgi_terms() -> None:
    import starlette.applications

    assert list(inspect.signature(Flask("x").wsgi_app).parameters) == ["environ", "start_response"]
    assert list(inspect.signature(starlette.applications.Starlette().__call__).parameters) == [
        "scope",
        "receive",
        "send",
    ]
    assert issubclass(FastAPI, starlette.applications.Starlette)


def test_fastapi_request_order() -> None:
    app = FastAPI()
    order = []

    class Body(BaseModel):
        name: str

    class Answer(BaseModel):
        name: str

        @pydantic.field_serializer("name")
        def note(self, value: str) -> str:
            order.append("The response model filters and serializes the result")
            return value

    @app.middleware("http")
    async def around(request: Request, call_next):
        order.append("The middleware runs up to its `await call_next(request)`")
        response = await call_next(request)
        order.append("The middleware continues with the response")
        return response

    def resource():
        order.append("The dependency runs up to its `yield`")
        yield 1

    @app.post("/", response_model=Answer)
    def endpoint(body: Body, resource: Annotated[int, Depends(resource)]):
        order.append("The endpoint is called with the validated body")
        return {"name": body.name, "secret": resource}

    assert TestClient(app).post("/", json={"name": "Ada"}).json() == {"name": "Ada"}
    assert order == [choice["text"] for choice in choices(FILE, "fastapi-request-order")]


def test_django_middleware_order(settings, monkeypatch) -> None:
    order: list[str] = []

    def printing(name: str):
        def middleware(get_response):
            def call(request):
                order.append(f"{name}, before")
                response = get_response(request)
                order.append(f"{name}, after")
                return response

            return call

        return middleware

    def view(request):
        order.append("The view")
        return HttpResponse()

    onion = ModuleType("onion")
    vars(onion).update(outer=printing("Outer"), inner=printing("Inner"))
    monkeypatch.setitem(sys.modules, "onion", onion)
    settings.MIDDLEWARE = ["onion.outer", "onion.inner"]
    handler = BaseHandler()
    handler._get_response = view
    handler.load_middleware()
    handler.get_response(RequestFactory().get("/"))
    assert order == [choice["text"] for choice in choices(FILE, "django-middleware-order")]


def test_fastapi_dependency_called_once() -> None:
    assert api("fastapi-dependency-called-once").get("/").json() == [1, 1, 1]
    assert key(FILE, "fastapi-dependency-called-once") == "`[1, 1, 1]`"


def test_dependency_overrides_in_tests() -> None:
    app = FastAPI()

    def get_session() -> str:
        return "real"

    @app.get("/")
    def home(session: Annotated[str, Depends(get_session)]) -> str:
        return session

    app.dependency_overrides[get_session] = lambda: "fake"
    assert TestClient(app).get("/").json() == "fake"
    assert "dependency_overrides" in accepted("dependency-overrides-in-tests")


def test_flask_outside_context() -> None:
    with pytest.raises(RuntimeError, match="outside of application context"):
        run(code_of("flask-outside-context"))
    assert key(FILE, "flask-outside-context") == "It raises `RuntimeError`"


def test_django_orm_outside_django() -> None:
    for signal in (request_started, request_finished):
        assert close_old_connections in signal._live_receivers(None)[0]
    assert key(FILE, "django-orm-outside-django").startswith("Django sends signals")


def test_drf_validated_data_type() -> None:
    shown = printed(code_of("drf-validated-data-type"))
    assert f"`{shown}`" == key(FILE, "drf-validated-data-type")


def test_openapi_out_of_the_box() -> None:
    client = TestClient(FastAPI())
    assert client.get("/openapi.json").json()["openapi"]
    assert "swagger" in client.get("/docs").text.lower()
    assert key(FILE, "openapi-out-of-the-box") == "True"


def test_pydantic_json_defaults() -> None:
    assert {printed(code_of("pydantic-json-defaults"))} == accepted("pydantic-json-defaults")


def test_response_model_filters() -> None:
    response = api("response-model-filters").get("/me")
    assert (response.status_code, response.json()) == (200, {"name": "Ada"})
    assert key(FILE, "response-model-filters") == '`{"name": "Ada"}`'


def test_sync_view_under_asgi(settings) -> None:
    seen: dict[str, int] = {}

    def view(request):
        seen["view"] = threading.get_ident()
        return HttpResponse()

    async def ask() -> None:
        seen["loop"] = threading.get_ident()
        await BaseHandler().adapt_method_mode(True, view)(None)

    in_new_loop(ask())
    assert seen["view"] != seen["loop"]
    assert key(FILE, "sync-view-under-asgi").startswith("In a thread")


def test_pydantic_cost_claims() -> None:
    class Body(BaseModel):
        name: str

    first = Body.__pydantic_validator__
    Body(name="a")
    Body(name="b")
    assert Body.__pydantic_validator__ is first
    assert "Building the model's schema anew in each request" not in accepted("pydantic-cost-claims")


def test_plain_dict_from_flask() -> None:
    app = Flask("plain")

    @app.get("/")
    def view():
        return {"id": 7}, 201

    response = app.test_client().get("/")
    assert (response.status_code, response.get_json()) == (201, {"id": 7})
    assert key(FILE, "plain-dict-from-flask") == 'Status 201 with the JSON body `{"id": 7}`'
