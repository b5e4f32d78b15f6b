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
    assert "3" * 2 == "33"


def test_fastapi_missing_field_status(item: Asked) -> None:
    client = api(item.code)
    response = client.post("/bookings", json={})
    assert str(response.status_code) in item.accepted
    assert response.json()["detail"][0]["loc"] == ["body", "attendee"]
    assert client.post("/bookings", json={"attendee": ""}).status_code == 400


def test_form_errors_after_the_move(item: Asked) -> None:
    from rest_framework import serializers
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class BookingSerializer(serializers.Serializer):
        attendee = serializers.CharField()

    class BookingView(APIView):
        authentication_classes: ClassVar[list[type]] = []
        permission_classes: ClassVar[list[type]] = []

        def post(self, request):
            BookingSerializer(data=request.data).is_valid(raise_exception=True)
            return Response({}, status=201)

    class Booking(BaseModel):
        attendee: str

    app = FastAPI()

    @app.post("/bookings", status_code=201)
    def book(booking: Booking) -> None: ...

    before = BookingView.as_view()(RequestFactory().post("/bookings", {}, content_type="application/json"))
    after = TestClient(app).post("/bookings", json={})
    assert (before.status_code, before.data) == (400, {"attendee": ["This field is required."]})
    assert after.status_code == 422
    assert isinstance(after.json()["detail"], list)
    assert item.key == "FastAPI responds with 422 and a list of errors"


def test_flask_json_without_content_type(item: Asked) -> None:
    client = run(item.code)["app"].test_client()

    def status(body: str, **headers: str) -> int:
        return client.post("/people", data=body, **headers).status_code

    assert status('{"name": "Ada"}') == 415
    assert status('{"name": "Ada"}', content_type="application/json") == 200  # without `Accept`
    assert status('{"id": 7}', content_type="application/json") == 500
    assert status("{", content_type="application/json") == 400
    assert item.key == "It has no header `Content-Type: application/json`"


def test_pydantic_int_conversions(item: Asked) -> None:
    values = {'`" 7 "`': " 7 ", "`2.0`": 2.0, "`True`": True, "`2.5`": 2.5}
    found = {text: outcome(int, value) for text, value in values.items()}
    said = {text: "is rejected" if value == "refused" else f"becomes {value}" for text, value in found.items()}
    assert item.pairs == said


def test_drf_validated_data_type(item: Asked) -> None:
    shown = printed(item.code)
    assert f"`{shown}`" == item.key


def test_pydantic_json_defaults(item: Asked) -> None:
    assert {printed(item.code)} == item.accepted


def test_response_model_filters(item: Asked) -> None:
    response = api(item.code).get("/me")
    assert (response.status_code, response.json()) == (200, {"name": "Ada"})
    assert item.key == '`{"name": "Ada"}`'


def test_dependency_runs_before_body_fails(item: Asked) -> None:
    namespace = run(item.code)
    assert TestClient(namespace["app"]).post("/orders", json={}).status_code == 422
    assert namespace["audit_log"] == ["order"]
    assert item.key == "True"


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
