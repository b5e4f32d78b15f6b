"""The guide's three programs answer exactly what the guide says beneath them."""

import asyncio
import contextlib
import json
import sys
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext
from django.db.models import QuerySet
from django.test import Client
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, field_validator

from questions.bank.models.topics import Topic
from questions.tests.bank.content import in_new_loop, run
from questions.tests.bank.fixture_files import Bank

BANK = Bank("01-framework-choice.yaml")
Send = Callable[[str, str, Any], tuple[int, Any]]


def exchanges(output: str) -> list[tuple[str, str, Any, str]]:
    """(method, path, body, line of the answer) of each request in the text beneath a listing."""
    found = []
    for block in output.split("\n\n"):
        request, answer = block.splitlines()
        method, path, body = request.split(" ", 2)
        found.append((method, path, json.loads(body), answer))
    return found


def fastapi(code: str, settings: Any) -> Send:
    client = TestClient(run(code)["app"])

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        response = client.request(method, path, json=body)
        return response.status_code, response.json()

    return send


def flask(code: str, settings: Any) -> Send:
    client = run(code)["app"].test_client()

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        response = client.open(path, method=method, json=body)
        return response.status_code, response.get_json()

    return send


def drf(code: str, settings: Any) -> Send:
    module = ModuleType("listing_urls")
    vars(module).update(run(code))
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    settings.MIDDLEWARE = []

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        response = Client().generic(method, path, json.dumps(body), content_type="application/json")
        return response.status_code, json.loads(response.content)

    return send


LISTINGS = {"fastapi-booking": fastapi, "flask-booking": flask, "drf-booking": drf}


@pytest.mark.parametrize("slug", LISTINGS)
def test_a_listing_answers_what_stands_beneath_it(slug: str, settings) -> None:
    listing = BANK.fields("codelisting", slug)
    send = LISTINGS[slug](listing["code"], settings)
    claimed = exchanges(listing["output"])
    assert len(claimed) == 2
    for method, path, body, line in claimed:
        status, answer = send(method, path, body)
        assert f"{status} {json.dumps(answer)}" == line


@pytest.mark.parametrize("slug", LISTINGS)
@pytest.mark.parametrize(("seats", "accepted"), [(1, True), (6, True), (7, False), (0, False)])
def test_every_listing_takes_one_to_six_seats(slug: str, settings, seats: int, accepted: bool) -> None:
    send = LISTINGS[slug](BANK.fields("codelisting", slug)["code"], settings)
    status, _answer = send("POST", "/bookings", {"attendee": "Ada", "seats": seats})
    assert (status == 201) == accepted


EDGES = [  # body, then what FastAPI, Flask and the serializer accept it as; None where it is refused
    ({"attendee": "Ada"}, ("Ada", 1), ("Ada", 1), ("Ada", 1)),
    ({"attendee": ""}, None, None, None),
    ({"attendee": "  "}, ("  ", 1), ("  ", 1), None),
    ({"attendee": " Ada "}, (" Ada ", 1), (" Ada ", 1), ("Ada", 1)),
    ({"attendee": 5}, None, None, ("5", 1)),
    ({"attendee": "Ada", "seats": True}, ("Ada", 1), None, None),
    ({"attendee": "Ada", "seats": None}, None, None, None),
    ([], None, None, None),
]


@pytest.mark.parametrize("number", range(len(LISTINGS)), ids=list(LISTINGS))
@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: json.dumps(edge[0]))
def test_the_listings_differ_at_the_edges_as_the_guide_says(number: int, edge, settings) -> None:
    slug = list(LISTINGS)[number]
    status, answer = LISTINGS[slug](BANK.fields("codelisting", slug)["code"], settings)("POST", "/bookings", edge[0])
    expected = edge[number + 1]
    if expected is None:
        assert status == (422 if slug == "fastapi-booking" else 400)
    else:
        assert (status, answer) == (201, {"attendee": expected[0], "seats": expected[1]})
        assert type(answer["seats"]) is int


def test_the_flask_listing_answers_what_is_not_json_itself() -> None:
    client = run(BANK.fields("codelisting", "flask-booking")["code"])["app"].test_client()
    for body, kind in (("{", "application/json"), ("Ada", "text/plain")):
        response = client.post("/bookings", data=body, content_type=kind)
        assert (response.status_code, response.get_json()) == (400, {"error": "send a JSON object"})


def test_fastapi_documents_its_listing_by_itself(settings) -> None:
    client = TestClient(run(BANK.fields("codelisting", "fastapi-booking")["code"])["app"])
    document = client.get("/openapi.json").json()
    assert document["components"]["schemas"]["Booking"]["required"] == ["attendee"]
    assert client.get("/docs").status_code == 200


@pytest.mark.parametrize(("own_context", "threads"), [(False, 1), (True, 5)])
def test_awaited_orm_methods_share_one_thread_unless_each_request_has_a_context(
    monkeypatch, own_context: bool, threads: int
) -> None:
    together = threading.Barrier(5)

    def count(queryset: QuerySet) -> int:
        if own_context:
            together.wait(timeout=10)
        return threading.get_ident()

    async def request() -> int:
        async with ThreadSensitiveContext() if own_context else contextlib.nullcontext():
            return await Topic.objects.acount()

    async def five() -> list[int]:
        return await asyncio.gather(*[request() for _ in range(5)])

    monkeypatch.setattr(QuerySet, "count", count)
    assert len(set(in_new_loop(five()))) == threads


def test_a_response_model_validates_dictionaries_and_rows_but_not_its_own_instances() -> None:
    validated: list[int] = []

    class Seat(BaseModel):
        model_config = ConfigDict(from_attributes=True)
        number: int

        @field_validator("number")
        @classmethod
        def note(cls, number: int) -> int:
            validated.append(number)
            return number

    app = FastAPI()
    returned = {"/dict": {"number": 1}, "/row": SimpleNamespace(number=1), "/instance": Seat(number=1)}

    def endpoint_for(value: Any) -> Callable[[], Any]:
        return lambda: value

    for path, value in returned.items():
        app.get(path, response_model=Seat)(endpoint_for(value))
    client, times = TestClient(app), {}
    for path in returned:
        validated.clear()
        assert client.get(path).json() == {"number": 1}
        times[path] = len(validated)
    assert times == {"/dict": 1, "/row": 1, "/instance": 0}
