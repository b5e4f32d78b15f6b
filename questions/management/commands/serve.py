"""`manage.py serve`: serve the site with the production server, granian; `make run` calls it last."""

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
from itertools import count
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

# A request may wait 20 seconds for SQLite's write lock, and a stopping server must not lose an answer.
LAST_REQUESTS = timedelta(seconds=30)
UPKEEP_DELAY, UPKEEP_INTERVAL = timedelta(minutes=1), timedelta(days=1)
REMINDER_INTERVAL = timedelta(minutes=15)
UPKEEP = [sys.executable, str(settings.BASE_DIR / "manage.py"), "upkeep", "--verbosity=0"]
REMINDERS = [*UPKEEP, "--reminders"]


class Server(MPServer):
    """granian, which also prints its URL once it responds, and runs the daily upkeep and the reminders."""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the workers first and our thread afterwards, because forking with busy threads is unsafe.

        When a worker is replaced later, our thread only sleeps.
        """
        super().startup(spawn_target, target_loader)
        if settings.METRICS_PORT:
            metrics_server.serve(settings.METRICS_HOST, settings.METRICS_PORT)
        Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        while not self.interrupt_signal and not self._responds():
            time.sleep(0.05)
        if not self.interrupt_signal:
            print(f"http://{self._bind_addr_fmt}", flush=True)  # noqa: T201 - the URL is the last line of output
        time.sleep(UPKEEP_DELAY.total_seconds())
        for number in count():
            if self.interrupt_signal:
                return
            if command := _upkeep_command(number):
                subprocess.run(command, check=False)  # noqa: S603 - our own command
            time.sleep(REMINDER_INTERVAL.total_seconds())

    def _responds(self) -> bool:
        connection = http.client.HTTPConnection(_reachable_address(self.bind_addr), self.bind_port, timeout=10)
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True


class Command(BaseCommand):
    """HOST, PORT, WORKERS and THREADS can also be environment variables."""

    help = "Serve the site with the production server."
    requires_system_checks: list[str] = []  # `prepare` has already run them

    def add_arguments(self, parser: ArgumentParser) -> None:
        env = Env()  # defaults as text, so that argparse validates them as well
        parser.add_argument("--host", default=env.str("HOST", default="127.0.0.1"))
        parser.add_argument("--port", type=_port, default=env.str("PORT", default="8000"))
        parser.add_argument(
            "--workers", type=int, default=env.str("WORKERS", default="1"), help="number of worker processes"
        )
        parser.add_argument(
            "--threads", type=int, default=env.str("THREADS", default="4"), help="number of threads per worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _check_address_is_free(host, port)
        if settings.METRICS_PORT:
            _check_address_is_free(settings.METRICS_HOST, settings.METRICS_PORT, "METRICS_")
        self.allow(host)
        server = Server(
            "quizsite.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            workers_kill_timeout=int(LAST_REQUESTS.total_seconds()),
            # A crashed worker is restarted. If it crashes again immediately, the server exits, and its supervisor can
            # restart it or raise an alarm.
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
            websockets=False,
        )
        with metrics_server.multiprocess_folder() if settings.METRICS_PORT else nullcontext():
            server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)

    def allow(self, host: str) -> None:
        """Add the host to ALLOWED_HOSTS; for a wildcard address, print a warning if ALLOWED_HOSTS is not set."""
        if not _is_wildcard(host):
            settings.ALLOWED_HOSTS += [f"[{host}]" if ":" in host else host]
            os.environ["ALLOWED_HOSTS"] = ",".join(settings.ALLOWED_HOSTS)
        elif "ALLOWED_HOSTS" not in os.environ:
            self.stderr.write("Only this machine can use the site. Set ALLOWED_HOSTS to the site's host names.")


def _upkeep_command(number: int) -> list[str] | None:
    """Return the command to run after that many intervals: the upkeep once a day, in between only reminders, and None
    if there are none because the site does not know its address."""
    if number % (UPKEEP_INTERVAL // REMINDER_INTERVAL) == 0:
        return UPKEEP
    return REMINDERS if settings.SITE_URL else None


def _application(parent: int) -> Any:
    """Return the WSGI application, and end this worker when the parent process is gone, to free the port."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()
    return import_string("quizsite.wsgi.application")


def _port(text: str) -> int:
    """Return the port number; raise ArgumentTypeError if it is not in 1..65535."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f'"{text}" is not a port. Use a number from 1 to 65535')
    return int(text)


def _is_wildcard(host: str) -> bool:
    """Whether the host is a wildcard address, such as 0.0.0.0."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _reachable_address(host: str) -> str:
    """Return an address where a server that listens on the host can be reached."""
    if _is_wildcard(host):
        return "::1" if ":" in host else "127.0.0.1"
    return host


def _check_address_is_free(host: str, port: int, prefix: str = "") -> None:
    """Raise CommandError if the address is taken; granian itself would share a port with another granian."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        advice = f"Choose another address with {prefix}PORT= or {prefix}HOST=."
        message = f"Cannot serve on {host}:{port} ({error.strerror}). {advice}"
        raise CommandError(message) from None
