"""The guide's programs print what stands beneath them, and its facts hold."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient
from flask import Flask, g

from questions.tests.bank.content import printed
from questions.tests.bank.fixture_files import Bank

BANK = Bank("05-routing-middleware-di.yaml")
LISTINGS = ["three-routers", "onion", "layers-of-django", "commit-after-the-answer", "the-seam"]


@pytest.mark.parametrize("slug", LISTINGS)
def test_a_listing_prints_what_stands_beneath_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with ThreadPoolExecutor(max_workers=1) as thread:  # the browser tests keep a loop running in the main one
        assert thread.submit(printed, listing["code"]).result() == listing["output"]


def test_dependencies_run_from_the_application_inwards_and_only_for_a_route_that_matches() -> None:
    order: list[str] = []

    def noting(name: str):
        return Depends(lambda: order.append(name))

    app, router = FastAPI(dependencies=[noting("application")]), APIRouter(dependencies=[noting("router")])

    parameter = noting("parameter")

    @router.get("/", dependencies=[noting("decorator")])
    def endpoint(value=parameter) -> None:
        return None

    app.include_router(router, prefix="/group", dependencies=[noting("inclusion")])
    client = TestClient(app)
    assert [client.get("/unknown").status_code, client.post("/group/").status_code, order] == [404, 405, []]
    client.get("/group/")
    assert order == ["application", "inclusion", "router", "decorator", "parameter"]


def test_an_unhandled_error_is_answered_outside_of_cors() -> None:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["*"])

    @app.get("/{status}")
    def fail(status: int) -> None:
        raise HTTPException(status) if status < 500 else ValueError

    client = TestClient(app, raise_server_exceptions=False, headers={"Origin": "https://shop.example"})
    assert "Access-Control-Allow-Origin" in client.get("/404").headers
    assert "Access-Control-Allow-Origin" not in client.get("/500").headers


def test_an_outer_application_context_shares_g() -> None:
    app = Flask(__name__)

    @app.get("/")
    def count() -> str:
        g.number = g.get("number", 0) + 1
        return str(g.number)

    client = app.test_client()
    assert [client.get("/").text, client.get("/").text] == ["1", "1"]
    with app.app_context():
        assert [client.get("/").text, client.get("/").text] == ["1", "2"]
