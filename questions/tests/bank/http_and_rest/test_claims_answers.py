"""Checks of questions about status codes, caches, proxies and other origins.

One test per question, named after its slug.
"""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.test import RequestFactory
from django.views import View
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient
from flask import Flask, request
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView
from werkzeug.middleware.proxy_fix import ProxyFix

from questions.tests.bank.content import in_new_loop, run


def test_allow_on_split_operations(item):
    client = TestClient(run(item.code)["app"])
    assert client.post("/items/1").headers["Allow"] == "GET"
    methods = [text.split("`")[1] for text in item.options]
    works = [method for method in methods if client.request(method, "/items/1").status_code != 405]
    assert works == ["PUT"]
    assert item.key.startswith("`PUT` is missing")

    flask, together = Flask(__name__), FastAPI()
    flask.get("/items/<int:number>", endpoint="read")(str)
    flask.put("/items/<int:number>", endpoint="replace")(str)
    assert set(flask.test_client().post("/items/1").allow) == {"GET", "HEAD", "OPTIONS", "PUT"}
    together.api_route("/items/1", methods=["GET", "PUT"])(lambda: None)
    assert set(TestClient(together).post("/items/1").headers["Allow"].split(", ")) == {"GET", "PUT"}


def test_page_after_a_deployment(item):
    def visits(directive):
        browser = RequestFactory()
        site = ConditionalGetMiddleware(lambda request: HttpResponse("…", headers={"Cache-Control": directive}))
        etag = site(browser.get("/")).get("ETag")
        return etag and site(browser.get("/", headers={"If-None-Match": etag})).status_code

    assert visits("no-cache") == 304
    assert visits("no-store") is None
    assert item.stating("no-cache") == {item.key}


@pytest.mark.django_db
def test_rows_of_other_people(item):
    class GroupSerializer(serializers.ModelSerializer):
        class Meta:
            model = Group
            fields = ["name"]

    class Members(BasePermission):
        def has_object_permission(self, request, view, obj):
            return obj.user_set.contains(request.user)

    class Blank(GroupSerializer):
        def to_representation(self, instance):
            return {}

    class View(RetrieveAPIView):
        queryset = Group.objects.all()
        serializer_class = GroupSerializer
        permission_classes = []
        renderer_classes = [JSONRenderer]

    class Refusing(View):
        def get_object(self):
            group = super().get_object()
            if not group.user_set.contains(self.request.user):
                raise PermissionDenied
            return group

    class Filtered(View):
        def get_queryset(self):
            return Group.objects.filter(user=self.request.user)

    ada, eve = User.objects.create(username="ada"), User.objects.create(username="eve")
    group = Group.objects.create(name="editors")
    group.user_set.add(ada)

    def statuses(view, user):
        request = APIRequestFactory().get("/")
        force_authenticate(request, user)
        return [view(request, pk=pk).status_code for pk in (group.pk, group.pk + 1)]

    assert statuses(Filtered.as_view(), ada) == [200, 404]
    assert statuses(Filtered.as_view(), eve) == [404, 404]
    assert statuses(View.as_view(permission_classes=[Members]), eve) == [403, 404]
    assert statuses(View.as_view(serializer_class=Blank), eve) == [200, 404]
    assert statuses(Refusing.as_view(), eve) == [403, 404]
    assert item.key.startswith("In `get_queryset`")


def test_address_behind_one_proxy(item):
    app = Flask(__name__)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
    app.get("/")(lambda: str(request.remote_addr))
    nginx = app.test_client()
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    seen = nginx.get("/", headers=headers, environ_base={"REMOTE_ADDR": "172.16.0.2"}).text
    assert item.stating(seen) == {item.key}


def test_export_fails_midway(item):
    app, sent = FastAPI(), []

    @app.exception_handler(Exception)
    def handler(request, error):
        return JSONResponse({"error": "sorry"}, 500)

    @app.get("/")
    def export():
        def rows():
            yield "1,pen\n"
            raise LookupError("the database is gone")

        return StreamingResponse(rows(), media_type="text/csv")

    async def serve():
        async def receive():
            return {"type": "http.request"}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": "/"}
        with pytest.raises(LookupError):
            await app(scope | {"headers": [], "query_string": b""}, receive, send)

    in_new_loop(serve())
    start, *body = sent
    assert start["status"] == 200
    assert b"".join(part["body"] for part in body) == b"1,pen\n"
    assert all(part["more_body"] for part in body)
    assert item.key == "Status 200 and the lines so far; the response breaks off without an end"


def test_log_in_screen_gone(item):
    class Refusing(BasePermission):
        def has_permission(self, request, view):
            raise NotAuthenticated

    class View(APIView):
        permission_classes = [IsAuthenticated]
        renderer_classes = [JSONRenderer]

    class Challenging(TokenAuthentication):
        def authenticate_header(self, request):
            return "Token"

    def challenged(get_response):
        def middleware(request):
            response = get_response(request)
            response["WWW-Authenticate"] = "Token"
            return response

        return middleware

    def status(authenticators, middleware=lambda view: view, **changes):
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        view = View.as_view(authentication_classes=authenticators, **changes)
        return middleware(view)(request).status_code

    session_first = [SessionAuthentication, TokenAuthentication]
    assert status([TokenAuthentication]) == 401
    assert status(session_first) == 403
    assert status(session_first[::-1]) == 401
    assert status(session_first, permission_classes=[Refusing]) == 403
    assert status(session_first, challenged) == 403
    assert status([SessionAuthentication, Challenging]) == 403
    assert item.key.startswith("Put `TokenAuthentication` first")


def test_repeat_without_asking(item):
    app = FastAPI()
    cart: list[str] = []

    @app.put("/carts/7")
    def replace(items: list[str]):
        cart[:] = items

    @app.delete("/carts/7/items/{name}")
    def remove(name: str):
        if name not in cart:
            raise HTTPException(404)
        cart.remove(name)

    @app.post("/carts/7/items")
    def add(items: list[str]):
        cart.extend(items)

    @app.patch("/carts/7")
    def change(changes: list[dict[str, str]]):
        cart.extend(change["value"] for change in changes if change["op"] == "add")

    bodies = {"PUT": ["pen", "ink"], "POST": ["ink"], "PATCH": [{"op": "add", "path": "/-", "value": "ink"}]}
    repeatable = set()
    for text in item.options:
        method, target = text.replace("`", "").split()[:2]
        cart[:] = ["pen"]
        TestClient(app).request(method, target, json=bodies.get(method))
        once = list(cart)
        TestClient(app).request(method, target, json=bodies.get(method))
        if cart == once:
            repeatable.add(text)
    assert repeatable == item.accepted


def test_monitor_sends_head(item):
    program = run(item.code)

    def seen(method):
        program["queries"].clear()
        with program["app"].test_client() as monitor:
            response = monitor.open("/report", method=method)
            return {
                "The status code": response.status_code,
                "The `Content-Length` header": response.headers["Content-Length"],
                "The number of queries": len(program["queries"]),
                "The number of bytes in the body": len(response.data),
                "The value of `request.method` in the view": request.method,
            }

    get, head = seen("GET"), seen("HEAD")
    assert set(get) == set(item.options)
    assert {text for text in get if get[text] == head[text]} == item.accepted

    class Plain(View):
        def get(self, request):
            return HttpResponse()

    fastapi = FastAPI()
    fastapi.get("/report")(lambda: None)
    assert Plain.as_view()(RequestFactory().head("/report")).status_code == 200
    assert TestClient(fastapi).head("/report").status_code == 405


def test_second_delete_says_404(item):
    app, notes = FastAPI(), {7: "Buy ink"}

    @app.delete("/notes/{number}", status_code=204)
    def delete(number: int):
        if notes.pop(number, None) is None:
            raise HTTPException(404)

    client = TestClient(app)
    tries = [(client.delete("/notes/7").status_code, dict(notes)) for _ in range(2)]
    assert tries == [(204, {}), (404, {})]
    assert item.key == "False"


def test_origin_not_on_the_list(item):
    program = run(item.code)
    response = TestClient(program["app"]).post("/likes/7", headers={"Origin": "https://evil.example"})
    assert (response.status_code, program["likes"]) == (200, {7: 1})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert item.key == "False"
