"""`manage.py serve`, run as a separate process with the production settings, as by `make run`."""

import re
import signal
import subprocess
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from questions.tests.server_process import free_port, listener, served


@pytest.fixture
def server(prepared_site) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server on a prepared site, wait for its URL, and stop it after the test."""
    with served(prepared_site) as found:
        yield found


def get(address: str) -> tuple[HTTPResponse, str]:
    """Return the successful response and its text."""
    with urlopen(address, timeout=30) as response:
        return response, response.read().decode()


def test_site_is_served_from_the_printed_url_until_interrupted(server):
    process, address = server

    _, page = get(address)
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert stylesheet
    response, _ = get(address + stylesheet[1])
    assert "immutable" in response.headers["Cache-Control"]

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_taken_port_is_refused():
    with listener() as taken, pytest.raises(CommandError, match=r"in use.*PORT="):
        call_command("serve", "--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_invalid_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match=f'"{port}" is not a port'):
        call_command("serve")


def test_address_of_another_machine_is_refused():
    with pytest.raises(CommandError, match=r"Cannot serve on 192\.0\.2\.1:"):
        call_command("serve", "--host", "192.0.2.1", "--port", str(free_port()))
