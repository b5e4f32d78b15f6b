"""What questions claim about contracts with clients, and about hooks, is run.

One test for each question, named after its slug.
"""

import datetime
from types import SimpleNamespace

import pydantic
import pytest
from django import forms
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field, model_validator
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from questions.tests.bank.content import Asked


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
        """What a client of today reads: it ignores what it does not know and converts nothing."""

        model_config = ConfigDict(strict=True)
        number: int
        amount: float

    def breaks(takes: type[BaseModel], answer: dict) -> bool:
        app = FastAPI()

        @app.post("/orders")
        def accept(order: takes) -> dict:  # type: ignore[valid-type]
            return answer

        response = TestClient(app).post("/orders", json={"sku": "pen"})
        if response.status_code == 422:
            return True
        try:
            Read.model_validate_json(response.content)
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
        app.get("/", response_model=server)(lambda: {"nothing": "of it"})
        return reads <= TestClient(app).get("/").json().keys()

    add, mark, release, wait, remove = item.options
    # What is sent, and what clients in use read, once each step is done.
    assert "beside" in add and works(Both, {"name"})
    assert "deprecated" in mark and Both.model_json_schema()["properties"]["name"]["deprecated"]
    assert "released" in release and works(Both, {"name", "full_name"})
    assert "out of use" in wait and works(Both, {"full_name"})
    assert "alone" in remove and works(After, {"full_name"})
    # A release before the field is sent, and a removal while old versions are in use, break clients.
    assert not works(Before, {"name", "full_name"})
    assert not works(After, {"name", "full_name"})


def test_password_in_never_out(item: Asked) -> None:
    def account(**argument: bool) -> tuple[dict, dict]:
        class Account(serializers.Serializer):
            name = serializers.CharField()
            password = serializers.CharField(**argument)

        values = {"name": "ada", "password": "secret"}
        incoming = Account(data=values)
        assert incoming.is_valid()
        return dict(incoming.validated_data), Account(SimpleNamespace(**values)).data

    both, name = {"name": "ada", "password": "secret"}, {"name": "ada"}
    assert account(write_only=True) == (both, name)
    assert account(read_only=True) == (name, both)
    for unknown in ("load_only", "exclude"):
        with pytest.raises(TypeError, match=unknown):
            serializers.CharField(**{unknown: True})
    assert item.accepted == {"write_only", "write_only=True"}


def test_hooks_and_their_work(item: Asked) -> None:
    date = serializers.DateField()
    day = datetime.date(2026, 5, 3)

    class Stay(forms.Form):
        start = forms.DateField()
        end = forms.DateField()

        def clean(self):
            seen.append(dict(self.cleaned_data))

    class Person(BaseModel):
        full_name: str

        @model_validator(mode="before")
        @classmethod
        def old_name(cls, data):
            return {"full_name": data["name"]}

    seen: list[dict] = []
    Stay({"start": "2026-05-03", "end": "2026-05-03"}).is_valid()
    work = {
        "`to_internal_value`": ("came in", date.to_internal_value("2026-05-03") == day),
        "`to_representation`": ("sent out", date.to_representation(day) == "2026-05-03"),
        "`clean`": ("Compares", seen == [{"start": day, "end": day}]),
        "`model_validator`": ("Reshapes", Person.model_validate({"name": "Ada"}).full_name == "Ada"),
    }
    assert len(work) == len(item.pairs)
    for hook, (purpose, is_so) in work.items():
        (match,) = [match for text, match in item.pairs.items() if hook in text]
        assert purpose in match and is_so
