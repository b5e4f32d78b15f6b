"""Checks of what the guide says about rules, constraints and responses."""

from dataclasses import dataclass

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, models, transaction
from django.test.utils import isolate_apps
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ValidationError, model_validator
from rest_framework import serializers

from questions.tests.bank.fixture_files import Bank

BANK = Bank("02-data-contracts.yaml")


def test_the_declaration_filters_and_breaking_it_is_a_500() -> None:
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


def test_a_serializer_sends_what_it_would_reject() -> None:
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
    """Return what rejected the step, or "fine"."""
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
