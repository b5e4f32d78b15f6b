"""What questions about choosing a stack claim is run or computed: the key meets the constraints, the others do not.

One test for each question, named after its slug.
"""

import importlib.util
import inspect
import pkgutil
import re

import pytest
from django.core.asgi import get_asgi_application
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette

from questions.tests.bank.content import Asked, in_new_loop


def test_framework_overhead_share(item: Asked) -> None:
    before, after = 95 + 5, 95 + 1
    assert {str(round(100 * (before - after) / before))} == item.accepted


def test_streaming_gateway_choice(item: Asked) -> None:
    from rest_framework.views import APIView

    assert FastAPI().openapi()["openapi"]
    assert not hasattr(Starlette(), "openapi")
    assert not APIView.view_is_async  # each request of DRF waits in a thread
    assert list(inspect.signature(Flask("gateway").wsgi_app).parameters) == ["environ", "start_response"]  # WSGI
    assert item.key == "FastAPI on an ASGI server"


def test_fastapi_for_speed(item: Asked) -> None:
    rows = [[int(number) for number in line.split()[2:]] for line in item.code.splitlines()[1:]]
    medians, p95s, queries, rest = zip(*rows, strict=True)
    assert medians == tuple(map(sum, zip(queries, rest, strict=True)))
    assert max(p95s) < 300 / 2
    assert 50 * max(medians) / 1000 < 3  # threads that are busy on average
    assert {min(rest), max(rest)} == {5, 7}
    assert item.key.startswith("Django with DRF")


def test_busy_threads_on_average(item: Asked) -> None:
    fast, slow = 100 * 0.9 * 0.1, 100 * 0.1 * 5
    assert item.options == [f"{busy:g}" for busy in (fast + slow, 100 * 5, 100 * (0.1 + 5) / 2, slow, fast)]
    assert item.key == "59"


def test_workers_in_512_megabytes(item: Asked) -> None:
    fitting = set()
    for option in item.options:
        processes, threads = map(int, re.findall(r"\d+", option))
        memory = processes * (120 + threads * 2)
        if processes * threads >= 40 and memory <= 512:
            fitting.add(option)
    assert fitting == item.accepted
    assert 40 * 5 / 1500 < 1  # computation: less than one core


def test_built_in_batteries(item: Asked) -> None:
    import fastapi
    import starlette

    for name in ("django.db.migrations", "django.contrib.admin", "django.contrib.auth.views"):
        assert importlib.util.find_spec(name)
    for package in (fastapi, starlette):
        names = " ".join(module.name for module in pkgutil.walk_packages(package.__path__))
        assert not re.search("admin|migration|password|reset", names)
    assert "middleware" in names
    assert item.accepted == {
        "Migrations of the database schema",
        "The admin pages for support staff",
        "Password reset by email",
    }


def test_fresh_order_status_for_staff(item: Asked) -> None:
    polls = 300 / 4  # requests per second
    assert polls * 0.020 == 1.5  # threads that are busy on average

    async def open_websocket() -> None:
        await get_asgi_application()({"type": "websocket", "path": "/"}, None, None)

    with pytest.raises(ValueError, match="only handle ASGI/HTTP"):
        in_new_loop(open_websocket())
    assert item.key == "Each page requests a small view every four seconds"
