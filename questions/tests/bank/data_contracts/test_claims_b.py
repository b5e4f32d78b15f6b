"""What questions claim about forms, serializers, Flask's requests and changing contracts is run.

One test for each question, named after its slug.
"""

import datetime
from types import SimpleNamespace

import flask
import pydantic
import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field, model_validator
from rest_framework import serializers
from rest_framework.generics import CreateAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView
from werkzeug.exceptions import HTTPException

from questions.tests.bank.content import Asked, printed, run


def test_blank_search_form(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}


@pytest.mark.django_db
def test_members_who_became_staff(item: Asked) -> None:
    profile = run(item.code)["Profile"].as_view(renderer_classes=[JSONRenderer])
    ada, eve = User.objects.create_user("ada"), User.objects.create_user("eve")

    def send(method: str, **body: object) -> User:
        request = getattr(APIRequestFactory(), method)("/", body, format="json")
        force_authenticate(request, User.objects.get(pk=eve.pk))
        assert profile(request).status_code == 200
        return User.objects.get(pk=eve.pk)

    assert not send("put", username="eve", password="long enough").is_staff
    assert send("patch", id=ada.pk, first_name="Eve").first_name == "Eve"
    assert User.objects.get(pk=ada.pk).first_name == ""
    assert send("patch", is_staff=True).is_staff
    assert send("put", username="eve", password="long enough").is_staff
    assert "`is_staff`" in item.key


def test_patch_of_one_date(item: Asked) -> None:
    booking_serializer = run(item.code)["BookingSerializer"]
    booking = SimpleNamespace(start=datetime.date(2026, 5, 4), end=datetime.date(2026, 5, 5))
    body = {"end": "2026-05-03"}
    with pytest.raises(KeyError, match="start"):
        booking_serializer(booking, data=body, partial=True).is_valid()

    class Seen(booking_serializer):  # type: ignore[valid-type,misc]
        def validate(self, attrs):
            return attrs

    seen = Seen(booking, data=body, partial=True)
    assert seen.is_valid()
    assert seen.validated_data == {"end": datetime.date(2026, 5, 3)}
    assert item.key.startswith("`attrs` lacks `start`")

    class Merged(booking_serializer):  # type: ignore[valid-type,misc]
        def validate(self, attrs):
            super().validate({"start": self.instance.start, "end": self.instance.end} | attrs)
            return attrs

    assert not Merged(booking, data=body, partial=True).is_valid()


def test_hooks_after_a_failed_field(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}

    class Form(forms.Form):
        amount = forms.IntegerField()

        def clean(self):
            cleaned.append(self.cleaned_data)

    cleaned: list[dict] = []
    assert not Form({"amount": "many"}).is_valid()
    assert cleaned == [{}]


@pytest.mark.django_db
def test_who_runs_the_validators(item: Asked) -> None:
    name = "ada lovelace"

    class UserSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = ["username"]

    def full_clean_refuses() -> bool:
        with pytest.raises(ValidationError) as raised:
            User(username=name, password="hash").full_clean()
        return list(raised.value.message_dict) == ["username"]

    def is_stored(create) -> bool:
        create()
        return User.objects.filter(username=name).delete()[0] == 1

    refused = {
        "`ModelForm`": not forms.modelform_factory(User, fields=["username"])({"username": name}).is_valid(),
        "`user.save()`": not is_stored(User(username=name).save),
        "`user.full_clean()`": full_clean_refuses(),
        "`User.objects.create_user": not is_stored(lambda: User.objects.create_user(name)),
        "`ModelSerializer`": not UserSerializer(data={"username": name}).is_valid(),
    }
    for part, is_refused in refused.items():
        (option,) = [text for text in item.options if part in text]
        assert (option in item.accepted) is is_refused
    assert is_stored(lambda: User.objects.bulk_create([User(username=name)]))


@pytest.mark.django_db
def test_taken_name_at_the_same_moment(item: Asked) -> None:
    class AccountSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = ["username"]

    class Create(CreateAPIView):
        """Somebody else inserts the name after this view has checked it."""

        serializer_class = AccountSerializer
        authentication_classes: list[type] = []
        permission_classes: list[type] = []
        renderer_classes = [JSONRenderer]

        def perform_create(self, serializer):
            User.objects.create(username=serializer.validated_data["username"])
            serializer.save()

    class InOneTransaction(Create):
        def create(self, request):
            with transaction.atomic():
                return super().create(request)

    class LocksFirst(Create):
        def create(self, request):
            with transaction.atomic():
                assert not User.objects.select_for_update().filter(username=request.data["username"])
                return super().create(request)

    class Translates(Create):
        def perform_create(self, serializer):
            try:
                with transaction.atomic():
                    super().perform_create(serializer)
            except IntegrityError:
                raise serializers.ValidationError({"username": ["taken"]}) from None

    def post(view, name: str) -> int:
        return view.as_view()(APIRequestFactory().post("/", {"username": name}, format="json")).status_code

    for view in (Create, InOneTransaction, LocksFirst):
        with pytest.raises(IntegrityError), transaction.atomic():
            post(view, "ada")
    assert post(Translates, "ada") == 400
    User.objects.create(username="eve")
    assert post(Create, "eve") == 400
    assert item.key.startswith("Catch the `IntegrityError`")


def test_name_missing_twice(item: Asked) -> None:
    app = run(item.code)["app"]
    client = app.test_client()
    assert client.post("/form", data={}).status_code == 400
    assert client.post("/json", json={}).status_code == 500
    assert client.post("/json", data="{", content_type="application/json").status_code == 400
    with app.test_request_context(method="POST", json={}):
        assert type(flask.request.get_json()) is dict
        with pytest.raises(KeyError) as from_form:
            flask.request.form["name"]
        with pytest.raises(KeyError) as from_json:
            flask.request.get_json()["name"]
    assert isinstance(from_form.value, HTTPException) and from_form.value.code == 400
    assert not isinstance(from_json.value, HTTPException)
    assert "plain `dict`" in item.key


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
