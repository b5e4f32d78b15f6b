"""What a code review of an order service claims is run."""

import io
import threading

from fastapi import Request
from fastapi.testclient import TestClient

from questions.tests.bank.content import Asked, run


def test_review_of_an_order_service(item: Asked, monkeypatch) -> None:
    namespace, seen = run(item.code), {}
    app = namespace["app"]

    @app.middleware("http")
    async def note_loop(request: Request, call_next):
        seen["loop"] = threading.get_ident()
        return await call_next(request)

    def download(url: str, timeout: float) -> io.StringIO:
        seen["download"] = threading.get_ident()
        return io.StringIO('{"EUR": 1.0}')

    monkeypatch.setattr(namespace["urllib"].request, "urlopen", download)
    client = TestClient(app, raise_server_exceptions=False)
    first = client.post("/orders", json={"amount": 10})
    assert (first.status_code, first.json()) == (201, {"price": 9.0, "tags": []})
    assert seen["download"] == seen["loop"]  # lines 25-26 block the event loop
    assert client.post("/orders", json={"amount": 10, "currency": "XXX"}).status_code == 500
    assert client.post("/orders", json={"amount": "NaN"}).status_code == 422  # line 14 lets no such value through
    assert "password_hash" in client.get("/users/ada").json()
    assert (client.get("/users/eve").status_code, client.get("/users/eve").json()) == (200, {})
    orders = [namespace["Order"](amount=1) for _ in range(2)]
    assert orders[0].tags is not orders[1].tags  # line 16 is safe
    lines = item.code.splitlines()
    assert "urlopen" in lines[24]
    assert "json.load" in lines[25]
    assert "rates[order.currency]" in lines[26]
    assert lines[33].strip() == "return user"
    assert item.accepted == {"25-26", "27", "34"}
