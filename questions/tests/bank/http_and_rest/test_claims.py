"""Checks of questions about methods, redirects and bodies.

One test per question, named after its slug.
"""

import asyncio
import threading

import flask
import pytest
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.http import condition
from fastapi.testclient import TestClient
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.views import APIView

from questions.tests.bank.content import django_site, in_new_loop, printed, run

SECURITY = "django.middleware.security.SecurityMiddleware"


def test_form_answered_by_405(item):
    program = run(item.code)
    visitor = TestClient(program["app"])
    response = visitor.post("/cart/clear")
    (redirect,) = response.history
    assert program["cart"] == []
    assert (redirect.status_code, response.request.method, response.status_code) == (307, "POST", 405)
    assert response.url.path == "/cart"
    assert visitor.get("/cart").status_code == 200
    assert flask.redirect("/cart").status_code == HttpResponseRedirect("/cart").status_code == 302
    assert item.key.startswith("The redirect has status 307")


def test_every_save_refused(item):
    program = run(item.code)
    with django_site([path("", program["article_view"])], "django.middleware.gzip.GZipMiddleware") as editor:
        read = editor.get("/", headers={"Accept-Encoding": "gzip"})
        assert (read["ETag"], read["Vary"]) == ('W/"1"', "Accept-Encoding")
        assert len({editor.get("/", headers={"Accept-Encoding": "gzip"}).content for _ in range(9)}) > 1
        assert editor.put("/", "New", headers={"If-Match": read["ETag"]}).status_code == 412
        assert editor.get("/", headers={"If-None-Match": read["ETag"]}).status_code == 304
        assert editor.put("/", "New", headers={"If-Match": '"1"', "Accept-Encoding": "gzip"}).status_code == 204
        assert editor.get("/", headers={"Accept-Encoding": "gzip"})["ETag"] == '"2"'
        assert editor.put("/", "New", headers={"Accept-Encoding": "gzip"}).status_code == 204
    assert item.key.startswith("The tag of a compressed response is weak")


def test_one_key_two_charges(item):
    program = run(item.code)
    charges, threads = [], set()

    async def pay(cents):
        threads.add(threading.current_thread())
        charges.append(cents)
        await asyncio.sleep(0)
        return {"number": len(charges)}

    async def tries():
        charge = program["charge"]
        first, second = await asyncio.gather(charge(500, "same"), charge(500, "same"))
        assert charges == [500, 500]
        assert await charge(500, "same") == second
        assert charges == [500, 500]
        return first

    program["pay"] = pay

    async def try_and_disconnect():
        async def receive():
            return {"type": "http.disconnect"}

        async def send(message): ...

        scope = {"type": "http", "method": "POST", "path": "/charges", "query_string": b"cents=500"}
        await program["app"](scope | {"headers": [(b"idempotency-key", b"gone")]}, receive, send)
        assert await program["charge"](500, "gone") == {"number": 3}

    in_new_loop(tries())
    assert len(threads) == 1
    in_new_loop(try_and_disconnect())
    assert charges == [500, 500, 500]
    assert item.key == "The second attempt passes the check while the first one is still paying"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_unsubscribed_without_a_click(item, method):
    program = run(item.code)
    (token,) = program["readers"]
    scanner = program["app"].test_client()
    assert scanner.open("/unsubscribe/a-guess", method=method).status_code == 200
    assert token in program["readers"]
    assert scanner.open(f"/unsubscribe/{token}", method=method).status_code == 200
    assert token not in program["readers"]
    assert item.key.startswith("A `GET` changes data")


@pytest.mark.parametrize(
    ("setting", "status"),
    [
        ({}, 301),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}, 200),
        ({"USE_X_FORWARDED_HOST": True}, 301),
        ({"SECURE_HSTS_SECONDS": 3600}, 301),
        ({"CSRF_TRUSTED_ORIGINS": ["https://shop.example"]}, 301),
    ],
)
def test_too_many_redirects_behind_proxy(item, setting, status):
    settings = {"SECURE_SSL_REDIRECT": True, "ALLOWED_HOSTS": ["shop.example"]} | setting
    forwarded = {"Host": "shop.example", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    with django_site([path("", lambda request: HttpResponse())], SECURITY, **settings) as proxy:
        response = proxy.get("/", headers=forwarded)
    assert response.status_code == status
    assert response.get("Location") in {None, "https://shop.example/"}
    assert (status == 200) == any(name in item.key for name in setting)


def test_repeated_key_in_the_query(item):
    assert item.stating(*printed(item.code).split()) == {item.key}
    assert QueryDict("tag=red&tag=blue").getlist("tag") == ["red", "blue"]


def test_not_modified_and_the_view(item):
    assert item.stating(*printed(item.code).split()) == {item.key}

    def never(request):
        raise AssertionError

    unchanged = condition(etag_func=lambda request: '"1"')(never)
    assert unchanged(RequestFactory().get("/", headers={"If-None-Match": '"1"'})).status_code == 304


def test_where_request_post_is_filled(item):
    assert item.stating(*printed(item.code).split()) == {item.key}
    view = APIView(parser_classes=[FormParser, JSONParser])
    for request in run(item.code)["requests"]:
        assert view.initialize_request(request).data["name"] == "Ada"
