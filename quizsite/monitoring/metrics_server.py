"""Server for the Prometheus metrics of all worker processes, on an address of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def multiprocess_folder() -> Iterator[None]:
    """Provide a temporary folder in which the workers started inside the block store their metrics."""
    with TemporaryDirectory(prefix="quizsite-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]


def serve(host: str, port: int) -> None:
    """Serve the metrics from a thread of this process; raise OSError if the address is not available."""
    # prometheus_client reads the variable at its first import.
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    start_http_server(port, host, registry)
