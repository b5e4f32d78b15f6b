"""What the model answers of the open questions rest on is run, question by question."""

import asyncio
import hashlib
import hmac
import inspect
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.test.utils import isolate_apps
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from flask import Flask, request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    computed_field,
    model_validator,
)
from rest_framework import serializers

# checked-in-the-browser-already


def test_flask_leaves_the_order_unchecked() -> None:
    app, stored = Flask(__name__), []

    @app.post("/orders")
    def order() -> str:
        body = request.get_json()
        stored.append(body["quantity"] * 3)
        return "ok"

    client = app.test_client()
    statuses = [client.post("/orders", json=body).status_code for body in ({"quantity": "2"}, {"quantity": -3}, {})]
    assert statuses == [200, 200, 500] and stored == ["222", -9]


def test_a_model_names_all_the_faults_and_shares_its_limits() -> None:
    class Order(BaseModel, extra="forbid"):
        sku: str = Field(max_length=20)
        quantity: int = Field(ge=1, le=100)

    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"quantity": -3, "total": 0.01})
    assert {fault["loc"] for fault in caught.value.errors()} == {("sku",), ("quantity",), ("total",)}
    limits = Order.model_json_schema()["properties"]["quantity"]
    assert (limits["minimum"], limits["maximum"]) == (1, 100)


# hash-out-admin-in


class EveryColumn(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = "__all__"


class NamedColumns(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "password", "is_staff"]
        read_only_fields = ["is_staff"]
        extra_kwargs = {"password": {"write_only": True}}

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)


@pytest.mark.django_db
def test_all_columns_let_in_an_administrator_and_let_out_the_password() -> None:
    serializer = EveryColumn(data={"username": "eve", "password": "x", "is_staff": True})
    assert serializer.is_valid()
    eve = serializer.save()
    assert eve.is_staff and eve.password == "x" and serializer.data["password"] == "x"


@pytest.mark.django_db
def test_named_columns_ignore_the_flag_and_keep_the_password() -> None:
    serializer = NamedColumns(data={"username": "eve", "password": "x", "is_staff": True})
    assert serializer.is_valid()
    eve = serializer.save()
    assert not eve.is_staff and eve.check_password("x")
    assert set(serializer.data) == {"id", "username", "is_staff"} and NamedColumns().fields["id"].read_only


# new-picture-lost-phone


class Profile(BaseModel):
    name: str
    picture: str | None = None
    phone: str | None = None
    email: str | None = None

    @model_validator(mode="after")
    def reachable(self):
        if not (self.phone or self.email):
            raise ValueError("a phone number or an e-mail is required")
        return self


class ProfilePatch(BaseModel):
    name: str = ""
    picture: str | None = None
    phone: str | None = None
    email: str | None = None


def test_dumping_a_patch_fills_in_what_was_not_sent() -> None:
    patch = ProfilePatch(picture="new.png")
    assert patch.model_dump() == {"name": "", "picture": "new.png", "phone": None, "email": None}
    assert patch.model_dump(exclude_unset=True) == {"picture": "new.png"}
    clearing = ProfilePatch(phone=None)
    assert clearing.model_dump(exclude_unset=True) == {"phone": None} and "phone" not in clearing.model_dump(
        exclude_none=True
    )
    with pytest.raises(ValidationError):
        ProfilePatch.model_validate({"name": None})


def test_only_the_merged_record_can_be_judged() -> None:
    stored = Profile(name="Ada", phone="555-0100")
    changes = ProfilePatch(phone=None).model_dump(exclude_unset=True)
    assert stored.model_copy(update=changes).phone is None  # nobody is asked
    with pytest.raises(ValidationError):
        Profile.model_validate(stored.model_dump() | changes)
    changes = ProfilePatch(picture="new.png").model_dump(exclude_unset=True)
    assert Profile.model_validate(stored.model_dump() | changes).phone == "555-0100"


def test_a_partial_serializer_holds_what_was_sent() -> None:
    judged = []

    class Serializer(serializers.Serializer):
        name = serializers.CharField()
        phone = serializers.CharField(allow_null=True, default=None)

        def validate(self, attrs):
            judged.append(attrs)
            return attrs

    stored = {"name": "Ada", "phone": "555-0100"}
    serializer = Serializer(stored, data={"name": "Ada L."}, partial=True)
    assert serializer.is_valid() and serializer.validated_data == {"name": "Ada L."}
    assert judged == [{"name": "Ada L."}] and serializer.instance is stored


# invoices-off-by-a-cent


def exact(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError("send amounts as strings")
    return value


Amount = Annotated[Decimal, Field(max_digits=10, decimal_places=2, ge=0)]
Exact = Annotated[Amount, BeforeValidator(exact)]
Strict = Annotated[Amount, Field(strict=True)]


@pytest.mark.parametrize(
    ("kind", "body", "result"),
    [
        (Amount, '"1.10"', "1.10"),
        (Amount, "1.10", "1.1"),
        (Amount, '"19.999"', 422),
        (Amount, '"NaN"', 422),
        (Amount, '"-1.00"', 422),
        (Decimal, "0.1000000000000000055", "0.1"),
        (Strict, '"1.10"', 422),
        (Strict, "1.10", 422),
        (Exact, '"1.10"', "1.10"),
        (Exact, "1.10", 422),
    ],
)
def test_what_fastapi_makes_of_an_amount(kind: Any, body: str, result: Any) -> None:
    class Line(BaseModel):
        amount: kind

    app = FastAPI()

    @app.post("/lines")
    def line(line: Line) -> Line:
        return line

    headers = {"Content-Type": "application/json"}
    answer = TestClient(app).post("/lines", content=f'{{"amount": {body}}}', headers=headers)
    assert (answer.json()["amount"] if answer.is_success else answer.status_code) == result


def test_floats_drift_and_rounding_is_half_even_unless_told_otherwise() -> None:
    assert 0.1 + 0.2 == 0.30000000000000004 and sum([Decimal("0.1")] * 3) == Decimal("0.3")
    cent = Decimal("0.01")
    assert Decimal("0.125").quantize(cent) == Decimal("0.12")
    assert Decimal("0.125").quantize(cent, ROUND_HALF_UP) == Decimal("0.13")
    assert Decimal.from_float(0.1) != Decimal("0.1") == TypeAdapter(Decimal).validate_python(0.1)


# one-address-two-accounts


class SignUp(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username"]


@pytest.mark.django_db
def test_two_valid_serializers_and_one_row() -> None:
    first, second = SignUp(data={"username": "ada"}), SignUp(data={"username": "ada"})
    assert first.is_valid() and second.is_valid()
    first.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    assert User.objects.filter(username="ada").count() == 1


@pytest.mark.django_db
def test_another_case_is_another_value() -> None:
    User.objects.create(username="ada")
    other = SignUp(data={"username": "Ada"})
    assert other.is_valid() and other.save().pk
    assert User.objects.filter(username__iexact="ADA").count() == 2


@pytest.mark.django_db
def test_a_transaction_is_unusable_after_the_error_without_a_block_of_its_own() -> None:
    def refused_then_counted(own_block: bool) -> int:
        with transaction.atomic():
            try:
                if own_block:
                    with transaction.atomic():
                        User.objects.create(username="ada")
                else:
                    User.objects.create(username="ada")
            except IntegrityError:
                pass
            return User.objects.count()

    User.objects.create(username="ada")
    assert refused_then_counted(own_block=True) == 1
    with pytest.raises(transaction.TransactionManagementError):
        refused_then_counted(own_block=False)


@isolate_apps("questions")
def test_drf_makes_a_validator_of_unique_but_not_of_an_expression() -> None:
    class Account(models.Model):
        email = models.EmailField()
        login = models.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "questions"
            constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

        def __str__(self):
            return self.email

    class Serializer(serializers.ModelSerializer):
        class Meta:
            model = Account
            fields = ["email", "login"]

    def asks(field: str) -> bool:
        return any("Unique" in type(one).__name__ for one in Serializer().fields[field].validators)

    assert asks("login") and not asks("email") and Serializer().validators == []


# six-rules-one-validator


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


def test_a_validator_that_looks_at_the_clock_breaks_the_answer_about_an_old_booking() -> None:
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


# customer-becomes-an-object


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


# webhooks-of-a-partner


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
