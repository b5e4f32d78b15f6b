"""Pages are the same with and without each part of the speed code."""

import gc
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.performance import switches
from questions.performance.garbage_collector import freeze_loaded_code
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import GuideFactory, UserFactory, make_question

TOKENS = re.compile(r'<input[^>]*name="(?:csrfmiddlewaretoken|start_id|page)"[^>]*>')


def turn_off(monkeypatch: pytest.MonkeyPatch, *parts: switches.Part) -> None:
    monkeypatch.setattr(switches, "OFF", frozenset(parts))


@pytest.fixture
def pages(settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[str, str]]]:
    """Return a function that asks for pages of every kind and returns their policy and HTML without tokens and ids."""
    settings.ANONYMOUS_PAGE_SECONDS = 60
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    guide, visitor, member = GuideFactory(), Client(), Client()
    question = make_question("single_choice", topic=guide.topic)
    attempt = visitor_attempt(visitor, question, make_question("open", topic=guide.topic))
    response = attempt.responses.get(position=1)
    answer = {**sent_for(response, key_of(response)), "go": "check", "confidence": "sure"}
    member.force_login(UserFactory())
    guide_url = guide.get_absolute_url()

    def asked() -> list[tuple[str, str]]:
        caches["content"].clear()
        found = []
        for _ in range(2):  # the second time from the caches
            found += [Client().get(address) for address in ("/", reverse("topics"), guide_url)]
            found += [client.get(address) for client in (visitor, member) for address in ("/", guide_url)]
            found += [visitor.get(page_of(attempt, position)) for position in (1, 2)]
            with transaction.atomic():
                found.append(visitor.post(page_of(attempt), answer, headers={"HX-Request": "true"}))
                transaction.set_rollback(True)
        assert {one.status_code for one in found} == {200}
        policy = "Content-Security-Policy"
        return [(one.headers[policy], TOKENS.sub("", one.content.decode())) for one in found]

    yield asked
    caches["content"].clear()


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("part", switches.PARTS)
def test_pages_are_the_same_without_a_part(part: switches.Part, pages, monkeypatch: pytest.MonkeyPatch) -> None:
    with_everything = pages()
    turn_off(monkeypatch, part)
    assert pages() == with_everything


@pytest.mark.django_db
@pytest.mark.one_database
def test_pages_are_the_same_without_all_parts(pages, monkeypatch: pytest.MonkeyPatch) -> None:
    with_everything = pages()
    turn_off(monkeypatch, *switches.PARTS)
    assert pages() == with_everything


def test_a_part_that_does_not_exist_is_refused() -> None:
    assert switches.parts_named("") == frozenset()
    assert switches.parts_named("fragments,write_lock") == {"fragments", "write_lock"}
    with pytest.raises(ValueError, match="No part is called frogs: choose from compiled_queries"):
        switches.parts_named("fragments,frogs")


def test_the_environment_turns_parts_off() -> None:
    code = "from questions.performance import switches; print(*sorted(switches.OFF))"
    environment = os.environ | {"BENCH_WITHOUT": "write_lock,fragments"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, env=environment, cwd=django_settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    assert said.stdout.split() == ["fragments", "write_lock"]


def test_functions_are_not_cached_without_their_part(monkeypatch: pytest.MonkeyPatch) -> None:
    turn_off(monkeypatch, "fragments")
    assert switches.cache_size(10, "markdown") == 10
    calls: list[int] = []
    append = lru_cache(switches.cache_size(10, "fragments"))(calls.append)
    append(1)
    append(1)
    assert calls == [1, 1]


def test_the_garbage_collector_is_left_alone_without_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(gc, "collect", lambda: calls.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    freeze_loaded_code()
    assert calls == ["collect", "freeze"]
    turn_off(monkeypatch, "garbage_collector")
    freeze_loaded_code()
    assert calls == ["collect", "freeze"]
