"""What questions claim about asynchronous code is run.

One test for each question, named after its slug.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import Group, Permission
from django.core.asgi import get_asgi_application
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import F
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory
from django.urls import path
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask

from questions.tests.bank.content import Asked, in_new_loop, run


def blocks_the_loop(code: str) -> bool:
    """Whether `time.sleep` is called in the thread of the event loop when a client requests the report."""
    namespace = run(code)
    seen: dict[str, int] = {}
    namespace["time"] = SimpleNamespace(sleep=lambda seconds: seen.update(sleep=threading.get_ident()))

    @namespace["app"].middleware("http")
    async def note_loop(request: Request, call_next):
        seen["loop"] = threading.get_ident()
        return await call_next(request)

    assert TestClient(namespace["app"]).get("/report").json() == {"rows": 40}
    return seen["sleep"] == seen["loop"]


def test_blocking_call_in_async_endpoint(item: Asked) -> None:
    call = "return query_warehouse()"
    asynchronous = item.code.replace("def query", "async def query")
    changes = {
        "Declare `report` with `def` instead of `async def`": item.code.replace("async def report", "def report"),
        "Declare `health` with `def` instead of `async def`": item.code.replace("async def health", "def health"),
        "Add `await asyncio.sleep(0)` before the call to `query_warehouse`": "import asyncio\n"
        + item.code.replace(call, f"await asyncio.sleep(0)\n    {call}"),
        "Declare `query_warehouse` with `async def` and await it": asynchronous.replace(
            call, f"{call[:7]}await {call[7:]}"
        ),
    }
    assert blocks_the_loop(item.code)
    assert set(changes) == set(item.options)
    assert {text for text, code in changes.items() if not blocks_the_loop(code)} == item.accepted


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

    async def relation_not_fetched() -> None:
        _ = Permission(content_type_id=1).content_type.model

    assert in_new_loop(works())
    for fails in (plain_loop, relation_not_fetched):
        with pytest.raises(SynchronousOnlyOperation):
            in_new_loop(fails())
    assert not hasattr(transaction.atomic(), "__aenter__")
    assert hasattr(Group.objects, "aget")
    assert item.accepted == {
        "`book = await Book.objects.aget(pk=1)`",
        "`async for book in Book.objects.all():`",
    }


@pytest.mark.django_db
def test_django_sync_query_in_async_view(item: Asked, monkeypatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    template = Engine().from_string("{% for book in books %}{{ book }}{% endfor %} {{ total }} in total")
    steps = []

    def render(request: None, name: str, context: dict[str, Any]) -> str:
        steps.append(f"render {name}")
        return template.render(Context(context))

    def view(code: str) -> Any:
        namespace = run(code)
        namespace.update(
            render=render, Book=SimpleNamespace(objects=Group.objects.filter(pk=0).annotate(title=F("name")))
        )
        return in_new_loop(namespace["shelf"](None))

    with pytest.raises(SynchronousOnlyOperation):
        view(item.code)
    assert steps == ["render shelf.html"]  # neither `order_by` nor `acount` raised an error
    assert view(item.code.replace('"books": books', '"books": [book async for book in books]')) == " 0 in total"
    assert item.key == "The loop in the template runs the query for the books"


def test_awaiting_together(item: Asked) -> None:
    took, log = {"user": 100, "orders": 300, "offers": 200}, []

    def service(name: str) -> Callable[..., Any]:
        async def fetch(*_: Any) -> str:
            log.append(f"{name} starts")
            await asyncio.sleep(0)
            log.append(f"{name} ends")
            return name

        return fetch

    namespace = run(f"import asyncio\nfrom fastapi import FastAPI\napp = FastAPI()\n{item.code}")
    namespace.update({f"fetch_{name}": service(name) for name in took})
    assert in_new_loop(namespace["dashboard"]()) == {"orders": "orders", "offers": "offers"}
    assert log[:2] == ["user starts", "user ends"]
    assert set(log[2:4]) == {"orders starts", "offers starts"}  # both run at the same time
    assert item.key == str(took["user"] + max(took["orders"], took["offers"]))


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
    assert item.key == "It still holds a thread while it waits"


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
    assert item.key.startswith("Django closes old connections")
