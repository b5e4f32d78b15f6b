"""What questions claim about validation and data contracts is run.

One test for each question, named after its slug.
"""

import json
from typing import Any, ClassVar

import pydantic
from django.test import RequestFactory
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, StrictInt, TypeAdapter, ValidationError

from questions.tests.bank.content import Asked, printed, run


def api(code: str) -> TestClient:
    """A client of the FastAPI application that the question shows."""
    return TestClient(run(code)["app"])


def outcome(annotation: Any, value: Any) -> Any:
    """What a field of that type makes of the value, or "refused"."""
    try:
        return pydantic.create_model("Model", field=(annotation, ...))(field=value).field
    except ValidationError:
        return "refused"


def test_fastapi_text_for_int(item: Asked) -> None:
    response = api(item.code).post("/orders", json={"copies": "3"})
    assert (response.status_code, response.json()) == (200, {"copies": 6})
    assert item.key == '200 with `{"copies": 6}`'
    assert outcome(StrictInt, "3") == "refused"


def test_fastapi_missing_field_status(item: Asked) -> None:
    class Body(BaseModel):
        name: str

    app = FastAPI()

    @app.post("/")
    def take(body: Body) -> None: ...

    response = TestClient(app).post("/", json={})
    assert str(response.status_code) in item.accepted
    assert response.json()["detail"][0]["loc"] == ["body", "name"]


def test_drf_missing_field_status(item: Asked, settings) -> None:
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
    assert str(response.status_code) in item.accepted
    assert response.data == {"name": ["This field is required."]}


def test_flask_json_without_content_type(item: Asked) -> None:
    client = run(item.code)["app"].test_client()
    assert client.post("/people", data='{"name": "Ada"}').status_code == 415
    assert client.post("/people", data="{", content_type="application/json").status_code == 400
    assert item.key.startswith("415")


def test_pydantic_lax_bool(item: Asked) -> None:
    values = {'`"yes"`': "yes", "`2`": 2, '`"off"`': "off", '`""`': ""}
    taken = {text for text, value in values.items() if outcome(bool, value) != "refused"}
    assert taken == item.accepted
    assert outcome(bool, "off") is False


def test_pydantic_int_conversions(item: Asked) -> None:
    values = {'`" 7 "`': " 7 ", "`2.0`": 2.0, "`True`": True, "`2.5`": 2.5}
    pairs = item.pairs
    assert pairs == {text: str(outcome(int, value)) for text, value in values.items()}


def test_pydantic_extra_fields(item: Asked) -> None:
    class Body(BaseModel):
        name: str

    app = FastAPI()

    @app.post("/")
    def take(body: Body) -> Body:
        return body

    response = TestClient(app).post("/", json={"name": "Ada", "nmae": "Eve"})
    assert (response.status_code, response.json()) == (200, {"name": "Ada"})
    assert item.key == "False"


def test_drf_validated_data_type(item: Asked) -> None:
    shown = printed(item.code)
    assert f"`{shown}`" == item.key


def test_pydantic_json_defaults(item: Asked) -> None:
    assert {printed(item.code)} == item.accepted


def test_response_model_filters(item: Asked) -> None:
    response = api(item.code).get("/me")
    assert (response.status_code, response.json()) == (200, {"name": "Ada"})
    assert item.key == '`{"name": "Ada"}`'


def test_adapter_built_per_request(item: Asked, monkeypatch) -> None:
    namespace = run(item.code)
    made: list[TypeAdapter] = []

    def noted(kind: Any) -> TypeAdapter:
        made.append(TypeAdapter(kind))
        return made[-1]

    monkeypatch.setitem(namespace, "TypeAdapter", noted)
    validator = namespace["Item"].__pydantic_validator__
    client = TestClient(namespace["app"])
    for _ in range(3):
        assert client.post("/import", json=[{"sku": "a", "amount": "2"}]).json() == {"count": 1}
    assert len({id(adapter.validator) for adapter in made}) == 3
    assert namespace["Item"].__pydantic_validator__ is validator
    assert item.key == "Building the validator in `TypeAdapter(…)`"


def test_nullable_is_not_optional(item: Asked) -> None:
    client = api(item.code)
    bodies = item.options
    answers = {body: client.post("/members", json=json.loads(body.strip("`"))).status_code for body in bodies}
    assert {body for body, status in answers.items() if status == 422} == item.accepted
    assert set(answers.values()) == {200, 422}


def test_dependency_runs_before_body_fails(item: Asked) -> None:
    namespace = run(item.code)
    assert TestClient(namespace["app"]).post("/orders", json={}).status_code == 422
    assert namespace["log"] == ["called"]
    assert item.key == "True"
