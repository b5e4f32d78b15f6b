"""What model answers and the guide say in passing about the frameworks is run."""

import inspect

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import path
from fastapi import Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from flask import Flask

from questions.tests.bank.content import django_site


def test_a_converter_in_the_path_lets_the_search_go_on() -> None:
    app = FastAPI()
    app.get("/reports/{number:int}")(lambda number: "one")
    app.get("/reports/latest")(lambda: "latest")
    assert TestClient(app).get("/reports/latest").json() == "latest"
    site = Flask(__name__)
    site.get("/reports/<number>", endpoint="one")(lambda number: "one")
    site.get("/reports/latest", endpoint="latest")(lambda: "latest")
    assert site.test_client().get("/reports/latest").text == "latest"


def test_called_by_hand_a_dependency_is_a_marker() -> None:
    def service(session=Depends(object)):  # noqa: B008 - as in an endpoint
        return session

    assert service() is inspect.signature(service).parameters["session"].default
    assert type(service()) is not object


def test_authentication_above_sessions_is_told() -> None:
    authentication = "django.contrib.auth.middleware.AuthenticationMiddleware"
    with django_site([path("", lambda request: HttpResponse())], authentication) as client:
        client.raise_request_exception = True
        with pytest.raises(ImproperlyConfigured, match="session middleware"):
            client.get("/")


def test_handlers_for_classes_of_ones_own_answer_inside_of_cors() -> None:
    class OutOfStock(Exception):
        pass

    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
    app.add_exception_handler(OutOfStock, lambda request, error: JSONResponse({}, status_code=409))

    @app.get("/")
    def buy():
        raise OutOfStock

    answer = TestClient(app).get("/", headers={"Origin": "https://shop.example"})
    assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (409, True)


def test_a_wrapper_sees_crashes_templates_and_what_dependencies_noted() -> None:
    seen = []

    class Audit:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            status = []

            async def note(event):
                status.extend([event["status"]] if event["type"] == "http.response.start" else [])
                await send(event)

            try:
                await self.app(scope, receive, note)
            finally:
                route = scope.get("route")
                seen.append((getattr(route, "path", None), status, scope.get("state", {}).get("user")))

    def user(request: Request) -> None:
        request.state.user = "ada"

    app = FastAPI(dependencies=[Depends(user)])
    app.add_middleware(Audit)

    @app.get("/orders/{number}")
    def order(number: int):
        return 1 // number

    TestClient(app).get("/orders/7")
    TestClient(app, raise_server_exceptions=False).get("/orders/0")
    TestClient(app, raise_server_exceptions=False).get("/nowhere")
    TestClient(Audit(app), raise_server_exceptions=False).get("/orders/0")
    inner, outer = seen[3:]
    assert seen[0] == ("/orders/{number}", [200], "ada")
    assert seen[1] == ("/orders/{number}", [], "ada")  # the exception passes; the 500 is made outside
    assert seen[2] == (None, [404], None)
    assert (inner[1], outer[1]) == ([], [500])
