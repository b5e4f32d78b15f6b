"""What the model answers of the open questions rest on is run, question by question."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from questions.tests.bank.async_and_the_gil.test_claims_servers import EMPTY, call
from questions.tests.bank.content import django_site, in_new_loop

# a-coroutine-explained


def test_an_item_in_a_queue_and_a_free_lock_let_no_other_task_run() -> None:
    order = []

    async def other() -> None:
        order.append("other")

    async def main() -> None:
        queue: asyncio.Queue[int] = asyncio.Queue()
        queue.put_nowait(1)
        task = asyncio.create_task(other())
        await queue.get()
        async with asyncio.Lock():
            order.append("main")
        await asyncio.sleep(0)
        order.append("main again")
        await task

    in_new_loop(main())
    assert order == ["main", "other", "main again"]


# moving-django-to-asgi


@pytest.mark.django_db
def test_django_logs_the_middleware_that_it_adapts_and_refuses_async_transactions(settings, caplog) -> None:
    settings.DEBUG = True

    def synchronous(get_response):
        return get_response

    async def view(request) -> HttpResponse:
        with pytest.raises(AttributeError):
            transaction.atomic().__aenter__  # noqa: B018 - it does not exist
        return HttpResponse()

    with caplog.at_level(logging.DEBUG, "django.request"), django_site([path("", view)], synchronous):
        assert in_new_loop(call(ASGIHandler(), EMPTY))[0]["status"] == 200
    assert any("handler adapted for middleware" in message for message in caplog.messages)


# fan-out-with-limits


def test_a_task_group_cancels_the_others_and_gather_leaves_them() -> None:
    async def fail() -> None:
        raise ValueError

    async def with_gather(other: asyncio.Task[bool]) -> None:
        await asyncio.gather(fail(), asyncio.wait([other]))

    async def with_group(other: asyncio.Task[bool]) -> None:
        async def wait() -> None:
            await other

        async with asyncio.TaskGroup() as group:
            group.create_task(wait())
            group.create_task(fail())

    async def is_cancelled(wait) -> bool:
        other = asyncio.create_task(asyncio.Event().wait())
        with pytest.raises((ValueError, ExceptionGroup)):
            await wait(other)
        return other.cancelled()

    assert not in_new_loop(is_cancelled(with_gather))
    assert in_new_loop(is_cancelled(with_group))


# request-id-in-every-log-line


def test_a_copied_context_carries_the_id_into_a_pool_of_our_own() -> None:
    number = ContextVar("number", default="-")
    number.set("r7")
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(copy_context().run, number.get).result() == "r7"
        assert pool.submit(number.get).result() == "-"


def test_what_is_set_in_a_plain_dependency_or_behind_call_next_is_lost() -> None:
    app, number, seen = FastAPI(), ContextVar("number", default="-"), []

    @app.middleware("http")
    async def look(request, call_next):
        response = await call_next(request)
        seen.append(number.get())
        return response

    def plain() -> None:
        number.set("plain")

    async def asynchronous() -> None:
        number.set("async")

    @app.get("/plain", dependencies=[Depends(plain)])
    async def after_plain() -> str:
        return number.get()

    @app.get("/async", dependencies=[Depends(asynchronous)])
    async def after_async() -> str:
        return number.get()

    client = TestClient(app)
    assert [client.get("/plain").json(), client.get("/async").json()] == ["-", "async"]
    assert seen == ["-", "-"]


# cancellation-that-works


def test_a_running_job_cannot_be_cancelled_through_its_future() -> None:
    started, finish = threading.Event(), threading.Event()

    def job() -> bool:
        started.set()
        return finish.wait(5)

    with ThreadPoolExecutor(max_workers=1) as pool:
        running, waiting = pool.submit(job), pool.submit(job)
        started.wait(5)
        assert (running.cancel(), waiting.cancel()) == (False, True)
        finish.set()


# sizing-workers-and-threads


def test_the_numbers_of_the_two_machines() -> None:
    assert (1000 // 15, 8 * 1000 // 15) == (66, 533)
    assert 350 * 100 == 35 * 1000 and 2 * 8 * 5 == 80 and 2 * 8 * 8 == 128
    assert round(700 * 0.085) == 60
    assert int(40 / 0.415) == 96 and round(350 * 0.415) == 145
    arrived, queued = 350 * 25, (350 - 96) * 25  # after 25 seconds
    assert arrived > queued > 96 * 60  # a new request waits for longer than a minute
