"""The guide's programs print the output shown, and its table states the defaults of each framework."""

import json
from typing import Any

import pytest
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views import View
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask, request
from pydantic import BaseModel
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from questions.tests.bank.content import django_site, printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("03-http-and-rest.yaml")
LISTINGS = ["idempotency-key", "fastapi-etag", "flask-etag", "django-etag"]
DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@pytest.mark.parametrize("slug", LISTINGS)
def test_a_listing_prints_the_output_shown(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    assert printed(listing["code"]) == listing["output"].strip()


def test_the_three_programs_with_an_etag_print_the_same() -> None:
    assert len({BANK.fields("codelisting", slug)["output"] for slug in LISTINGS[1:]}) == 1


class Item(BaseModel):
    name: str


def fastapi_client() -> TestClient:
    app = FastAPI()

    @app.get("/items")
    async def items() -> list[int]:
        return [1]

    @app.post("/items", status_code=201)
    async def create(item: Item) -> Item:
        return item

    @app.post("/slash/")
    async def slash() -> None:
        return None

    return TestClient(app, follow_redirects=False)


def flask_client() -> Any:
    app = Flask("defaults")

    @app.get("/items")
    def items():
        return [1]

    @app.post("/items")
    def create():
        return request.get_json(), 201

    @app.post("/slash/")
    def slash():
        return ""

    return app.test_client()


class ItemSerializer(serializers.Serializer):
    name = serializers.CharField()


class ItemAPI(APIView):
    authentication_classes: list[type] = []
    permission_classes: list[type] = []

    def get(self, request):
        return Response([1])

    def post(self, request):
        serializer = ItemSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.data, status=201)


class ItemView(View):
    def get(self, request):
        return HttpResponse("hello")

    def post(self, request):
        return JsonResponse(json.loads(request.body), status=201)


@pytest.fixture
def django():
    patterns = [
        path("items", ItemView.as_view()),
        path("api", ItemAPI.as_view()),
        path("function", lambda request: HttpResponse(request.method)),
        path("slash/", ItemView.as_view()),
    ]
    templates = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
    with django_site(patterns, *DEFAULT_MIDDLEWARE, APPEND_SLASH=True, TEMPLATES=templates) as client:
        yield client


def cells(feature: str) -> list[str]:
    """Return the three cells of the row whose feature starts with this text."""
    rows = [row["fields"] for row in BANK.rows if row["model"] == "questions.comparisonrow"]
    (row,) = [row for row in rows if row["feature"].startswith(feature)]
    return row["cells"]


def state(feature: str, *statuses: Any) -> bool:
    """Return whether the three cells start with these status codes, in inline code."""
    return all(cell.startswith(f"`{status}`") for cell, status in zip(cells(feature), statuses, strict=True))


def test_every_row_of_the_table_is_tested_here() -> None:
    rows = [row["fields"]["feature"] for row in BANK.rows if row["model"] == "questions.comparisonrow"]
    known = ("Unknown", "Known", "HEAD", "OPTIONS", "Trailing", "Body", "JSON sent", "Required")
    assert len(rows) == len(known) and all(map(str.startswith, rows, known))


def test_unknown_path(django) -> None:
    responses = fastapi_client().get("/nowhere"), flask_client().get("/nowhere"), django.get("/nowhere")
    assert state("Unknown", *[response.status_code for response in responses])
    kinds = [response.headers["Content-Type"].partition(";")[0] for response in responses]
    assert kinds == ["application/json", "text/html", "text/html"]
    assert responses[0].json() == {"detail": "Not Found"}


def test_wrong_method(django) -> None:
    responses = fastapi_client().delete("/items"), flask_client().delete("/items"), django.delete("/items")
    assert state("Known", *[response.status_code for response in responses])
    assert responses[0].headers["Allow"] == "GET"
    for response in (*responses[1:], django.delete("/api")):
        assert response.status_code == 405
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert django.delete("/function").content == b"DELETE"


def test_head(django) -> None:
    assert fastapi_client().head("/items").status_code == 405
    assert cells("HEAD")[0].startswith("`405`")
    flask = flask_client().head("/items")
    assert flask.status_code == 200 and flask.data == b""
    for response in (django.head("/items"), django.head("/api")):
        assert response.status_code == 200 and response.content == b""
    assert django.head("/function").headers["Content-Length"] == str(len("HEAD"))


def test_options(django) -> None:
    responses = fastapi_client().options("/items"), flask_client().options("/items"), django.options("/items")
    assert state("OPTIONS", *[response.status_code for response in responses])
    assert all("GET" in response.headers["Allow"] for response in responses)
    assert {"name", "parses", "renders"} <= set(django.options("/api").json())


def test_trailing_slash_missing_or_added(django) -> None:
    responses = fastapi_client().post("/slash"), flask_client().post("/slash"), django.post("/slash")
    assert state("Trailing", *[response.status_code for response in responses])
    assert all(response.headers["Location"].endswith("/slash/") for response in responses)
    added = fastapi_client().get("/items/"), flask_client().get("/items/"), django.get("/items/")
    assert [response.status_code for response in added] == [307, 404, 404]


def send(client: Any, path: str, body: str, kind: str) -> Any:
    """Return the response to a POST with this body."""
    if isinstance(client, TestClient):
        return client.post(path, content=body, headers={"Content-Type": kind})
    return client.post(path, data=body, content_type=kind)


def test_body_that_is_not_json(django) -> None:
    clients = (fastapi_client(), "/items"), (flask_client(), "/items"), (django, "/api")
    responses = [send(client, path, "{", "application/json") for client, path in clients]
    assert state("Body", *[response.status_code for response in responses])
    assert responses[0].json()["detail"][0]["type"] == "json_invalid"
    assert send(django, "/items", "{", "application/json").status_code == 500


def test_json_sent_as_text(django) -> None:
    clients = (fastapi_client(), "/items"), (flask_client(), "/items"), (django, "/api")
    responses = [send(client, path, '{"name": "Ada"}', "text/plain") for client, path in clients]
    assert state("JSON sent", *[response.status_code for response in responses])
    assert responses[0].json()["detail"][0]["input"] == '{"name": "Ada"}'
    assert send(django, "/items", '{"name": "Ada"}', "text/plain").status_code == 201


def test_required_field_missing(django) -> None:
    statuses = [
        send(client, path, "{}", "application/json").status_code
        for client, path in [(fastapi_client(), "/items"), (django, "/api"), (flask_client(), "/items")]
    ]
    fastapi, flask, drf = cells("Required")
    assert statuses == [422, 400, 201]
    assert fastapi.startswith("`422`") and drf.startswith("`400`") and flask.startswith("Nothing")
    assert send(django, "/items", "{}", "application/json").status_code == 201
