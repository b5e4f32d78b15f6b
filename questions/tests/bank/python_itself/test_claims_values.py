"""What questions claim about names, lookup, dataclasses, hashing and containers is run.

One test for each question, named after its slug.
"""

import collections
import copy
import timeit
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import NamedTuple

import pytest

from questions.tests.bank.content import Asked, printed, run


def test_filters_from_the_last_request(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    with_none = item.code.replace("filters={}", "filters=None").replace(":\n", ":\n    filters = filters or {}\n", 1)
    assert printed(with_none) == "{'customer': 7}"
    with pytest.raises(ValueError, match="mutable default"):
        dataclass(type("Filters", (), {"__annotations__": {"chosen": dict}, "chosen": {}}))


def test_consumers_registered_in_a_loop(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    bound_at_creation = item.code.replace("lambda message:", "lambda message, queue=queue:")
    assert printed(bound_at_creation) == "mail/retry"


def test_tags_with_audit(item: Asked) -> None:
    def tags_after_two_requests(code: str) -> list[str]:
        listing = run(code)
        for _ in range(2):
            listing["with_audit"](listing["BASE_TAGS"])
        return listing["BASE_TAGS"]

    assert len(tags_after_two_requests(item.code)) == 3
    assert item.key == "True"
    assert tags_after_two_requests(item.code.replace("tags += ", "tags = tags + ")) == ["api"]


def test_options_from_defaults(item: Asked) -> None:
    def leaves_the_defaults(expression: str) -> bool:
        listing = run(item.code.replace("...", expression))
        before = copy.deepcopy(listing["DEFAULTS"])
        assert listing["options_for"]("acme")["headers"]["X-Tenant"] == "acme"
        return listing["DEFAULTS"] == before

    assert item.accepted == {text for text in item.options if leaves_the_defaults(text.strip("`"))}


def test_refund_from_json(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    assert printed(item.code.replace('"25"', "25")) == "50"


def test_cart_with_other_prices(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}

    @dataclass
    class Cart:
        prices: list[int]
        total: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            self.total += sum(self.prices)

    assert replace(Cart([20, 30]), prices=[10, 30]).total == 40


def test_customer_changes_email(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    listing = run(item.code)
    assert listing["customer"] in list(listing["notified"])  # a list compares each element


def test_currency_pair_as_a_key(item: Asked) -> None:
    class Named(NamedTuple):
        base: str
        quote: str

    class Pair:
        base: str
        quote: str

    def declared(text: str) -> type:
        if "NamedTuple" in text:
            return Named
        decorate = eval(text.strip("`@"), {"dataclass": dataclass})
        return decorate(type("Pair", (), {"__annotations__": Pair.__annotations__}))

    def does_both(pair: type) -> bool:
        try:
            found = pair("EUR", "USD") in {pair("EUR", "USD"): 1.1}
        except TypeError:  # unhashable
            return False
        try:
            pair("EUR", "USD").base = "GBP"
        except (AttributeError, FrozenInstanceError):
            return found
        return False

    assert item.accepted == {text for text in item.options if does_both(declared(text))}


def test_import_of_more_ids(item: Asked) -> None:
    class Id:
        compared = 0

        def __eq__(self, other: object) -> bool:
            Id.compared += 1
            return self is other

        __hash__ = None  # type: ignore[assignment]

    def comparisons(number: int) -> int:
        Id.compared = 0
        run(item.code)["unique"]([Id() for _ in range(number)])
        return Id.compared

    growth = comparisons(500) / comparisons(100)
    assert item.key == "50"
    assert round(2 * growth) == 50


def test_window_of_timestamps(item: Asked) -> None:
    numbers = range(400_000)
    chain, row, group = collections.deque(numbers), list(numbers), set(range(20_000))

    def seconds(step) -> float:
        return min(timeit.repeat(step, number=3, repeat=3))

    fast = max(seconds(chain.popleft), seconds(lambda: chain.append(1)))
    slow = {
        "insert": seconds(lambda: row.insert(0, 1)),
        "min(times)": seconds(lambda: group.remove(min(group))),
        "del": seconds(lambda: row.__delitem__(0)),
    }
    assert all(time > 5 * fast for time in slow.values())
    assert [name for name in slow if name in item.key] == []
    assert item.key.startswith("A `deque`")


def test_fake_session_and_back(item: Asked) -> None:
    listing = run(item.code)

    def steps(gateway) -> str:
        try:
            gateway.session = "fake"
        except AttributeError:
            return "Fails at the assignment"
        first = gateway.session
        del gateway.session
        second = getattr(gateway, "session", None)
        return f"Reads {first}, then {second}" if second else f"Reads {first}, then fails"

    assert len(item.pairs) == 4
    assert item.pairs == {f"`{name}`": steps(listing[name]()) for name in ("Cached", "Shared", "Computed", "Plain")}


def test_save_through_the_mixins(item: Asked) -> None:
    assert item.options == printed(item.code).splitlines()


def test_invoice_page_without_login(item: Asked) -> None:
    base = "class InvoiceView(View, LoginRequired):\n    pass"
    changes = {
        "class InvoiceView(LoginRequired, View)": (base, base.replace("View, LoginRequired", "LoginRequired, View")),
        "Let `View.dispatch` return": ('return "200 OK"', "return super().dispatch(user)"),
        "class LoginRequired(View)": ("class LoginRequired:", "class LoginRequired(View):"),
        "Give `InvoiceView` a `dispatch`": (
            "pass",
            "def dispatch(self, user):\n        return super().dispatch(user)",
        ),
    }

    def works(change: str) -> bool:
        try:
            view = run(item.code.replace(*changes[change]))["InvoiceView"]()
            return (view.dispatch(None), view.dispatch("ada")) == ("302 to /login", "200 OK")
        except (TypeError, AttributeError):
            return False

    view = run(item.code)["InvoiceView"]()
    assert view.dispatch(None) == "200 OK"
    (change,) = filter(works, changes)
    assert change in item.key
    assert all(sum(change in text for text in item.options) == 1 for change in changes)
