"""`manage.py serve`, as `make run` calls it after `prepare`: a process of its own with the production settings."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from questions.tests.processes import manage, run


def listener() -> closing[socket.socket]:
    """A socket that listens on a port that was free."""
    return closing(socket.create_server(("127.0.0.1", 0)))


def free_port() -> int:
    """A port that nothing listens on."""
    with listener() as found:
        return found.getsockname()[1]


@pytest.fixture
def server(tmp_path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a fresh, prepared site, and its address; stopped where the test has not done so."""
    code, _, errors = run(tmp_path, "prepare")
    assert (code, errors) == (0, "")
    port = free_port()
    with manage(tmp_path, "serve", "--port", str(port)) as process:
        yield process, f"http://127.0.0.1:{port}"
        process.terminate()


def get(address: str) -> tuple[HTTPResponse, str]:
    """The answer, which must be a success, and its text."""
    with urlopen(address, timeout=30) as response:
        return response, response.read().decode()


def test_a_fresh_site_is_served_once_its_address_is_told_until_it_is_interrupted(server):
    process, address = server
    assert process.stdout.readline() == f"{address}\n"

    _, page = get(address)
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert stylesheet
    response, _ = get(address + stylesheet[1])
    assert "immutable" in response.headers["Cache-Control"]

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_taken_port_is_refused_in_words():
    with listener() as taken, pytest.raises(CommandError, match=r"in use.*PORT="):
        call_command("serve", "--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_what_is_no_port_is_refused_in_words(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match=f'"{port}" is no port'):
        call_command("serve")


def test_an_address_of_another_machine_is_refused_in_words():
    with pytest.raises(CommandError, match=r"Cannot serve on 192\.0\.2\.1:"):
        call_command("serve", "--host", "192.0.2.1", "--port", str(free_port()))
