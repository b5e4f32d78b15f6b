"""The metrics of all worker processes, at an address apart from the site's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counted() -> Iterator[None]:
    """A folder for this server's run, in which every worker started within keeps its counts."""
    with TemporaryDirectory(prefix="quizsite-metrics-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]


def serve(host: str, port: int) -> None:
    """Answers Prometheus there from a thread of this process; raises OSError where the address cannot be had."""
    # The library looks for the folder when it is first imported.
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    start_http_server(port, host, registry)
