"""Serves the site with the production server; `make run` calls it last."""

import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from environ import Env
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from quizsite.monitoring import metrics_server

# An answer may wait for SQLite's write lock for 20 seconds, and nobody's is to be lost because the server stops.
LAST_REQUESTS = timedelta(seconds=30)
FIRST, EVERY = timedelta(minutes=1), timedelta(days=1)
UPKEEP = [sys.executable, str(settings.BASE_DIR / "manage.py"), "upkeep", "--verbosity=0"]


class Server(MPServer):
    """granian, telling once that it answers, and having the daily upkeep done."""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Starts the workers, then waits for the first answer beside them: no thread may be busy when one forks. By the
        time that one takes another's place, ours only sleep."""
        super().startup(spawn_target, target_loader)
        if settings.METRICS_PORT:
            metrics_server.serve(settings.METRICS_HOST, settings.METRICS_PORT)
        Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        while not self.interrupt_signal and not self._answers():
            time.sleep(0.05)
        if not self.interrupt_signal:
            print(f"http://{self._bind_addr_fmt}", flush=True)  # noqa: T201 - the last line says where to go
        time.sleep(FIRST.total_seconds())
        while not self.interrupt_signal:
            subprocess.run(UPKEEP, check=False)  # noqa: S603 - our own command
            time.sleep(EVERY.total_seconds())

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(_reachable(self.bind_addr), self.bind_port, timeout=10)
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True


class Command(BaseCommand):
    """HOST, PORT, WORKERS and THREADS may also stand in the environment."""

    help = "Serve the site with the production server."
    requires_system_checks: list[str] = []  # `prepare` has just run them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The environment gives the defaults, as text that is checked like an argument."""
        env = Env()
        parser.add_argument("--host", default=env.str("HOST", default="127.0.0.1"))
        parser.add_argument("--port", type=_port, default=env.str("PORT", default="8000"))
        parser.add_argument("--workers", type=int, default=env.str("WORKERS", default="1"), help="Processes.")
        parser.add_argument("--threads", type=int, default=env.str("THREADS", default="4"), help="Threads of each.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serves until it is interrupted; raises CommandError where the address cannot be had."""
        host, port = options["host"], options["port"]
        _refuse_if_taken(host, port)
        if settings.METRICS_PORT:
            _refuse_if_taken(settings.METRICS_HOST, settings.METRICS_PORT, "METRICS_")
        self.allow(host)
        server = Server(
            "quizsite.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            workers_kill_timeout=int(LAST_REQUESTS.total_seconds()),
            # One that dies comes back while the others go on. If it dies again at once, the server ends, and what
            # started it tells somebody or starts it anew.
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
            websockets=False,
        )
        with metrics_server.multiprocess_folder() if settings.METRICS_PORT else nullcontext():
            server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)

    def allow(self, host: str) -> None:
        """Lets the workers answer to the host that they listen on; says what is missing where that is every one."""
        if not _is_wildcard(host):
            settings.ALLOWED_HOSTS += [f"[{host}]" if ":" in host else host]
            os.environ["ALLOWED_HOSTS"] = ",".join(settings.ALLOWED_HOSTS)
        elif "ALLOWED_HOSTS" not in os.environ:
            self.stderr.write("Only this machine is answered: set ALLOWED_HOSTS to the names that others use.")


def _application(parent: int) -> Any:
    """The application, in a worker that ends soon after that process: nobody else would end it, and it has the port."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()
    return import_string("quizsite.wsgi.application")


def _port(text: str) -> int:
    """A number that a port can have; raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f'"{text}" is no port: a number from 1 to 65535 is needed')
    return int(text)


def _is_wildcard(host: str) -> bool:
    """Whether the host stands for every address of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _reachable(host: str) -> str:
    """An address that reaches a server listening on the host."""
    if _is_wildcard(host):
        return "::1" if ":" in host else "127.0.0.1"
    return host


def _refuse_if_taken(host: str, port: int, prefix: str = "") -> None:
    """Raises CommandError where nothing can listen there: granian itself would share a port with another granian."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        choice = f"Choose another with {prefix}PORT= or {prefix}HOST=."
        message = f"Cannot serve on {host}:{port} ({error.strerror}). {choice}"
        raise CommandError(message) from None
