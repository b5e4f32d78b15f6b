"""What questions claim about mocks, fakes, factories and contracts is run.

One test for each question, named after its slug.
"""

import json
import sqlite3
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, runtime_checkable
from unittest.mock import create_autospec

from pydantic import ValidationError

from questions.tests.bank.content import printed, run, stated


def fails(code, name=""):
    """Whether the program, or the test of this name in it, raises; in a thread, since it may start an event loop."""

    def attempt():
        with warnings.catch_warnings(action="ignore"):
            listing = run(code)
            if name:
                listing[name]()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(attempt).exception() is not None


def test_mock_without_a_spec(item):
    imports = "from unittest.mock import MagicMock, create_autospec\n"
    assert not fails(item.code, "test_welcome")
    finding = {
        text
        for text in item.options
        if fails(imports + item.code.replace("mailer = Mock()", f"mailer = {stated(text)[0]}"), "test_welcome")
    }
    assert finding == {item.key}


def test_list_that_a_mock_recorded(item):
    assert item.stating(printed(item.code)) == {item.key}
    assert printed(item.code.replace("save(batch)", "save([*batch])")) == "2 [0, 1]"


def test_await_that_was_forgotten(item):
    shown = 'send.assert_called_once_with("hello")'
    assert not fails(item.code)
    finding = {text for text in item.options if fails(item.code.replace(shown, stated(text)[0]))}
    assert finding == {item.key}
    mended = item.code.replace('    send("hello")', '    await send("hello")')
    assert not any(fails(mended.replace(shown, stated(text)[0])) for text in item.options)


def test_factory_with_a_list(item):
    output = printed(item.code)
    assert item.accepted == {output, output.replace("'", '"')}
    assert printed(item.code.replace("tags = []", "tags = factory.LazyFunction(list)")) == "['news'] []"


def test_fake_that_accepts_duplicates(item):
    listing = run("import sqlite3\n\n\nclass NameTaken(Exception): ...\n\n\n" + item.code)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE users (name TEXT UNIQUE)")
    production, fake = listing["SqlUsers"](connection), listing["FakeUsers"]()

    def keeps_the_contract(users):
        """One test for both: a name can be added once."""
        users.add("ada")
        try:
            users.add("ada")
        except listing["NameTaken"]:
            return True
        return False

    @runtime_checkable
    class Users(Protocol):
        def add(self, name: str) -> None: ...

    assert keeps_the_contract(production)
    assert not keeps_the_contract(fake)
    assert not keeps_the_contract(create_autospec(listing["SqlUsers"], instance=True))
    assert isinstance(production, Users)
    assert isinstance(fake, Users)
    assert item.key.startswith("One set of tests")
    connection.close()


def test_what_breaks_the_consumer(item):
    listing = run(item.code)
    response = json.loads(listing["RESPONSE"])
    changed = {
        "`currency` is added": response | {"currency": "EUR"},
        "`total` is renamed": {"amount" if name == "total" else name: value for name, value in response.items()},
        "`note` is no longer sent": {name: value for name, value in response.items() if name != "note"},
        '`"refunded"`': response | {"status": "refunded"},
        '`"19.90"`': response | {"total": "19.90"},
        '`"7f3a"`': response | {"id": "7f3a"},
    }

    def refuses(order):
        try:
            listing["Order"].model_validate_json(json.dumps(order))
        except ValidationError:
            return True
        return False

    assert not refuses(response)
    assert len(changed) == len(item.options)
    refused = {text for text in item.options for words, order in changed.items() if words in text and refuses(order)}
    assert refused == item.accepted
