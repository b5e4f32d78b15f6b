"""Checks of the facts in the model answers of open questions, question by question."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.test.utils import isolate_apps
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask, request
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
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
            raise ValueError("a phone number or an email is required")
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
    assert stored.model_copy(update=changes).phone is None  # not validated
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
def test_how_fastapi_reads_an_amount(kind: Any, body: str, result: Any) -> None:
    class Line(BaseModel):
        amount: kind

    app = FastAPI()

    @app.post("/lines")
    def line(line: Line) -> Line:
        return line

    headers = {"Content-Type": "application/json"}
    response = TestClient(app).post("/lines", content=f'{{"amount": {body}}}', headers=headers)
    assert (response.json()["amount"] if response.is_success else response.status_code) == result


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
