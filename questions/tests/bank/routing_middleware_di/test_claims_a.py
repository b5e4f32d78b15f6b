"""What questions claim about routes, dependencies and the layers around them is run.

One test for each question, named after its slug.
"""

import re
from pathlib import Path
from typing import Annotated

import pytest
from django.http import HttpResponse
from django.urls import path
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from flask import Flask
from werkzeug.routing import BuildError

from questions.tests.bank.content import Asked, django_site, in_new_loop, printed, run


def in_order(code: str, *order: int) -> str:
    """The program with its decorated functions in that order; number 0 is the code before them."""
    parts = re.split(r"\n{2,}(?=@)", code)
    return "\n\n\n".join(parts[number] for number in order)


def test_me_after_the_id(item: Asked) -> None:
    def status(code: str) -> int:
        return TestClient(run(code)["app"]).get("/users/me").status_code

    assert status(item.code) == 422
    assert item.key.startswith("`422`")
    assert status(in_order(item.code, 0, 2, 1)) == 200  # the literal path first
    with_converter = item.code.replace("{user_id}", "{user_id:int}")
    assert status(with_converter) == 200
    assert status(with_converter.replace("/users/me", "/users/other")) == 404
    by_hand = item.code.replace("user_id: int", "user_id").replace('"id": user_id', '"id": int(user_id)')
    with pytest.raises(ValueError, match="me"):  # a server makes a 500 of it
        status(by_hand)


def test_me_after_the_name_in_flask(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    without_request = item.code.partition("print(")[0]
    app = run(without_request)["app"]
    app.add_url_rule("/users/<int:number>", view_func=lambda number: f"number {number}", endpoint="numbered")
    with pytest.raises(AssertionError, match="overwriting"):  # two functions under one name
        app.add_url_rule("/people/me", view_func=str, endpoint="show_user")
    assert app.test_client().get("/users/7").text == "number 7"  # declared last, and before the text of `<name>`

    def view(request, **arguments):
        return HttpResponse(f"profile of {arguments['name']}" if arguments else "own profile")

    with django_site([path("users/<name>", view), path("users/me", view)]) as client:
        assert item.stating(client.get("/users/me").content.decode()) == {"`profile of me`"}


def test_page_in_place_of_json(item: Asked, tmp_path: Path) -> None:
    def both_work(code: str) -> tuple[bool, bool]:
        """Whether the API gives JSON, and whether a page further down shows."""
        client = TestClient(run(code)["app"])
        api, page = client.get("/api/orders"), client.get("/settings/mail")
        return api.headers["content-type"] == "application/json", page.text.startswith("<div")

    assert both_work(item.code) == (False, True)
    assert "swagger" in TestClient(run(item.code)["app"]).get("/docs").text
    assert item.key == "Declare `front_end` last, below `list_orders`"
    assert both_work(in_order(item.code, 0, 2, 1)) == (True, True)

    assert both_work(item.code.replace("{path:path}", "{path}")) == (True, False)

    router = "from fastapi import APIRouter\n\nrouter = APIRouter()"
    on_router = in_order(item.code, 2).replace("@app", "@router")
    program = [in_order(item.code, 0, 1), router, on_router, "app.include_router(router)"]
    assert both_work("\n\n\n".join(program)) == (False, True)

    as_json = item.code.replace('"/api/orders"', '"/api/orders", response_class=JSONResponse')
    with_import = as_json.replace("import HTMLResponse", "import HTMLResponse, JSONResponse")
    assert both_work(with_import) == (False, True)

    app = FastAPI()
    app.mount("/", StaticFiles(directory=tmp_path))
    app.add_api_route("/api/orders", list, methods=["POST"])
    assert TestClient(app).post("/api/orders").status_code == 405


def test_word_where_a_number_belongs(item: Asked) -> None:
    fastapi, flask = FastAPI(), Flask(__name__)

    @fastapi.get("/items/{item}")
    def annotated(item: int):
        return item

    @flask.get("/items/<int:item>")
    def converted(item):
        return str(item)

    @fastapi.get("/with-converter/{item:int}")
    def in_braces(item):
        return item

    def by_hand(request, item):
        return HttpResponse(int(item))

    browser = TestClient(fastapi)
    with django_site([path("items/<item>", by_hand)], DEBUG=False, TEMPLATES=[]) as client:
        seen = {
            'FastAPI, `@app.get("/items/{item}")` with the parameter `item: int`': browser.get("/items/pen"),
            'FastAPI, `@app.get("/items/{item:int}")`': browser.get("/with-converter/pen"),
            'Flask, `@app.get("/items/<int:item>")`': flask.test_client().get("/items/pen"),
            'Django, `path("items/<item>", …)` with `int(item)` in the view': client.get("/items/pen"),
        }
    observed = {route: response.status_code for route, response in seen.items()}
    assert {route: int(match.split(",")[0]) for route, match in item.pairs.items()} == observed
    with django_site([path("items/<int:item>", by_hand)], DEBUG=False, TEMPLATES=[]) as client:
        assert client.get("/items/pen").status_code == 404


def test_commit_after_yield(item: Asked) -> None:
    def post(code: str) -> list[str]:
        """What happens, in this order, when the application is called as a server calls it."""
        app, happened = run(code)["app"], []

        async def receive():
            return {"type": "http.request"}

        async def send(event):
            happened.append(str(event.get("status", event.get("body", b"").decode())))

        async def request():
            scope = {"type": "http", "method": "POST", "path": "/orders", "headers": [], "query_string": b""}
            with pytest.raises(RuntimeError, match="refuses"):  # what a server logs
                await app(scope, receive, send)

        in_new_loop(request())
        return happened

    assert post(item.code) == ["201", '{"stored":true}']
    assert item.key == "A `201` with the whole body; only the log shows the failure"
    before = item.code.replace("Depends(open_session)", 'Depends(open_session, scope="function")')
    assert post(before)[0] == "500"


def test_three_times_middleware(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    in_one_list = '[Middleware(Trail, name="a"), Middleware(Trail, name="b"), Middleware(Trail, name="c")]'
    lines = [line for line in item.code.splitlines() if "add_middleware" not in line]
    program = "\n".join(lines).replace('[Middleware(Trail, name="a")]', in_one_list)
    assert item.stating(printed(program)) == {"`['a', 'b', 'c']`"}


def test_cors_error_hides_a_500(item: Asked) -> None:
    def shared(code: str, url: str) -> tuple[int, bool]:
        """The status, and whether the page may read the response."""
        client = TestClient(run(code)["app"], raise_server_exceptions=False)
        response = client.get(url, headers={"Origin": "https://shop.example"})
        return response.status_code, "Access-Control-Allow-Origin" in response.headers

    assert shared(item.code, "/prices/pen") == (200, True)
    assert shared(item.code, "/prices/ink") == (500, False)
    assert item.key == "The response from `report` does not pass through `CORSMiddleware`"

    assert shared(item.code, "/nowhere") == (404, True)  # other errors are shared with that origin
    assert shared(item.code.replace('["https://shop.example"]', '["*"]'), "/prices/ink") == (500, False)
    inside = item.code.replace("exception_handler(Exception)", "exception_handler(KeyError)")
    assert shared(inside, "/prices/ink") == (500, True)  # with the same `JSONResponse`
    preflight = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    assert TestClient(run(item.code)["app"]).options("/prices/ink", headers=preflight).is_success
    around = item.code + '\n\n\napp = CORSMiddleware(app, allow_origins=["https://shop.example"])'
    assert shared(around, "/prices/ink") == (500, True)


def test_dependency_for_twelve_endpoints(item: Asked) -> None:
    def require_admin(request: Request) -> None:
        raise HTTPException(403)

    check = [Depends(require_admin)]

    def twelve(routes: FastAPI | APIRouter) -> FastAPI | APIRouter:
        for number in range(12):
            routes.add_api_route(f"/{number}", lambda: "done")
        return routes

    def statuses(app: FastAPI) -> set[int]:
        return {TestClient(app).get(f"/admin/{number}").status_code for number in range(12)}

    def option(start: str) -> str:
        (text,) = [text for text in item.options if text.startswith(start)]
        return text

    on_router, where_included, on_parent, plain = FastAPI(), FastAPI(), FastAPI(), FastAPI()
    on_router.include_router(twelve(APIRouter(prefix="/admin", dependencies=check)))
    where_included.include_router(twelve(APIRouter(prefix="/admin")), dependencies=check)
    parent = APIRouter(dependencies=check)
    parent.include_router(twelve(APIRouter(prefix="/admin")))
    on_parent.include_router(parent)
    mounting = FastAPI(dependencies=check)
    mounting.mount("/admin", twelve(FastAPI()))
    seen = {
        option("On the router"): statuses(on_router),
        option("Where the router is included"): statuses(where_included),
        option("On a parent router"): statuses(on_parent),
        option("On `FastAPI("): statuses(mounting),
    }
    assert item.accepted == {text for text, status in seen.items() if status == {403}}
    assert seen[option("On `FastAPI(")] == {200}

    plain.include_router(twelve(APIRouter(prefix="/admin")))
    plain.add_middleware(require_admin)
    with pytest.raises(HTTPException):  # it is called with the application to wrap, before there is a request
        TestClient(plain).get("/elsewhere")


def test_result_of_a_router_dependency(item: Asked) -> None:
    calls = []

    def current_user() -> str:
        calls.append("current_user")
        return "ada"

    router = APIRouter(dependencies=[Depends(current_user)])

    @router.get("/plain")
    def plain(current_user: str):
        return current_user

    @router.get("/declared")
    def declared(user: Annotated[str, Depends(current_user)]):
        return user

    app = FastAPI()
    app.include_router(router)
    client = TestClient(app)
    assert client.get("/plain").json()["detail"][0]["loc"] == ["query", "current_user"]
    assert client.get("/plain?current_user=eve").json() == "eve"
    calls.clear()
    assert client.get("/declared").json() == "ada"
    assert calls == ["current_user"]
    assert item.key == "False"


def test_link_into_a_blueprint(item: Asked) -> None:
    def address(name: str) -> str | None:
        app = run(item.code.replace('"..."', repr(name.strip("'\""))))["app"]
        app.testing = True
        try:
            return app.test_client().get("/").text
        except BuildError:
            return None

    assert {address(name.removeprefix("url_for(").removesuffix(")")) for name in item.accepted} == {"/store/items"}
    assert {address(name) for name in set(item.options) - item.accepted} == {None}


def test_same_answer_everywhere(item: Asked) -> None:
    def responses(code: str) -> tuple[str, int]:
        """The body of the reports, and the status of a path that does not exist."""
        client = run(code)["app"].test_client()
        return client.get("/reports").text, client.get("/nowhere").status_code

    assert responses(item.code) == ("public", 200)
    ran = []
    app = run(item.code)["app"]
    app.before_request(lambda: ran.append("later before_request"))

    @app.after_request
    def note(response):
        ran.append("after_request")
        return response

    app.test_client().get("/reports")
    assert ran == ["after_request"]
    assert item.key == "Remove the `return` statement from `load_tenant`"
    assert responses(item.code.replace("    return g.tenant\n", "")) == ("reports of public", 404)

    assert responses(in_order(item.code, 0, 2, 1)) == ("public", 200)
    assert responses(item.code.replace("g.tenant", "request.tenant")) == ("public", 200)
    app = run(item.code.replace("before_request", "after_request"))["app"]
    app.testing = True
    with pytest.raises(AttributeError, match="tenant"):  # the view does not find what it needs
        app.test_client().get("/reports")
    with pytest.raises(TypeError):  # and the function does not take the response
        app.test_client().get("/nowhere")
