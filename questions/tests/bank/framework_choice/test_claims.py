"""What questions claim about Flask, FastAPI and their applications is run: the key holds, and distractors do not.

One test for each question, named after its slug.
"""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from werkzeug.test import EnvironBuilder

from questions.tests.bank.content import Asked, run


def api(code: str) -> TestClient:
    """A client of the FastAPI application that the question shows."""
    return TestClient(run(code)["app"])


def test_missing_argument_send(item: Asked) -> None:
    def wsgi_server(application):
        return application(EnvironBuilder("/orders").get_environ(), lambda status, headers: None)

    with pytest.raises(TypeError) as raised:
        wsgi_server(FastAPI())
    assert f"TypeError: {raised.value}" in " ".join(item.code.split())
    assert wsgi_server(Flask("orders"))  # a WSGI application gets as far as a response
    assert item.key == "The application runs on a WSGI server"


def test_fastapi_request_order(item: Asked) -> None:
    namespace = run(item.code)
    response = TestClient(namespace["app"]).post("/", json={"copies": 1})
    assert (response.status_code, response.json()) == (200, {"copies": 1})
    assert namespace["log"] == item.options


def test_fastapi_dependency_called_once(item: Asked) -> None:
    assert {item.key} == item.stating(api(item.code).get("/").json())
    separate = item.code.replace("Depends(get_session)", "Depends(get_session, use_cache=False)")
    assert item.stating(api(separate).get("/").json()) == {"`[1, 2, 2]`"}


def test_dependency_overrides_in_tests(item: Asked, monkeypatch) -> None:
    main = run(
        "from typing import Annotated\n"
        "from fastapi import Depends, FastAPI\n"
        "app = FastAPI()\n"
        "used = []\n"
        "def get_session():\n"
        "    return 'real'\n"
        "@app.post('/orders', status_code=201)\n"
        "def create(session: Annotated[str, Depends(get_session)]):\n"
        "    used.append(session)\n"
    )
    original, client = main["get_session"], TestClient(main["app"])
    with monkeypatch.context() as patch:
        patch.setitem(main, "get_session", lambda: "fake")
        assert client.post("/orders").status_code == 201
        assert main["get_session"]() == "fake"  # the name is still patched when the request is served
    main["app"].dependency_overrides[original] = lambda: "fake"
    assert client.post("/orders").status_code == 201
    assert main["used"] == ["real", "fake"]
    assert item.key == "The endpoint holds the original function"


def test_openapi_of_a_hand_parsed_body(item: Asked) -> None:
    def operation(code: str) -> dict:
        return api(code).get("/openapi.json").json()["paths"]["/items"]["post"]

    documented = item.code.replace("status_code=201", "status_code=201, response_model=Item")
    declared = item.code.replace("request: Request", "item: Item")
    assert api(item.code).post("/items", json={"sku": "a", "amount": 1}).status_code == 201
    assert "$ref" in operation(documented)["responses"]["201"]["content"]["application/json"]["schema"]
    assert [("requestBody" in operation(code)) for code in (item.code, documented, declared)] == [False, False, True]
    assert item.key == "False"


def test_flask_outside_context(item: Asked) -> None:
    namespace = run(item.code)
    app, currency = namespace["app"], namespace["currency"]
    app.get("/")(currency)
    assert app.test_client().get("/").text == "EUR"
    app.config["CURRENCY"] = "EUR"
    with pytest.raises(RuntimeError, match="outside of application context"):
        currency()
    with app.app_context():
        assert currency() == "EUR"
    assert "app.app_context()" in item.key


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
