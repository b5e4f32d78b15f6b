"""The guide's programs print what stands beneath them, and its facts and tables hold."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, models, transaction
from django.test.utils import isolate_apps
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask, request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from rest_framework import serializers

from questions.tests.bank.content import Bank, printed

BANK = Bank("02-data-contracts.yaml")
REFUSED = "refused"


@pytest.mark.parametrize("slug", ["text-to-values", "lax-strict-json", "patch", "two-names", "two-requests"])
def test_a_listing_prints_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with ThreadPoolExecutor(max_workers=1) as thread:  # the browser tests keep a loop running in the main one
        assert thread.submit(printed, listing["code"]).result() == listing["output"]


def by_pydantic(kind: type, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return REFUSED


def by_strict_json(kind: type, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_json(TypeAdapter(Any).dump_json(value), strict=True)
    except ValidationError:
        return REFUSED


def by_serializer(kind: type, value: Any) -> Any:
    fields = {int: serializers.IntegerField, str: serializers.CharField, bool: serializers.BooleanField}
    made = type("One", (serializers.Serializer,), {"one": fields[kind]()})(data={"one": value})
    return made.validated_data["one"] if made.is_valid() else REFUSED


def by_form(kind: type, value: str) -> Any:
    fields = {int: forms.IntegerField, str: forms.CharField, bool: forms.BooleanField}
    made = type("One", (forms.Form,), {"one": fields[kind](required=kind is not bool)})({"one": value})
    return made.cleaned_data["one"] if made.is_valid() else REFUSED


@pytest.mark.parametrize(
    ("kind", "value", "gates"),
    [
        (int, "7", [7, REFUSED, 7, 7]),
        (int, "7.0", [7, REFUSED, 7, 7]),
        (int, True, [1, REFUSED, REFUSED, REFUSED]),
        (str, 7, [REFUSED, REFUSED, "7", "7"]),
        (str, "  ", ["  ", "  ", REFUSED, REFUSED]),
        (bool, "off", [False, REFUSED, False, True]),
    ],
)
def test_the_same_input_at_four_gates(kind: type, value: Any, gates: list[Any]) -> None:
    as_text = str(value).lower() if isinstance(value, bool) else str(value)
    got = [by_pydantic(kind, value), by_strict_json(kind, value), by_serializer(kind, value), by_form(kind, as_text)]
    assert got == gates and [type(one) for one in got] == [type(one) for one in gates]


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


def test_the_declaration_filters_and_a_breach_of_it_is_a_500() -> None:
    class Public(BaseModel):
        name: str

    class Stored(Public):
        password_hash: str

    app = FastAPI()
    ada = Stored(name="Ada", password_hash="x")

    @app.get("/declared")
    def declared() -> Public:
        return ada

    app.get("/bare")(lambda: ada)
    app.get("/broken", response_model=Public)(lambda: {"title": "Countess"})
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/declared").json() == {"name": "Ada"}
    assert client.get("/bare").json() == {"name": "Ada", "password_hash": "x"}
    broken = client.get("/broken")
    assert broken.status_code == 500 and "Countess" not in broken.text


def test_a_serializer_sends_what_it_would_refuse() -> None:
    class Serializer(serializers.Serializer):
        seats = serializers.IntegerField(max_value=6)

    assert Serializer({"seats": 99}).data == {"seats": 99}
    assert not Serializer(data={"seats": 99}).is_valid()


def test_all_fields_are_writable_columns_too() -> None:
    class Serializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = "__all__"

    fields = Serializer().fields
    assert not fields["is_superuser"].read_only and not fields["password"].write_only


def test_which_rules_of_several_fields_wait_for_the_fields() -> None:
    asked = []

    class Serializer(serializers.Serializer):
        seats = serializers.IntegerField()

        def validate(self, attrs):
            asked.append("serializer")
            return attrs

    class Form(forms.Form):
        seats = forms.IntegerField()

        def clean(self):
            asked.append("form")

    class Model(BaseModel):
        seats: int

        @model_validator(mode="after")
        def together(self):
            asked.append("model")
            return self

    assert not Serializer(data={"seats": "many"}).is_valid() and not Form({"seats": "many"}).is_valid()
    with pytest.raises(ValidationError):
        Model.model_validate({"seats": "many"})
    assert asked == ["form"]
    assert Serializer(data={"seats": "2"}).is_valid() and Model.model_validate({"seats": "2"}).seats == 2
    assert asked == ["form", "serializer", "model"]


def outcome(step) -> str:
    """What refused, or that nothing did."""
    try:
        with transaction.atomic():
            result = step()
    except (DjangoValidationError, IntegrityError) as error:
        return type(error).__name__
    return "invalid" if result is False else "fine"


@pytest.mark.django_db
def test_who_runs_the_validators_of_fields_and_clean() -> None:
    cleaned, saved = [], []

    with isolate_apps("questions"):

        class Account(User):
            class Meta:
                proxy = True
                app_label = "questions"

            def clean(self):
                cleaned.append(self.username)

            def save(self, *args, **kwargs):
                saved.append(self.username)
                super().save(*args, **kwargs)

    class Form(forms.ModelForm):
        class Meta:
            model = Account
            fields = ["username"]

    class Serializer(serializers.ModelSerializer):
        class Meta:
            model = Account
            fields = ["username"]

    def steps(name: str) -> list[str]:
        checked = [
            outcome(Account(username=name, password="x").full_clean),
            outcome(Form({"username": name}).is_valid),
            outcome(Serializer(data={"username": name}).is_valid),
        ]
        written = [
            outcome(Account(username=name).save),
            outcome(lambda: Account.objects.create(username=name + "1")),
            outcome(lambda: Account.objects.bulk_create([Account(username=name + "2")])),
            outcome(lambda: Account.objects.filter(username=name).update(username=name + "3")),
        ]
        return [*checked, *written]

    assert steps("not valid") == ["ValidationError", "invalid", "invalid", "fine", "fine", "fine", "fine"]
    assert set(cleaned) == {"not valid"} and len(cleaned) == 2  # by full_clean and the form, not by the serializer
    assert saved == ["not valid", "not valid1"]  # by save and create, not by bulk_create and update
    Account.objects.create(username="ada")
    assert steps("ada")[:4] == ["ValidationError", "invalid", "invalid", "IntegrityError"]
    assert outcome(lambda: Account.objects.bulk_create([Account(username="ada1")])) == "IntegrityError"


@pytest.mark.django_db
@isolate_apps("questions")
def test_who_asks_a_check_constraint_beforehand() -> None:
    class Stay(models.Model):
        nights = models.IntegerField()

        class Meta:
            app_label = "questions"
            constraints = [models.CheckConstraint(condition=models.Q(nights__gt=0), name="at_least_one_night")]

        def __str__(self):
            return str(self.nights)

    class Form(forms.ModelForm):
        class Meta:
            model = Stay
            fields = ["nights"]

    class Serializer(serializers.ModelSerializer):
        class Meta:
            model = Stay
            fields = ["nights"]

    stays = [Stay(nights=0).full_clean, Form({"nights": "0"}).is_valid, Serializer(data={"nights": 0}).is_valid]
    assert [outcome(stay) for stay in stays] == ["ValidationError", "invalid", "fine"]


def test_a_dataclass_and_an_assignment_check_nothing() -> None:
    @dataclass
    class Plain:
        total: int

    class Model(BaseModel):
        total: int

    class Guarded(Model, validate_assignment=True):
        pass

    assert Plain(total="abc").total == "abc"
    model, guarded = Model(total=1), Guarded(total=1)
    model.total = "abc"
    with pytest.raises(ValidationError):
        guarded.total = "abc"


def test_an_aware_datetime_has_an_offset() -> None:
    assert by_pydantic(datetime, "2026-03-01T09:30:00").tzinfo is None
    assert by_pydantic(AwareDatetime, "2026-03-01T09:30:00") == REFUSED
    assert by_pydantic(AwareDatetime, "2026-03-01T09:30:00Z").tzinfo is not None
