"""The production server in a process of its own, and an HTTP client for it."""

import re
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

from questions.tests.processes import manage


def listener() -> closing[socket.socket]:
    """Return a socket that listens on a free port."""
    return closing(socket.create_server(("127.0.0.1", 0)))


def free_port() -> int:
    """Return a free port."""
    with listener() as found:
        return found.getsockname()[1]


@contextmanager
def served(var_dir: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Provide a running server for the prepared site, and its address; stop it at the end."""
    address = f"http://127.0.0.1:{free_port()}"
    with manage(var_dir, "serve", "--port", address.rpartition(":")[2], **environment) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == f"{address}\n", process.communicate(timeout=30)
            yield process, address
        finally:
            process.terminate()


class Visitor:
    """HTTP client with cookies."""

    def __init__(self, address: str) -> None:
        self.address, self.cookies = address, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def visit(self, path: str, sent: dict[str, str] | None = None) -> tuple[HTTPResponse, str]:
        """Return the response, of any status, and its text; POST if there are fields to send."""
        data = None if sent is None else urlencode(sent).encode()
        try:
            response = self.opener.open(self.address + path, data, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            return response, response.read().decode()

    def start_quiz(self) -> tuple[str, str]:
        """Start a practice quiz; return the path of a single-choice question and its page."""
        form = self.visit("/")[1].partition('action="/practice/"')[2].partition("</form>")[0]
        response, page = self.visit("/practice/", hidden(form) | {"number": "50"})
        first = response.url.removeprefix(self.address)
        position = 1
        while 'type="radio" name="choice"' not in page:
            position += 1
            page = self.visit(first.replace("/1/", f"/{position}/"))[1]
        return first.replace("/1/", f"/{position}/"), page


def hidden(form: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
