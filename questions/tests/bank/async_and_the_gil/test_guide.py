"""The guide's programs print what stands beneath them, and its facts hold."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import anyio.to_thread
import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.urls import path
from fastapi import FastAPI
from fastapi.testclient import TestClient

from questions.tests.bank.async_and_the_gil.test_claims_servers import EMPTY, call
from questions.tests.bank.content import django_site, in_new_loop, printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("04-async-and-the-gil.yaml")


@pytest.mark.parametrize("slug", ["length-wsgi", "length-asgi", "turns"])
def test_a_listing_prints_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with ThreadPoolExecutor(max_workers=1) as thread:  # the browser tests keep a loop running in the main one
        assert thread.submit(printed, listing["code"]).result() == listing["output"]


def test_an_await_of_what_is_ready_gives_nobody_else_a_turn() -> None:
    order = []

    async def ready() -> None:
        order.append("ready")

    async def other() -> None:
        order.append("other")

    async def main() -> None:
        task = asyncio.create_task(other())
        await ready()
        order.append("after")
        await task

    in_new_loop(main())
    assert order == ["ready", "after", "other"]


def test_cancellation_passes_except_exception() -> None:
    assert not issubclass(asyncio.CancelledError, Exception)


def test_forty_threads_serve_plain_endpoints_and_see_the_requests_context() -> None:
    app, number = FastAPI(), ContextVar("number", default="-")

    @app.middleware("http")
    async def remember(request, call_next):
        number.set("r7")
        return await call_next(request)

    @app.get("/")
    def plain() -> list[str]:
        return [number.get(), str(threading.current_thread() is threading.main_thread())]

    async def limit() -> float:
        return anyio.to_thread.current_default_thread_limiter().total_tokens

    assert TestClient(app).get("/").json() == ["r7", "False"]
    assert in_new_loop(limit()) == 40


def test_debug_mode_tells_of_callbacks_from_a_tenth_of_a_second_on() -> None:
    async def threshold() -> float:
        return asyncio.get_running_loop().slow_callback_duration

    assert in_new_loop(threshold()) == 0.1


@pytest.mark.django_db
def test_django_keeps_a_thread_for_each_request_that_waits_and_fastapi_none() -> None:
    async def threads_while_five_wait(app, waiting: asyncio.Semaphore, go_on: asyncio.Event) -> int:
        before = set(threading.enumerate())
        requests = [asyncio.create_task(call(app, EMPTY)) for _ in range(5)]
        for _ in requests:
            await asyncio.wait_for(waiting.acquire(), 5)
        more = len(set(threading.enumerate()) - before)  # one that ends meanwhile is none less
        go_on.set()
        await asyncio.gather(*requests)
        return more

    async def both() -> tuple[int, int]:
        waiting, go_on = asyncio.Semaphore(0), asyncio.Event()
        fastapi = FastAPI()

        @fastapi.get("/")
        async def endpoint():
            waiting.release()
            await go_on.wait()

        async def view(request):
            await endpoint()
            return HttpResponse()

        with django_site([path("", view)]):
            django = await threads_while_five_wait(ASGIHandler(), waiting, go_on)
        go_on.clear()
        return django, await threads_while_five_wait(fastapi, waiting, go_on)

    assert in_new_loop(both()) == (5, 0)
