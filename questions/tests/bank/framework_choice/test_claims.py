"""What the other questions claim is run: the key holds, and what distractors claim does not.

One test for each question, named after its slug.
"""

import importlib.util
import pkgutil
import sys
from types import ModuleType
from typing import Annotated

import pydantic
import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask
from pydantic import BaseModel

from questions.tests.bank.content import Asked, run


def api(code: str) -> TestClient:
    """A client of the FastAPI application that the question shows."""
    return TestClient(run(code)["app"])


def test_framework_overhead_share(item: Asked) -> None:
    before, after = 95 + 5, 95 + 1
    assert {str(round(100 * (before - after) / before))} == item.accepted


def test_built_in_batteries(item: Asked) -> None:
    import fastapi
    import starlette

    for name in ("django.contrib.admin", "django.db.migrations"):
        assert importlib.util.find_spec(name)
    for package in (fastapi, starlette):
        names = {module.name for module in pkgutil.walk_packages(package.__path__)}
        assert not any("admin" in name or "migration" in name for name in names)
    assert FastAPI().openapi()["openapi"]
    assert item.accepted == {
        "Migrations of the database schema",
        "An admin interface for the models",
    }


def test_feature_to_framework(item: Asked) -> None:
    homes = {
        "`Depends()`": ("fastapi", "Depends", "FastAPI"),
        "The context-local object `g`": ("flask", "g", "Flask"),
        "`ModelAdmin`": ("django.contrib.admin", "ModelAdmin", "Django"),
        "`ModelSerializer`": ("rest_framework.serializers", "ModelSerializer", "Django REST framework"),
    }
    for module, name, _project in homes.values():
        assert name in vars(importlib.import_module(module))
    pairs = item.pairs
    assert pairs == {text: project for text, (_module, _name, project) in homes.items()}


def test_fastapi_request_order(item: Asked) -> None:
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
    assert order == item.options


def test_django_middleware_order(item: Asked, settings, monkeypatch) -> None:
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
    assert order == item.options


def test_fastapi_dependency_called_once(item: Asked) -> None:
    assert api(item.code).get("/").json() == [1, 1, 1]
    assert item.key == "`[1, 1, 1]`"


def test_dependency_overrides_in_tests(item: Asked) -> None:
    app = FastAPI()

    def get_session() -> str:
        return "real"

    @app.get("/")
    def home(session: Annotated[str, Depends(get_session)]) -> str:
        return session

    app.dependency_overrides[get_session] = lambda: "fake"
    assert TestClient(app).get("/").json() == "fake"
    assert "dependency_overrides" in item.accepted


def test_flask_outside_context(item: Asked) -> None:
    with pytest.raises(RuntimeError, match="outside of application context"):
        run(item.code)
    assert item.key == "It raises `RuntimeError`"


def test_openapi_out_of_the_box(item: Asked) -> None:
    client = TestClient(FastAPI())
    assert client.get("/openapi.json").json()["openapi"]
    assert "swagger" in client.get("/docs").text.lower()
    assert item.key == "True"


def test_plain_dict_from_flask(item: Asked) -> None:
    app = Flask("plain")

    @app.get("/")
    def view():
        return {"id": 7}, 201

    response = app.test_client().get("/")
    assert (response.status_code, response.get_json()) == (201, {"id": 7})
    assert item.key == 'Status 201 with the JSON body `{"id": 7}`'


def test_module_list_in_flask(item: Asked) -> None:
    app = run(item.code)["app"]
    app.test_client().get("/add/apple")
    response = app.test_client().get("/add/pear")
    assert (response.status_code, response.get_json()) == (200, ["apple", "pear"])
    assert item.key == '`["apple", "pear"]`'
