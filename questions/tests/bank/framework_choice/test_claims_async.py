"""What questions claim about asynchronous code is run.

One test for each question, named after its slug.
"""

import asyncio
import inspect
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import Group
from django.core.asgi import get_asgi_application
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask
from starlette.applications import Starlette

from questions.tests.bank.content import Asked, in_new_loop, run


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


def test_blocking_call_in_async_endpoint(item: Asked) -> None:
    namespace = run(item.code)
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
    assert item.key.startswith("When `slow` is done")


def test_def_endpoint_runs_in_thread(item: Asked) -> None:
    assert endpoint_threads() == (False, True)
    assert item.key == "True"


def test_flask_async_view_concurrency(item: Asked) -> None:
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
    assert item.key.startswith("Two")


@pytest.mark.django_db
def test_django_async_orm(item: Asked, monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def works() -> bool:
        await Group.objects.filter(pk=1).aexists()
        return [group async for group in Group.objects.filter(name="nobody")] == []

    async def plain_loop() -> None:
        for _group in Group.objects.all():
            pass

    assert in_new_loop(works())
    with pytest.raises(SynchronousOnlyOperation):
        in_new_loop(plain_loop())
    assert not hasattr(transaction.atomic(), "__aenter__")
    assert hasattr(Group.objects, "aget")
    assert item.accepted == {
        "`await Book.objects.aget(pk=1)`",
        "`async for book in Book.objects.all():`",
    }


@pytest.mark.django_db
def test_django_sync_query_in_async_view(item: Asked, monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def view() -> Group:
        return Group.objects.get(pk=1)

    with pytest.raises(Exception, match="async") as raised:
        in_new_loop(view())
    assert raised.type.__name__ in item.accepted
    assert f"{raised.type.__module__}.{raised.type.__name__}" in item.accepted
    assert not issubclass(raised.type, RuntimeError)


def test_wsgi_asgi_terms(item: Asked) -> None:
    pairs = dict(zip(item.matches, item.options, strict=True))

    def arguments(application: Any) -> str:
        return "A callable with " + ", ".join(f"`{name}`" for name in inspect.signature(application).parameters)

    assert arguments(Flask("x").wsgi_app).replace(",", " and") == pairs["WSGI"]
    assert arguments(Starlette().__call__).replace(", `send`", " and `send`") == pairs["ASGI"]
    assert issubclass(FastAPI, Starlette)
    assert "FastAPI" in pairs["Starlette"]
    assert not pairs["Pydantic"]


def test_awaiting_together(item: Asked) -> None:
    running, most = 0, 0

    async def upstream() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    async def endpoint() -> None:
        await asyncio.gather(upstream(), upstream(), upstream())

    in_new_loop(endpoint())
    assert most == 3  # all three wait at the same time, so the waits do not add up
    assert item.key == "200"


@pytest.fixture
def only_view(settings, monkeypatch) -> Callable[[Callable[..., HttpResponse]], None]:
    """Makes a view the one page of the Django project."""

    def serve(view: Callable[..., HttpResponse]) -> None:
        module = ModuleType("only_view")
        vars(module)["urlpatterns"] = [path("", view)]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF, settings.MIDDLEWARE = module.__name__, []

    return serve


@pytest.mark.django_db
def test_sync_view_under_asgi(item: Asked, only_view) -> None:
    seen: dict[str, Any] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen["view"] = threading.get_ident()
        return HttpResponse()

    async def ask() -> None:
        seen["loop"] = threading.get_ident()
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        application = ApplicationCommunicator(get_asgi_application(), scope)
        await application.send_input({"type": "http.request"})
        seen["status"] = (await application.receive_output())["status"]
        await application.receive_output()
        await application.wait()

    only_view(view)
    in_new_loop(ask())
    assert seen["status"] == 200
    assert seen["view"] != seen["loop"]
    assert item.key.startswith("In a thread")


@pytest.mark.django_db
def test_django_orm_outside_django(item: Asked, only_view) -> None:
    for signal in (request_started, request_finished):
        assert close_old_connections in signal._live_receivers(None)[0]
    sent = []

    def note(signal: Signal, **_: Any) -> None:
        sent.append(signal)

    only_view(lambda request: HttpResponse())
    for signal in (request_started, request_finished):
        signal.connect(note)
    try:
        app = FastAPI()
        app.get("/")(lambda: 1)
        assert TestClient(app).get("/").status_code == 200
        assert sent == []
        WSGIHandler()(RequestFactory().get("/").environ, lambda *_: None).close()
        assert sent == [request_started, request_finished]
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(note)
    assert item.key.startswith("Django sends signals")
