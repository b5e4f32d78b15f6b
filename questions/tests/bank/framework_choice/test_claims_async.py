"""What questions claim about asynchronous code is run.

One test for each question, named after its slug.
"""

import asyncio
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask

from questions.models import Topic
from questions.tests.bank.content import Bank, in_new_loop, run

BANK = Bank("01-framework-choice.yaml")


def endpoint_threads() -> tuple[bool, bool]:
    """Whether a plain and an asynchronous endpoint run in the event loop's thread."""
    app = FastAPI()
    seen: dict[str, int] = {}

    @app.middleware("http")
    async def note_loop(request: Request, call_next):
        seen["loop"] = threading.get_ident()
        return await call_next(request)

    @app.get("/plain")
    def plain() -> None:
        seen["plain"] = threading.get_ident()

    @app.get("/async")
    async def asynchronous() -> None:
        seen["async"] = threading.get_ident()

    with TestClient(app) as client:
        client.get("/plain")
        client.get("/async")
    return seen["plain"] == seen["loop"], seen["async"] == seen["loop"]


def test_blocking_call_in_async_endpoint() -> None:
    namespace = run(BANK.code("blocking-call-in-async-endpoint"))
    order = []
    namespace["time"] = type("Clock", (), {"sleep": staticmethod(lambda seconds: order.append("slept"))})

    async def quick() -> None:
        await namespace["quick"]()
        order.append("quick")

    async def both() -> None:
        await asyncio.gather(namespace["slow"](), quick())

    in_new_loop(both())
    assert order == ["slept", "quick"]
    assert inspect.iscoroutinefunction(namespace["slow"])
    assert BANK.key("blocking-call-in-async-endpoint").startswith("When `slow` is done")


def test_def_endpoint_runs_in_thread() -> None:
    assert endpoint_threads() == (False, True)
    assert BANK.key("def-endpoint-runs-in-thread") == "True"


def test_flask_async_view_concurrency() -> None:
    app = Flask("two")
    running, most = set(), 0
    two_run = threading.Event()

    @app.get("/")
    async def wait() -> str:
        nonlocal most
        running.add(me := object())
        most = max(most, len(running))
        if len(running) == 2:
            two_run.set()
        while not two_run.is_set():
            await asyncio.sleep(0)
        running.discard(me)
        return "done"

    with ThreadPoolExecutor(max_workers=2) as workers:
        answers = list(workers.map(lambda _: app.test_client().get("/").text, range(6)))
    assert answers == ["done"] * 6
    assert most == 2
    assert BANK.key("flask-async-view-concurrency").startswith("Two")


@pytest.mark.django_db
def test_django_async_orm(monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def works() -> bool:
        await Topic.objects.filter(pk=1).aexists()
        return [topic async for topic in Topic.objects.all()] == []

    async def plain_loop() -> None:
        for _topic in Topic.objects.all():
            pass

    assert in_new_loop(works())
    with pytest.raises(SynchronousOnlyOperation):
        in_new_loop(plain_loop())
    assert not hasattr(transaction.atomic(), "__aenter__")
    assert hasattr(Topic.objects, "aget")
    assert BANK.accepted("django-async-orm") == {
        "`await Book.objects.aget(pk=1)`",
        "`async for book in Book.objects.all():`",
    }


@pytest.mark.django_db
def test_django_sync_query_in_async_view(monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def view() -> Topic:
        return Topic.objects.get(pk=1)

    with pytest.raises(Exception, match="async") as raised:
        in_new_loop(view())
    assert raised.type.__name__ in BANK.accepted("django-sync-query-in-async-view")
    assert f"{raised.type.__module__}.{raised.type.__name__}" in BANK.accepted("django-sync-query-in-async-view")
    assert not issubclass(raised.type, RuntimeError)


def test_wsgi_asgi_terms() -> None:
    import starlette.applications

    assert list(inspect.signature(Flask("x").wsgi_app).parameters) == ["environ", "start_response"]
    assert list(inspect.signature(starlette.applications.Starlette().__call__).parameters) == [
        "scope",
        "receive",
        "send",
    ]
    assert issubclass(FastAPI, starlette.applications.Starlette)


def test_django_orm_outside_django() -> None:
    for signal in (request_started, request_finished):
        assert close_old_connections in signal._live_receivers(None)[0]
    assert BANK.key("django-orm-outside-django").startswith("Django sends signals")


def test_sync_view_under_asgi(settings) -> None:
    seen: dict[str, int] = {}

    def view(request):
        seen["view"] = threading.get_ident()
        return HttpResponse()

    async def ask() -> None:
        seen["loop"] = threading.get_ident()
        await BaseHandler().adapt_method_mode(True, view)(None)

    in_new_loop(ask())
    assert seen["view"] != seen["loop"]
    assert BANK.key("sync-view-under-asgi").startswith("In a thread")
