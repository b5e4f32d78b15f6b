"""Every factory creates a valid object, and `make_question` a sound question of each type."""

import pytest
from factory.django import DjangoModelFactory

from questions import types
from questions.bank import authoring
from questions.tests import factories
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
FACTORIES = sorted(DjangoModelFactory.__subclasses__(), key=lambda one: one.__name__)


@pytest.mark.parametrize("factory", [one for one in FACTORIES if one.__module__ == factories.__name__])
def test_factory_creates_a_valid_object(factory: type[DjangoModelFactory]) -> None:
    one = factory(password="something") if factory is factories.UserFactory else factory()
    one.full_clean()
    another = factory()
    assert another.pk != one.pk


@pytest.mark.parametrize("name", types.names())
def test_a_made_question_is_sound(name: str) -> None:
    assert authoring.publishing_problems(make_question(name).item()) == []
