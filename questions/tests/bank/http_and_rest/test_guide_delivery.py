"""What the guide says about PATCH, CORS, slow work and pages is run."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.views.decorators.http import require_GET
from fastapi import BackgroundTasks, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient
from pydantic import BaseModel
from rest_framework import generics, pagination, serializers

from questions.tests.bank.content import django_site


def test_missing_and_null_can_be_told_apart() -> None:
    class Patch(BaseModel):
        title: str | None = None

    class PatchSerializer(serializers.Serializer):
        title = serializers.CharField(allow_null=True)

    assert Patch.model_validate({}).model_dump(exclude_unset=True) == {}
    assert Patch.model_validate({"title": None}).model_dump(exclude_unset=True) == {"title": None}
    for sent in ({}, {"title": None}):
        serializer = PatchSerializer(data=sent, partial=True)
        assert serializer.is_valid() and serializer.validated_data == sent


def cors_site(**options) -> tuple[TestClient, list[str]]:
    """A FastAPI site with the CORS middleware, and which of its endpoints ran."""
    app, ran = FastAPI(), []
    app.add_middleware(CORSMiddleware, **options)
    app.post("/pay")(lambda: ran.append("pay"))
    app.put("/pay")(lambda: ran.append("put"))
    app.get("/crash")(lambda: 1 / 0)
    return TestClient(app, raise_server_exceptions=False), ran


def test_cors_lets_the_request_of_a_strange_site_run() -> None:
    client, ran = cors_site(allow_origins=["https://good.example"])
    response = client.post("/pay", headers={"Origin": "https://evil.example"})
    assert ran == ["pay"] and "Access-Control-Allow-Origin" not in response.headers
    preflight = {"Origin": "https://good.example", "Access-Control-Request-Method": "PUT"}
    assert client.options("/pay", headers=preflight).status_code == 400 and ran == ["pay"]
    assert "Access-Control-Allow-Origin" not in client.get("/crash", headers=preflight).headers
    client, _ran = cors_site(allow_origins=["https://good.example"], allow_methods=["PUT"])
    assert client.options("/pay", headers=preflight).status_code == 200


def test_the_right_origin_alone_does_not_allow_a_post_of_json() -> None:
    asked = {"Origin": "https://good.example", "Access-Control-Request-Method": "POST"}
    with_json = asked | {"Access-Control-Request-Headers": "content-type"}
    with_token = asked | {"Access-Control-Request-Headers": "authorization"}
    client, ran = cors_site(allow_origins=["https://good.example"])
    assert client.options("/pay", headers=with_json).text == "Disallowed CORS method"
    client, ran = cors_site(allow_origins=["https://good.example"], allow_methods=["GET", "POST"])
    assert client.options("/pay", headers=with_json).status_code == 200
    assert client.options("/pay", headers=with_token).text == "Disallowed CORS headers"
    assert ran == []


def test_credentials_for_any_origin_name_whichever_asked() -> None:
    client, _ran = cors_site(allow_origins=["*"], allow_credentials=True)
    headers = client.post("/pay", headers={"Origin": "https://evil.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "https://evil.example"
    assert headers["Access-Control-Allow-Credentials"] == "true"


def test_a_background_task_runs_in_the_process_that_answered() -> None:
    app = FastAPI()
    order: list[str] = []

    @app.post("/reports", status_code=202)
    def report(tasks: BackgroundTasks) -> None:
        tasks.add_task(order.append, "task")

    async def noting(scope, receive, send):
        async def noted(message):
            if message["type"] == "http.response.body":
                order.append("response")
            await send(message)

        await app(scope, receive, noted)

    assert TestClient(noting).post("/reports").status_code == 202
    assert order == ["response", "task"]


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["name"]


class ByCursor(pagination.CursorPagination):
    page_size = 2
    ordering = "-id"


class ByOffset(pagination.LimitOffsetPagination):
    default_limit = 2


@pytest.mark.django_db
@pytest.mark.parametrize(("paged", "second"), [(ByCursor, ["b", "a"]), (ByOffset, ["c", "b"])])
def test_an_insert_shifts_pages_by_offset_but_not_by_cursor(paged: type, second: list[str]) -> None:
    Group.objects.bulk_create(Group(name=name) for name in "abcd")
    view = generics.ListAPIView.as_view(
        queryset=Group.objects.order_by("-id"),
        serializer_class=GroupSerializer,
        pagination_class=paged,
        authentication_classes=[],
        permission_classes=[],
    )
    with django_site([path("groups", view)]) as client:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/groups").json()
        counted = any("COUNT" in query["sql"] for query in queries.captured_queries)
        Group.objects.create(name="new")
        following = client.get(page["next"]).json()
    assert [row["name"] for row in page["results"]] == ["d", "c"]
    assert [row["name"] for row in following["results"]] == second
    assert counted == (paged is ByOffset)


class ByTiedCursor(ByCursor):
    ordering = ("-last_name", "-id")


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username"]


def names_of(pages: int, cutoff: int) -> list[str]:
    """The names on the first pages of users who all tie, with that cap of DRF's offset."""
    view = generics.ListAPIView.as_view(
        queryset=User.objects.all(),
        serializer_class=UserSerializer,
        pagination_class=type("Capped", (ByTiedCursor,), {"offset_cutoff": cutoff}),
        authentication_classes=[],
        permission_classes=[],
    )
    found, url = [], "/users"
    with django_site([path("users", view)]) as client:
        for _page in range(pages):
            page = client.get(url).json()
            found += [row["username"] for row in page["results"]]
            url = page["next"]
    return found


@pytest.mark.django_db
def test_cursor_pagination_counts_through_ties_up_to_a_cap() -> None:
    assert pagination.CursorPagination.offset_cutoff == 1000
    User.objects.bulk_create(User(username=name, last_name="same") for name in "abcdefg")
    assert names_of(3, cutoff=1000) == ["g", "f", "e", "d", "c", "b"]
    assert names_of(4, cutoff=2) == ["g", "f", "e", "d", "e", "d", "e", "d"]


@pytest.mark.django_db
def test_a_conditional_update_says_whether_the_version_was_still_there() -> None:
    group = Group.objects.create(name="1")
    assert [Group.objects.filter(pk=group.pk, name="1").update(name="2") for _editor in range(2)] == [1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(("rolled_back", "enqueued"), [(False, ["job"]), (True, [])])
def test_what_is_enqueued_on_commit_needs_the_commit(
    django_capture_on_commit_callbacks, rolled_back: bool, enqueued: list[str]
) -> None:
    queue = []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        transaction.on_commit(lambda: queue.append("job"))
        transaction.set_rollback(rolled_back)
    assert queue == enqueued


def test_require_get_refuses_head() -> None:
    view = require_GET(lambda request: HttpResponse())
    assert view(RequestFactory().head("/")).status_code == 405
