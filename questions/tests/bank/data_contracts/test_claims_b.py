"""Checks of questions about forms, serializers, constraints and requests of Flask.

One test for each question, named after its slug.
"""

import datetime
from types import SimpleNamespace

import flask
import psycopg
import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.generics import CreateAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory, force_authenticate
from werkzeug.exceptions import HTTPException

from questions.tests.bank.content import Asked, postgresql_schema, printed, run


def test_blank_search_form(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}


@pytest.mark.django_db
def test_members_who_became_staff(item: Asked) -> None:
    users = []

    class Profile(run(item.code)["Profile"]):  # type: ignore[misc]
        renderer_classes = [JSONRenderer]

        def get_object(self):
            users.append(self)
            return super().get_object()

    profile = Profile.as_view()
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
    assert len(set(map(id, users))) == 4  # an instance of the view for each request
    assert item.key == "They added `is_staff` to the body of the `PATCH`"


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
    assert item.key.startswith("`attrs` has no `start`")

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
        """Another request inserts the name after this view has checked it."""

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

    class Translates(Create):
        def perform_create(self, serializer):
            try:
                with transaction.atomic():
                    super().perform_create(serializer)
            except IntegrityError:
                raise serializers.ValidationError({"username": ["taken"]}) from None

    def post(view, name: str) -> int:
        return view.as_view()(APIRequestFactory().post("/", {"username": name}, format="json")).status_code

    for view in (Create, InOneTransaction):
        with pytest.raises(IntegrityError), transaction.atomic():
            post(view, "ada")
    assert post(Translates, "ada") == 400
    User.objects.create(username="eve")
    assert post(Create, "eve") == 400
    assert item.key.startswith("Catch `IntegrityError`")

    with postgresql_schema() as connect:
        first, second = connect(), connect()
        first.execute("CREATE TABLE account (name text UNIQUE)")
        first.commit()
        look = "SELECT name FROM account WHERE name = 'ada' FOR UPDATE"
        assert not first.execute(look).fetchall() and not second.execute(look).fetchall()
        first.execute("INSERT INTO account VALUES ('ada')")
        assert not second.execute(look).fetchall()  # checked and locked again, right before the insert
        first.commit()
        with pytest.raises(psycopg.errors.UniqueViolation):
            second.execute("INSERT INTO account VALUES ('ada')")


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
    assert item.key.startswith("`get_json` returns a `dict`")
