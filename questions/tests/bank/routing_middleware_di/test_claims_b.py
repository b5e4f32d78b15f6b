"""What questions claim about the way in and out of a request is run.

One test for each question, named after its slug.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import Tags, run_checks
from django.http import Http404, HttpResponse
from django.http.request import RawPostDataException
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from fastapi import Request
from fastapi.testclient import TestClient
from flask import Flask

from questions.tests.bank.content import Asked, django_site, in_new_loop, printed, run

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]


def test_slug_before_new(item: Asked) -> None:
    article, editor = patterns = run(item.code)["urlpatterns"]
    with django_site(patterns) as client:
        response = client.get("/new/")
        assert run_checks(tags=[Tags.urls]) == []
    assert response.status_code == 200
    assert item.stating(response.text) == {item.key}
    with django_site([editor, article]) as client:
        assert item.stating(client.get("/new/").text) == {"`empty editor`"}
    flask = Flask("site")
    flask.get("/<slug>/", endpoint="article")(lambda slug: f"article {slug}")
    flask.get("/new/", endpoint="editor")(lambda: "empty editor")
    assert flask.test_client().get("/new/").text == "empty editor"


@pytest.mark.django_db
def test_staff_header_never_set(item: Asked) -> None:
    program = run(item.code)
    mine = program["private_for_staff"]
    as_listed = [mine if name.startswith("shop.") else name for name in program["MIDDLEWARE"]]
    staff = User.objects.create_user("ada", is_staff=True)

    def read_afterwards(get_response):
        def middleware(request):
            assert not hasattr(request, "user")
            response = get_response(request)
            if request.user.is_staff:
                response["Cache-Control"] = "private"
            return response

        return middleware

    def cache_control(*middleware):
        pages = [path("", lambda request: HttpResponse(str(request.user.is_staff)))]
        with django_site(pages, *middleware) as client:
            client.force_login(staff)
            response = client.get("/")
            assert response.text == "True"
            return response.get("Cache-Control")

    assert as_listed == [SESSIONS, mine, AUTHENTICATION]
    assert cache_control(*as_listed) is None
    assert (
        cache_control(SESSIONS, AUTHENTICATION, mine) == "private"
    )  # lazy or not, and sessions leave the header alone
    assert cache_control(SESSIONS, read_afterwards, AUTHENTICATION) == "private"
    assert item.key == "The user is read before `request.user` has been set"


def test_gate_answers_by_itself(item: Asked) -> None:
    program = run(item.code)
    viewed = []

    def view(request):
        viewed.append(request.path)
        return HttpResponse()

    def seen_by(*names):
        with django_site([path("", view)], *[program[name] for name in names]) as client:
            return client.get("/")["Seen-By"]

    assert item.stating(seen_by("outer", "gate", "inner")) == {item.key}
    assert viewed == []
    assert seen_by("outer", "inner") == "inner outer"


def test_not_found_never_caught(item: Asked) -> None:
    caught, offered, statuses, unresolved = [], [], [], []

    class MovedAddresses:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            try:
                response = self.get_response(request)
            except Http404:
                caught.append(request.path)
                raise
            statuses.append((request.path, response.status_code))
            unresolved.extend([request.path] if request.resolver_match is None else [])
            return response

        def process_exception(self, request, exception):
            offered.append((request.path, type(exception)))

    def plain(get_response):
        def middleware(request):
            return get_response(request)

        return middleware

    def view(request):
        raise Http404

    for order in ([MovedAddresses, plain], [plain, MovedAddresses]):  # first in the list, then last
        with django_site([path("view/", view)], *order, DEBUG=False, TEMPLATES=TEMPLATES) as client:
            client.get("/view/")
            client.get("/no/pattern/")
    assert caught == []
    assert offered == [("/view/", Http404)] * 2
    assert statuses == [("/view/", 404), ("/no/pattern/", 404)] * 2
    assert unresolved == ["/no/pattern/"] * 2
    assert item.key == "Check `response.status_code == 404` after the call"


@pytest.mark.django_db
def test_known_before_get_response(item: Asked) -> None:
    seen, marks = {}, []

    class Early:
        def __init__(self, get_response):
            self.get_response = get_response

        def __call__(self, request):
            seen["user"] = request.user.username
            seen["form"] = request.POST.dict()
            seen["match"] = request.resolver_match
            seen["mark"] = hasattr(request, "csrf_exempt")
            return self.get_response(request)

        def process_view(self, request, view, args, kwargs):
            marks.append((view.csrf_exempt, kwargs, request.resolver_match.url_name))

    @csrf_exempt
    def view(request, pk):
        with pytest.raises(RawPostDataException):
            request.body  # noqa: B018
        return HttpResponse(hasattr(request, "csrf_exempt"))

    with django_site([path("<int:pk>/", view, name="group")], SESSIONS, AUTHENTICATION, Early) as client:
        client.force_login(User.objects.create_user("ada"))
        assert client.post("/7/", {"ink": "3"}).text == "False"
    assert seen == {"user": "ada", "form": {"ink": "3"}, "match": None, "mark": False}
    assert marks == [(True, {"pk": 7}, "group")]
    assert item.accepted == {
        "The logged-in user, from `request.user`",
        "The fields of a form, from `request.POST`",
    }


def test_review_of_the_report_server(item: Asked) -> None:
    server = run(item.code)
    client = TestClient(server["app"])
    assert client.get("/reports/sales", headers={"X-Tenant": "one"}).json()["tenant"] == "one"
    assert server["Session"].number_open == 0
    assert client.get("/reports/latest").status_code == 404  # lines 39-41 never run
    assert server["Session"].number_open == 1  # lines 18-19

    async def both() -> str:
        first, second = (Request({"type": "http", "headers": [(b"x-tenant", name)]}) for name in (b"first", b"second"))

        async def answer_late(_request: Request) -> str:
            await server["remember_tenant"](second, answer)
            return server["get_tenant"]()

        async def answer(_request: Request) -> str:
            return server["get_tenant"]()

        return await server["remember_tenant"](first, answer_late)

    assert in_new_loop(both()) == "second"  # lines 24-29: the first request has the tenant of the second
    assert item.accepted == {"24-29", "18-19", "39-41"}


def test_calls_of_one_dependency(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    assert printed(item.code.replace(", use_cache=False", "")) == "1"
    each = item.code.replace(", use_cache=False", "").replace("Depends(settings", "Depends(settings, use_cache=False")
    assert printed(each) == "4"


def test_review_of_the_audit_middleware(item: Asked) -> None:
    program = run(item.code)
    logged: list[Any] = []
    warned: list[Any] = []
    clock = iter([0, 10, 11, 12, 20, 21])  # of the slow request, the fast one inside it, the slow one; of the last one
    program["time"] = SimpleNamespace(monotonic=lambda: next(clock))
    program["log"] = SimpleNamespace(info=lambda text, *details: logged.append(details), warning=warned.append)
    seconds = {}

    def log_in(get_response):
        def middleware(request):
            request.user = User(username=request.GET.get("user", ""))
            return get_response(request)

        return middleware

    def slow(request):
        seconds["fast"] = client.get("/fast/?user=eve")["X-Seconds"]
        return HttpResponse()

    def fast(request):
        return HttpResponse()

    patterns = [path("slow/", slow), path("fast/", fast)]
    with django_site(patterns, log_in, program["Audit"], DEBUG=False, TEMPLATES=TEMPLATES) as client:
        seconds["slow"] = client.get("/slow/?user=ada")["X-Seconds"]
        assert client.get("/nowhere/").status_code == 404
    assert seconds == {"fast": "1", "slow": "2"}  # line 15: the slow one took 12
    assert logged[:2] == [("eve", "fast"), ("eve", "slow")]  # line 28: ada opened the slow page
    assert warned == []  # lines 19-21
    assert item.accepted == {"15", "28", "19-21"}
