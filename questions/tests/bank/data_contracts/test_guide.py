"""Checks that the guide's listings print the output shown and that its facts and tables are true."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask, request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from rest_framework import serializers

from questions.tests.bank.content import printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("02-data-contracts.yaml")
REJECTED = "rejected"


@pytest.mark.parametrize("slug", ["text-to-values", "lax-strict-json", "patch", "two-names", "two-requests"])
def test_a_listing_prints_the_output_shown(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with ThreadPoolExecutor(max_workers=1) as thread:  # the browser tests keep a loop running in the main one
        assert thread.submit(printed, listing["code"]).result() == listing["output"]


def by_pydantic(kind: type, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return REJECTED


def by_strict_json(kind: type, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_json(TypeAdapter(Any).dump_json(value), strict=True)
    except ValidationError:
        return REJECTED


def by_serializer(kind: type, value: Any) -> Any:
    fields = {int: serializers.IntegerField, str: serializers.CharField, bool: serializers.BooleanField}
    made = type("One", (serializers.Serializer,), {"one": fields[kind]()})(data={"one": value})
    return made.validated_data["one"] if made.is_valid() else REJECTED


def by_form(kind: type, value: str) -> Any:
    fields = {int: forms.IntegerField, str: forms.CharField, bool: forms.BooleanField}
    made = type("One", (forms.Form,), {"one": fields[kind](required=kind is not bool)})({"one": value})
    return made.cleaned_data["one"] if made.is_valid() else REJECTED


@pytest.mark.parametrize(
    ("kind", "value", "results"),
    [
        (int, "7", [7, REJECTED, 7, 7]),
        (int, "7.0", [7, REJECTED, 7, 7]),
        (int, True, [1, REJECTED, REJECTED, REJECTED]),
        (str, 7, [REJECTED, REJECTED, "7", "7"]),
        (str, "  ", ["  ", "  ", REJECTED, REJECTED]),
        (bool, "off", [False, REJECTED, False, True]),
    ],
)
def test_the_same_input_in_four_validators(kind: type, value: Any, results: list[Any]) -> None:
    as_text = str(value).lower() if isinstance(value, bool) else str(value)
    got = [by_pydantic(kind, value), by_strict_json(kind, value), by_serializer(kind, value), by_form(kind, as_text)]
    assert got == results and [type(one) for one in got] == [type(one) for one in results]


def test_false_is_the_text_that_unticks_a_form() -> None:
    assert [by_form(bool, text) for text in ("false", "False", "0", "no")] == [False, False, True, True]


def test_unknown_fields_are_ignored() -> None:
    class Model(BaseModel):
        name: str

    class Serializer(serializers.Serializer):
        name = serializers.CharField()

    class Form(forms.Form):
        name = forms.CharField()

    sent = {"name": "Ada", "admin": "1"}
    serializer, form = Serializer(data=sent), Form(sent)
    assert serializer.is_valid() and form.is_valid()
    assert Model(**sent).model_dump() == serializer.validated_data == form.cleaned_data == {"name": "Ada"}


def test_serializers_trim_and_pydantic_does_not() -> None:
    assert by_serializer(str, " Ada ") == "Ada" and by_pydantic(str, " Ada ") == " Ada "


def test_a_missing_key_in_flask() -> None:
    app = Flask(__name__)
    app.post("/form", endpoint="form")(lambda: request.form["name"])
    app.post("/json", endpoint="json")(lambda: request.get_json()["name"])
    client = app.test_client()
    assert [client.post("/form", data={}).status_code, client.post("/json", json={}).status_code] == [400, 500]


def test_a_strict_model_in_fastapi_refuses_dates_unless_the_field_is_lax() -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)
        day: date

    class Relaxed(Strict):
        day: date = Field(strict=False)
        seats: int = 1

    app = FastAPI()

    @app.post("/strict")
    def strict(body: Strict) -> None: ...

    @app.post("/relaxed")
    def relaxed(body: Relaxed) -> None: ...

    client, body = TestClient(app), {"day": "2026-03-01"}
    assert client.post("/strict", json=body).status_code == 422
    assert client.post("/relaxed", json=body).status_code == 200
    assert client.post("/relaxed", json=body | {"seats": "1"}).status_code == 422
    assert Strict.model_validate_json('{"day": "2026-03-01"}').day == date(2026, 3, 1)


def test_a_number_has_been_a_float_and_a_decimal_goes_out_as_a_string() -> None:
    class Order(BaseModel):
        price: Decimal

    app = FastAPI()

    @app.post("/orders")
    def order(order: Order) -> Order:
        return order

    client, headers = TestClient(app), {"Content-Type": "application/json"}
    number = client.post("/orders", content='{"price": 12345678901234567890.12}', headers=headers).json()["price"]
    text = client.post("/orders", content='{"price": "12345678901234567890.12"}', headers=headers).json()["price"]
    assert Decimal(number) == Decimal("12345678901234567000") and text == "12345678901234567890.12"
    schemas = app.openapi()["components"]["schemas"]
    kinds = [kind["type"] for kind in schemas["Order-Input"]["properties"]["price"]["anyOf"]]
    assert kinds == ["number", "string"] and schemas["Order-Output"]["properties"]["price"]["type"] == "string"
    assert serializers.DecimalField(max_digits=6, decimal_places=2).to_representation(Decimal("1.1")) == "1.10"


def test_absent_and_null_in_pydantic() -> None:
    class Required(BaseModel):
        note: str | None

    class Optional(BaseModel):
        note: str | None = None
        name: str = ""

    assert Required(note=None).note is None
    with pytest.raises(ValidationError):
        Required.model_validate({})
    with pytest.raises(ValidationError):
        Optional.model_validate({"name": None})
    sent = Optional(note=None)
    assert sent.model_fields_set == {"note"} and sent.model_dump(exclude_unset=True) == {"note": None}
    assert sent.model_dump(exclude_none=True) == {"name": ""}


def test_absent_and_null_in_serializers() -> None:
    class Serializer(serializers.Serializer):
        name = serializers.CharField()
        phone = serializers.CharField(required=False)
        seats = serializers.IntegerField(default=1)

    def read(sent, **options):
        serializer = Serializer(data=sent, **options)
        return serializer.validated_data if serializer.is_valid() else set(serializer.errors)

    assert read({"name": "Ada"}) == {"name": "Ada", "seats": 1}
    assert read({"name": "Ada", "phone": None}) == read({"name": "Ada", "phone": ""}) == {"phone"}
    assert read({}, partial=True) == {} and read({"name": None}, partial=True) == {"name"}


def test_absent_is_empty_in_forms() -> None:
    class Form(forms.Form):
        seats = forms.IntegerField(required=False)
        note = forms.CharField(required=False)
        news = forms.BooleanField(required=False)

    form = Form({})
    assert form.is_valid() and form.cleaned_data == {"seats": None, "note": "", "news": False}


def test_an_aware_datetime_has_an_offset() -> None:
    assert by_pydantic(datetime, "2026-03-01T09:30:00").tzinfo is None
    assert by_pydantic(AwareDatetime, "2026-03-01T09:30:00") == REJECTED
    assert by_pydantic(AwareDatetime, "2026-03-01T09:30:00Z").tzinfo is not None
