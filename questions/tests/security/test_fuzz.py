"""Fuzz test: no request to any URL by any client causes status 500."""

import logging
import os
import time
import uuid
from collections.abc import Iterator

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.attempts.quiz_models import Quiz
from questions.bank.models.questions import Question
from questions.notes.models import Note
from questions.scheduling.models import Card
from questions.tests.factories import QuizFactory, QuizItemFactory, UserFactory
from questions.tests.personal_data_factories import fill, make_bank
from questions.tests.security.fuzz import PLACES, World, ask, is_local
from questions.tests.security.steps import with_app

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "200"))
COUNTED = ["import", "report", "search", "login", "login_failed", "signup", "reset_password", "reauthenticate"]
RECENT = {"method": "password", "at": time.time(), "reauthenticated": True}


@pytest.fixture
def quiet() -> Iterator[None]:
    """Silence the log, which would warn of thousands of invalid requests."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db, quiet, settings) -> World:
    """A site behind a proxy without rate limits; a visitor, a user and staff, each with data of every kind."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = dict.fromkeys(COUNTED, "1000000/m/ip")
    bank = make_bank()
    QuizItemFactory(quiz=QuizFactory(), question=bank.questions[0])
    candidate = UserFactory(username="ada", password="a long walk")
    staff = UserFactory(username="boss", password="a long walk", is_staff=True, is_superuser=True)
    clients = {"visitor": Client(), "candidate": Client(), "staff": Client()}
    clients["candidate"].force_login(candidate)
    clients["staff"].force_login(staff)
    for client in clients.values():
        session = client.session
        session["visitor"] = str(uuid.uuid4())
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
        client.cookies["sessionid"] = session.session_key
    for owner in (Owner(visitor=uuid.UUID(clients["visitor"].session["visitor"])), Owner(user_id=candidate.pk)):
        fill(owner, bank, staff=staff)
    fill(Owner(user_id=staff.pk), bank, staff=staff)
    with_app(candidate)
    topic = bank.questions[0].topic
    pks = [str(pk) for model in (Question, Card, Note) for pk in model.objects.values_list("pk", flat=True)[:3]]
    values = {
        "public_id": [str(pk) for pk in Attempt.objects.values_list("public_id", flat=True)],
        "position": ["1", "2", "3", "8"],
        "slug": [topic.slug, Quiz.objects.first().slug],
        "kind": ["question", "guide", "faq"],
        "object_id": ["1"],
        "app_label": ["questions", "auth"],
        "content_type_id": ["1", "2"],
        "url": ["questions/question/"],
    }
    values |= dict.fromkeys(["pk", "number"], pks)
    LogEntry.objects.all().delete()
    made = World(clients=clients, values=values)
    made.look()
    return made


def test_list_has_every_url() -> None:
    templates = [place.template for place in PLACES]
    assert len(templates) > 150
    for part in ("/attempts/", "/admin/questions/question/", "/accounts/2fa/", "/accounts/password/reset/key/"):
        assert any(template.startswith(part) for template in templates)


def test_no_request_causes_a_server_error(world: World) -> None:
    @settings(
        max_examples=REQUESTS,
        deadline=None,
        derandomize="FUZZ_REQUESTS" not in os.environ,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def answers(data) -> None:
        with transaction.atomic():
            response = ask(world, data.draw)
            transaction.set_rollback(True)
        world.tell(response)
        assert response.status_code < 500
        assert is_local(response.headers.get("Location", "/"))
        content = response.getvalue() if response.streaming else response.content
        assert b"<script>alert" not in content

    answers()
    summary = f"{sum(world.answers.values())} requests, answered {dict(sorted(world.answers.items()))}"
    print(summary)  # noqa: T201 - the figure is what `make fuzz` is run for
    assert {200, 302, 404} <= set(world.answers)
