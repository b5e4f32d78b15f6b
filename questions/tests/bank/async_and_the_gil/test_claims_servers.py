"""What questions claim about Django, FastAPI and Flask on their servers is run.

One test for each question, named after its slug.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar

import anyio.to_thread
import pytest
from asgiref.local import Local
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.asgi import ASGIHandler
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from fastapi import FastAPI, Request
from flask import Flask

from questions.tests.bank.content import django_site, in_new_loop, run


async def call(app, *received, method="GET", kind="http", path="/", query=b"", headers=(), note=None):
    """The events that an ASGI application sends in answer to those that it receives, with what was noted at each."""
    events, sent = iter(received), []

    async def receive():
        return next(events, None) or await asyncio.Event().wait()

    async def send(event):
        sent.append((event, note()) if note else event)

    scope = {"type": kind, "method": method, "path": path, "headers": list(headers), "query_string": query}
    await app(scope, receive, send)
    return sent


EMPTY = {"type": "http.request"}


def test_hundred_plain_endpoints_at_once(item):
    app, upstream_answers = FastAPI(), threading.Event()

    @app.get("/")
    def endpoint():
        upstream_answers.wait()

    async def requests_in_progress():
        requests = [asyncio.create_task(call(app, EMPTY)) for _ in range(100)]
        limiter = anyio.to_thread.current_default_thread_limiter()
        try:
            async with asyncio.timeout(5):
                while limiter.statistics().tasks_waiting < 60:
                    await asyncio.sleep(0)
            in_progress = limiter.borrowed_tokens
        finally:
            upstream_answers.set()
        await asyncio.gather(*requests)
        return in_progress

    assert in_new_loop(requests_in_progress()) == 40
    assert item.key == "3 seconds: 40 requests wait at a time"


@pytest.mark.django_db
def test_two_adapted_queries_together(item, monkeypatch):
    both_at_once = threading.Barrier(2)
    threads = []

    def note_thread(*_):
        threads.append(threading.get_ident())

    async def view(request):
        await asyncio.gather(sync_to_async(note_thread)(), sync_to_async(note_thread)())
        await asyncio.gather(Group.objects.acount(), Group.objects.acount())
        await asyncio.gather(*[sync_to_async(both_at_once.wait, thread_sensitive=False)(5) for _ in range(2)])
        return HttpResponse()

    monkeypatch.setattr(QuerySet, "count", note_thread)
    with django_site([path("", view)]):
        assert in_new_loop(call(ASGIHandler(), EMPTY))[0]["status"] == 200
    assert len(threads) == 4
    assert len(set(threads)) == 1
    assert item.key == "400 ms, because both run in the same thread"


@pytest.mark.django_db
def test_async_view_on_a_wsgi_server(item, monkeypatch):
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    loops, left, threads = [], [], []

    async def view(request):
        meeting = asyncio.Barrier(2)
        await asyncio.gather(meeting.wait(), meeting.wait())  # neither ends before both have begun
        left.append(asyncio.create_task(asyncio.Event().wait()))
        loops.append(asyncio.get_running_loop())
        threads.append("entered")
        with pytest.raises(SynchronousOnlyOperation):
            Group.objects.get(pk=1)
        return HttpResponse()

    with django_site([path("", view)]) as client, ThreadPoolExecutor(max_workers=1) as server:
        for _ in range(2):
            assert server.submit(client.get, "/").result().status_code == 200
            threads.append("free")
    assert threads == ["entered", "free"] * 2
    assert loops[0] is not loops[1]
    assert all(task.cancelled() for task in left)
    assert {text.split()[0] for text in item.accepted} == {"Upstream", "A"}
    assert len(item.accepted) == 3


@pytest.mark.django_db
def test_tenant_kept_in_thread_local(item):
    kept, context, local = threading.local(), ContextVar("tenant", default=None), Local()
    found = {}

    class Tenant:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            kept.tenant = local.tenant = request.GET["tenant"]
            context.set(request.GET["tenant"])
            return self.get_response(request)

    def note(view, request):
        tenants = [getattr(kept, "tenant", None), context.get(), getattr(local, "tenant", None)]
        found[view, request.GET["tenant"]] = tenants
        return HttpResponse()

    def plain_view(request):
        return note("plain", request)

    async def async_view(request):
        return note("async", request)

    async def requests():
        app = ASGIHandler()
        for address in ("/plain", "/async"):
            await asyncio.gather(
                *[call(app, EMPTY, path=address, query=b"tenant=" + tenant) for tenant in (b"a", b"b")]
            )

    with django_site([path("plain", plain_view), path("async", async_view)], Tenant):
        in_new_loop(requests())
    assert found["plain", "a"] == ["a"] * 3 and found["plain", "b"] == ["b"] * 3
    assert found["async", "a"] == [None, "a", "a"] and found["async", "b"] == [None, "b", "b"]
    assert item.key == "No tenant, as if none had been set"


def test_four_threads_four_dashboards(item):
    app, something_happens, all_open = Flask("site"), threading.Event(), threading.Barrier(5)

    @app.get("/events")
    def events():
        def lines():
            yield "open\n"
            all_open.wait()
            something_happens.wait()

        return lines()

    @app.get("/health")
    def health():
        return "ok"

    def serve(address):
        return app.test_client().get(address).text

    with ThreadPoolExecutor(max_workers=4) as server:
        for _ in range(4):
            server.submit(serve, "/events")
        all_open.wait(5)
        fifth = server.submit(serve, "/health")
        assert not fifth.running() and not fifth.done()
        something_happens.set()
        assert fifth.result(5) == "ok"
    assert item.key == "True"


@pytest.mark.django_db
def test_export_no_longer_streams(item):
    made = []

    def rows():
        for number in range(3):
            made.append(number)
            yield str(number)

    async def rows_async():
        for row in rows():
            yield row

    def plain(request):
        return StreamingHttpResponse(rows())

    async def plain_rows_in_async_view(request):
        return plain(request)

    def asynchronous(request):
        return StreamingHttpResponse(rows_async())

    def made_when_sent(view):
        """How many rows there are when each one is sent under ASGI."""
        made.clear()
        with django_site([path("", view)]):
            sent = in_new_loop(call(ASGIHandler(), EMPTY, note=lambda: len(made)))
        return [noted for event, noted in sent if event.get("body")]

    for view in (plain, plain_rows_in_async_view):
        with pytest.warns(Warning, match="must consume synchronous iterators"):
            assert made_when_sent(view) == [3, 3, 3]
    assert made_when_sent(asynchronous) == [1, 2, 3]
    made.clear()
    with django_site([path("", plain)]) as wsgi:
        next(iter(wsgi.get("/").streaming_content))
    assert made == [0]
    assert item.key == "Under ASGI, Django reads a plain generator to its end before it sends rows"


def test_large_uploads_cut_off(item):
    app = run(item.code)["app"]

    def response_to(*events):
        return in_new_loop(call(app, *events))[-1]["body"]

    first = {"type": "http.request", "body": b"12345", "more_body": True}
    last = {"type": "http.request", "body": b"678", "more_body": False}
    assert response_to(last) == b"3"
    assert response_to(first, last) == b"5"

    async def whole(request: Request):
        return len(await request.body())

    mended = FastAPI()
    mended.post("/")(whole)
    assert in_new_loop(call(mended, first, last, method="POST"))[-1]["body"] == b"8"
    assert all("more_body" in text for text in item.accepted)


def test_where_asgi_middleware_acts(item):
    opened, seen = [], []

    @asynccontextmanager
    async def lifespan(app):
        opened.append("pool")
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/")
    async def echo(request: Request):
        body = await request.body()
        assert await request.is_disconnected()
        return body.decode()

    async def middleware(scope, receive, send):
        async def receiving():
            message = await receive()
            seen.append((message["type"], message))
            return message

        async def sending(message):
            seen.append((message["type"], message))
            await send(message)

        seen.append(("the scope, before any message", scope))
        await app(scope, receiving, sending)

    in_new_loop(call(middleware, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}, kind="lifespan"))
    parts = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}]
    host = (b"host", b"a.example")
    in_new_loop(call(middleware, *parts, {"type": "http.disconnect"}, method="POST", headers=[host]))
    assert opened == ["pool"]
    needs = {
        "Reject": lambda message: message.get("body") in (b"a", b"b"),
        "Add": lambda message: "status" in message and "headers" in message,
        "Count": lambda message: message.get("body") == b'"ab"',
        "Stop": lambda message: message["type"] == "http.disconnect",
        "Open": lambda message: message["type"] == "lifespan.startup",
        "Choose": lambda message: host in message.get("headers", []),
    }
    assert len(needs) == len(item.pairs)
    for job, place in item.pairs.items():
        carries = needs[job.split()[0]]
        assert {where for where, message in seen if carries(message)} == {place}
