"""Checks of questions about contracts with clients and about hooks.

One test for each question, named after its slug.
"""

import json
from datetime import date, datetime
from types import SimpleNamespace

import pydantic
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from questions.tests.bank.content import Asked, printed, run


def test_checkbox_that_is_absent(item: Asked) -> None:
    class Subscription(serializers.Serializer):
        email = serializers.CharField()
        newsletter = serializers.BooleanField()

    class Subscribe(APIView):
        authentication_classes: list[type] = []
        permission_classes: list[type] = []
        renderer_classes = [JSONRenderer]

        def post(self, request):
            subscription = Subscription(data=request.data)
            subscription.is_valid(raise_exception=True)
            return Response(subscription.validated_data)

    def post(kind: str) -> Response:
        return Subscribe.as_view()(APIRequestFactory().post("/", {"email": "a@example.com"}, format=kind))

    assert post("multipart").data == {"email": "a@example.com", "newsletter": False}
    assert (post("json").status_code, post("json").data) == (400, {"newsletter": ["This field is required."]})
    assert item.key == "True"


def test_changes_that_break_clients(item: Asked) -> None:
    class Order(BaseModel):
        sku: str
        note: str | None = None

    class NoteRequired(BaseModel):
        sku: str
        note: str

    class WithGift(Order):
        gift: bool = False

    class Read(BaseModel):
        """What clients read today: they ignore unknown fields and convert nothing."""

        model_config = ConfigDict(strict=True)
        number: int
        amount: float

    def breaks(takes: type[BaseModel], response: dict) -> bool:
        app = FastAPI()

        @app.post("/orders")
        def accept(order: takes) -> dict:  # type: ignore[valid-type]
            return response

        received = TestClient(app).post("/orders", json={"sku": "pen"})
        if received.status_code == 422:
            return True
        try:
            Read.model_validate_json(received.content)
        except pydantic.ValidationError:
            return True
        return False

    today = {"number": 7, "amount": 9.5}
    assert not breaks(Order, today)
    changes = {
        "becomes required": breaks(NoteRequired, today),
        "with a default": breaks(WithGift, today),
        "no longer contains": breaks(Order, {"number": 7}),
        "did not have before": breaks(Order, today | {"currency": "EUR"}),
        "becomes a string": breaks(Order, {"number": 7, "amount": "9.50"}),
    }
    for part, is_break in changes.items():
        (option,) = [text for text in item.options if part in text]
        assert (option in item.accepted) is is_break


def test_renaming_a_field_in_use(item: Asked) -> None:
    class Before(BaseModel):
        name: str = "Ada"

    class Both(BaseModel):
        name: str = Field("Ada", deprecated=True)
        full_name: str = "Ada"

    class After(BaseModel):
        full_name: str = "Ada"

    def works(server: type[BaseModel], reads: set[str]) -> bool:
        app = FastAPI()
        app.get("/", response_model=server)(lambda: {"unused": "value"})
        return reads <= TestClient(app).get("/").json().keys()

    add, mark, release, wait, remove = item.options
    # What responses contain, and what clients in use read, after each step.
    assert "next to" in add and works(Both, {"name"})
    assert "deprecated" in mark and Both.model_json_schema()["properties"]["name"]["deprecated"]
    assert "release" in release and works(Both, {"name", "full_name"})
    assert "out of use" in wait and works(Both, {"full_name"})
    assert "only" in remove and works(After, {"full_name"})
    # Releasing before responses have the field, or removing it while old versions are in use, breaks clients.
    assert not works(Before, {"name", "full_name"})
    assert not works(After, {"name", "full_name"})


def test_password_in_never_out(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    account = run(item.code)["Account"]
    stored = SimpleNamespace(id=1, name="Ada", password="secret", admin=True)
    assert " ".join(account(stored).data) == "id name"


def test_hooks_and_their_work(item: Asked) -> None:
    class Order(BaseModel):
        ordered: date
        delivered: date
        country: str = Field(pattern="^[A-Z]{2}$")
        total: int

        @model_validator(mode="before")
        @classmethod
        def unwrap(cls, body):
            return body.get("data", body)

        @field_validator("country", mode="before")
        @classmethod
        def tidy(cls, country):
            return country.strip().upper()

        @model_validator(mode="after")
        def delivered_last(self):
            if self.delivered < self.ordered:
                raise ValueError("delivered before it was ordered")
            return self

        @field_serializer("total")
        def in_euros(self, cents: int) -> str:
            return f"{cents // 100}.{cents % 100:02}"

    sent = {"ordered": "2026-05-01", "delivered": "2026-05-03", "country": " de ", "total": 1990}
    order = Order.model_validate(sent)
    assert order == Order.model_validate({"data": sent}) and (order.country, order.total) == ("DE", 1990)
    assert json.loads(order.model_dump_json())["total"] == "19.90"
    with pytest.raises(pydantic.ValidationError):
        Order.model_validate(sent | {"delivered": "2026-04-30"})
    with pytest.raises(TypeError):  # a computed field may not have the name of a field
        type("Total", (Order,), {"total": computed_field(property(lambda self: "19.90"))})
    wrapped, late, country, total = item.pairs.values()
    assert [wrapped, late] == ['A model validator, mode "before"', 'A model validator, mode "after"']
    assert [country, total] == ['A field validator, mode "before"', "A field serializer"]


def test_reminder_without_an_offset(item: Asked) -> None:
    made = run(item.code)
    with_offset, without = {"at": "2030-05-01T10:00:00Z"}, {"at": "2030-05-01T10:00:00"}

    def status(code: str, body: dict) -> int:
        return TestClient(run(code)["app"], raise_server_exceptions=False).post("/reminders", json=body).status_code

    assert [status(item.code, with_offset), status(item.code, without)] == [201, 500]
    at = made["Reminder"].model_validate(without).at
    assert (type(at), at.tzinfo) == (datetime, None)
    with pytest.raises(TypeError, match="can't compare offset-naive and offset-aware datetimes"):
        made["remind"](made["Reminder"](at=at))
    assert status(item.code.replace("reminder.at < datetime.now(UTC)", "False"), without) == 201
    aware = item.code.replace("import BaseModel", "import AwareDatetime, BaseModel").replace("at: d", "at: AwareD")
    assert [status(aware, with_offset), status(aware, without)] == [201, 422]
    assert item.key == "`at` has no time zone, so Python cannot compare it with the current time"


def test_three_bad_orders_among_500(item: Asked) -> None:
    made = run(item.code)
    orders = [{"sku": "tea", "quantity": 0 if n in (101, 200, 400) else 1} for n in range(1, 501)]
    response = TestClient(made["app"]).post("/orders", json=orders)
    assert [error["loc"] for error in response.json()["detail"]] == [["body", n, "quantity"] for n in (100, 199, 399)]
    assert item.accepted == {str(len(made["stored"]))}
