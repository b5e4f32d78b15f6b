"""Checks of what model answers say about validators, changing contracts and incoming events."""

import asyncio
import hashlib
import hmac
import inspect
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from pydantic import (
    AfterValidator,
    BaseModel,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    computed_field,
    model_validator,
)


def test_fastapi_validates_a_body_on_the_event_loop_and_a_returned_dictionary_again() -> None:
    seen = []

    def look(value: str) -> str:
        try:
            asyncio.get_running_loop()
            seen.append("on the loop")
        except RuntimeError:
            seen.append("in a thread")
        return value

    class Booking(BaseModel):
        room: Annotated[str, AfterValidator(look)]

    app = FastAPI()

    @app.post("/bookings")
    def book(booking: Booking) -> None: ...

    @app.get("/bookings", response_model=Booking)
    async def booked() -> dict[str, str]:
        return {"room": "7"}

    client = TestClient(app)
    assert client.post("/bookings", json={"room": "7"}).is_success and seen == ["on the loop"]
    assert client.get("/bookings").is_success and len(seen) == 2


def test_a_validator_that_reads_the_clock_breaks_the_response_with_an_old_booking() -> None:
    def not_past(day: date) -> date:
        if day < date(2026, 1, 1):
            raise ValueError("in the past")
        return day

    class Booking(BaseModel):
        day: Annotated[date, AfterValidator(not_past)]

    app = FastAPI()
    app.get("/bookings/1", response_model=Booking)(lambda: {"day": date(2025, 6, 1)})
    assert TestClient(app, raise_server_exceptions=False).get("/bookings/1").status_code == 500


def test_a_validator_cannot_await() -> None:
    async def exists(value: str) -> str:
        return value

    result: Any = TypeAdapter(Annotated[str, AfterValidator(exists)]).validate_python("AT")
    assert inspect.iscoroutine(result)
    result.close()


def test_a_range_is_in_the_schema_and_the_order_of_dates_waits_for_both() -> None:
    asked = []

    class Stay(BaseModel):
        nights: int = Field(ge=1, le=30)
        start: date
        end: date

        @model_validator(mode="after")
        def forwards(self):
            asked.append(self)
            return self

    nights = Stay.model_json_schema()["properties"]["nights"]
    assert (nights["minimum"], nights["maximum"]) == (1, 30)
    with pytest.raises(ValidationError):
        Stay.model_validate({"nights": 1, "start": "2026-03-01", "end": "soon"})
    assert asked == []


class Buyer(BaseModel):
    id: int | None = None
    name: str


class Order(BaseModel):
    buyer: Buyer

    @model_validator(mode="before")
    @classmethod
    def either_form(cls, body: Any) -> Any:
        if not isinstance(body, dict) or "customer" not in body:
            return body
        if "buyer" not in body:
            return {"buyer": {"name": body["customer"]}}
        if body["buyer"].get("name") != body["customer"]:
            raise ValueError("customer and buyer disagree")
        return body

    @computed_field(json_schema_extra={"deprecated": True})
    @property
    def customer(self) -> str:
        return self.buyer.name


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"customer": "Ada"}, 200),
        ({"buyer": {"id": 7, "name": "Ada"}}, 200),
        ({"buyer": {"id": 7, "name": "Ada"}, "customer": "Ada"}, 200),
        ({"buyer": {"id": 7, "name": "Ada"}, "customer": "Eve"}, 422),
        ({"customer": None}, 422),
        ({}, 422),
    ],
)
def test_both_forms_come_in_and_both_go_out_of_one_source(body: dict[str, Any], status: int) -> None:
    app = FastAPI()

    @app.post("/orders")
    def order(order: Order) -> Order:
        return order

    answer = TestClient(app).post("/orders", json=body)
    assert answer.status_code == status
    if answer.is_success:
        assert answer.json()["customer"] == answer.json()["buyer"]["name"] == "Ada"
    customer = app.openapi()["components"]["schemas"]["Order-Output"]["properties"]["customer"]
    assert customer["deprecated"] is True


class Paid(BaseModel):
    type: Literal["paid"]
    amount: Decimal = Field(gt=0, decimal_places=2)


class Refunded(BaseModel):
    type: Literal["refunded"]
    reason: str


class Unknown(BaseModel):
    type: str


def kind_of(event: Any) -> str:
    return event["type"] if event.get("type") in ("paid", "refunded") else "unknown"


Known = Annotated[Paid | Refunded, Field(discriminator="type")]
Tolerant = Annotated[
    Annotated[Paid, Tag("paid")] | Annotated[Refunded, Tag("refunded")] | Annotated[Unknown, Tag("unknown")],
    Discriminator(kind_of),
]


def faults(kind: Any, event: dict[str, Any]) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(event)
    return [fault["loc"] for fault in caught.value.errors()]


def test_a_discriminated_union_names_the_real_fault() -> None:
    event = {"type": "paid"}
    assert faults(Known, event) == [("paid", "amount")]
    assert faults(Paid | Refunded, event) == [("Paid", "amount"), ("Refunded", "type"), ("Refunded", "reason")]


def test_new_fields_and_new_types_are_taken_by_a_tolerant_reader_only() -> None:
    class Forbidding(Paid, extra="forbid"):
        pass

    new_field = {"type": "paid", "amount": "1.00", "channel": "app"}
    new_type = {"type": "disputed", "case": 7}
    assert faults(Forbidding, new_field) == [("channel",)] and faults(Known, new_type) == [()]
    tolerant = TypeAdapter(Tolerant)
    assert tolerant.validate_python(new_field) == Paid(type="paid", amount=Decimal("1.00"))
    assert tolerant.validate_python(new_type) == Unknown(type="disputed")
    assert faults(Tolerant, {"type": "paid", "amount": "-1.00"}) == [("paid", "amount")]


def test_the_signature_is_verified_over_the_raw_bytes_and_anything_is_kept() -> None:
    app, kept = FastAPI(), []

    @app.post("/events")
    async def receive(request: Request) -> Response:
        raw = await request.body()
        signature = hmac.new(b"secret", raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, request.headers.get("X-Signature", "")):
            return Response(status_code=401)
        kept.append(raw)
        return Response(status_code=204)

    def post(body: bytes, signed: bytes) -> int:
        signature = hmac.new(b"secret", signed, hashlib.sha256).hexdigest()
        return TestClient(app).post("/events", content=body, headers={"X-Signature": signature}).status_code

    body = b'{"type": "disputed",  "case": 7}'
    assert post(body, body) == 204 and kept == [body]
    assert post(body, body.replace(b"  ", b" ")) == 401 and kept == [body]
