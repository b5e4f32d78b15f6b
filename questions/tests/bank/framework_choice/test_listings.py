"""The guide's three programs answer exactly what the guide says beneath them."""

import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from fastapi.testclient import TestClient

from questions.tests.bank.content import Bank, run

BANK = Bank("01-framework-choice.yaml")
Send = Callable[[str, str, Any], tuple[int, Any]]


def exchanges(output: str) -> list[tuple[str, str, Any, int, Any]]:
    """(method, path, body, status, answer) of each request in the text beneath a listing."""
    found = []
    for block in output.split("\n\n"):
        request, answer = block.splitlines()
        method, path, body = request.split(" ", 2)
        status, content = answer.split(" ", 1)
        found.append((method, path, json.loads(body), int(status), json.loads(content)))
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
    for method, path, body, status, answer in claimed:
        assert send(method, path, body) == (status, answer)


@pytest.mark.parametrize("slug", LISTINGS)
@pytest.mark.parametrize(("seats", "accepted"), [(1, True), (6, True), (7, False), (0, False)])
def test_every_listing_takes_one_to_six_seats(slug: str, settings, seats: int, accepted: bool) -> None:
    send = LISTINGS[slug](BANK.fields("codelisting", slug)["code"], settings)
    status, _answer = send("POST", "/bookings", {"attendee": "Ada", "seats": seats})
    assert (status == 201) == accepted


def test_fastapi_documents_its_listing_by_itself(settings) -> None:
    client = TestClient(run(BANK.fields("codelisting", "fastapi-booking")["code"])["app"])
    document = client.get("/openapi.json").json()
    assert document["components"]["schemas"]["Booking"]["required"] == ["attendee"]
    assert client.get("/docs").status_code == 200
