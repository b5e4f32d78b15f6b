"""Checks of questions about URLs, shared caches and error responses.

One test per question, named after its slug.
"""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.http import HttpResponse
from django.urls import path
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from rest_framework.test import APIRequestFactory

from questions.tests.bank.content import django_site, printed, run

COMMON = "django.middleware.common.CommonMiddleware"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]


def test_plus_in_path_and_query(item):
    assert item.accepted == {printed(item.code)}


def test_prices_for_two_origins(item):
    shop, admin = "https://shop.example", "https://admin.example"
    name, value = item.options[0].split(": ")

    def allowed_by_cdn(app, *origins):
        """Return the origin that each request sees as allowed; the CDN keeps a copy per value of a `Vary` header."""
        copies: dict[str | None, Any] = {}
        allowed = []
        for origin in origins:
            response = app.test_client().get("/prices", headers={"Origin": origin})
            selected_by = origin if "Origin" in response.vary else None
            copy = copies.setdefault(selected_by, response)
            allowed.append(copy.headers["Access-Control-Allow-Origin"])
        return allowed

    as_shown, fixed = run(item.code)["app"], run(item.code)["app"]

    @fixed.after_request
    def fix(response):
        response.headers[name] = value
        return response

    assert allowed_by_cdn(as_shown, shop, admin) == [shop, shop]
    assert allowed_by_cdn(as_shown, admin, shop) == [admin, admin]
    assert allowed_by_cdn(fixed, shop, admin, shop) == [shop, admin, shop]


def test_delete_while_paging(item):
    assert item.accepted == {printed(item.code)}


@pytest.mark.django_db
def test_mended_one_by_one(item):
    view = run(item.code)["StockView"].as_view()
    User.objects.create_user("ada", password="pw", is_staff=True)
    User.objects.create_user("eve", password="pw")
    form, json = "application/x-www-form-urlencoded", "application/json"
    call = {"method": "POST", "data": "ink=3", "content_type": form, "HTTP_ACCEPT": "application/xml"}
    fixes = [
        {"HTTP_ACCEPT": json},
        {"HTTP_AUTHORIZATION": "Basic ZXZlOnB3"},
        {"HTTP_AUTHORIZATION": "Basic YWRhOnB3"},
        {"method": "PUT"},
        {"data": "{}", "content_type": json},
        {"data": '{"pens": 3}'},
    ]
    statuses = []
    for fix in fixes:
        statuses.append(view(APIRequestFactory().generic(path="/", **call)).status_code)
        call |= fix
    assert [str(status) for status in statuses] == [text[:3] for text in item.options]
    assert view(APIRequestFactory().generic(path="/", **call)).data == {"pens": 3}


def test_post_without_the_slash(item):
    fastapi, flask = FastAPI(), Flask(__name__)
    fastapi.post("/orders/")(lambda: None)
    flask.post("/orders/")(str)

    def django(debug):
        orders = [path("orders/", lambda request: HttpResponse())]
        with django_site(orders, COMMON, DEBUG=debug, APPEND_SLASH=True, TEMPLATES=TEMPLATES) as client:
            return client.post("/orders")

    statuses = {
        'FastAPI, `@app.post("/orders/")`': TestClient(fastapi, follow_redirects=False).post("/orders").status_code,
        'Flask, `@app.post("/orders/")`': flask.test_client().post("/orders").status_code,
        "Django with `DEBUG = False`": django(debug=False).status_code,
        "Django with `DEBUG = True`": django(debug=True).status_code,
    }
    assert {text: str(status) for text, status in statuses.items()} == item.pairs
    assert issubclass(django(debug=True).exc_info[0], RuntimeError)


@pytest.mark.django_db
def test_exceptions_out_of_a_view(item):
    leader = run(item.code)["leader"]
    Group.objects.create(pk=7, name="editors")
    users = {"from a logged-in user": User.objects.create(username="ada"), "from an anonymous visitor": AnonymousUser()}

    def status(text):
        target, user = text.removeprefix("`GET ").split("` ")

        def view(request, number):
            request.user = users[user]
            return leader(request, number)

        with django_site([path("groups/<int:number>/leader", view)], DEBUG=False, TEMPLATES=TEMPLATES) as client:
            return str(client.get(target).status_code)

    assert {text: status(text) for text in item.pairs} == item.pairs


def test_review_before_the_shared_cache(item):
    client = run(item.code)["app"].test_client()
    ada, bob = (client.get("/me", headers={"Authorization": f"Bearer {token}"}) for token in ("abc", "xyz"))
    assert ada.cache_control.public and not ada.vary and ada.json != bob.json  # line 42
    assert client.get("/me").status_code == 401
    assert client.get("/orders/8").status_code == 200  # line 16
    for _ in range(2):
        client.put("/orders/7/items", json=["milk"])
    assert client.get("/orders/7").json["items"] == ["tea", "milk", "milk"]  # lines 25-27
    client.get("/orders/7/cancel")
    assert client.get("/orders/7").json["status"] == "cancelled"  # lines 19-21
    assert [client.delete("/orders/7").status_code for _ in range(2)] == [204, 204]
    assert item.accepted == {"42", "19-21", "25-27", "16"}


def test_somebody_elses_cart(item):
    stored: dict[str, tuple[str, str]] = {}
    wrong = set()
    for number, line in enumerate(item.code.splitlines(), 1):
        _time, outcome, url, language, user, _directive = line.split()
        if outcome == "MISS":
            stored[url] = language, user
        for_language, for_user = stored[url]
        if for_language != language if url == "/news" else for_user != user:
            wrong.add(str(number))
    assert wrong == item.accepted
