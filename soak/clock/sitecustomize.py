"""Shift the clock of a Python process whose PYTHONPATH has this folder, by the seconds in the file CLOCK_OFFSET_FILE.

Monotonic clocks do not change, as when a real clock is set.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

OFFSET_FILE = Path(os.environ["CLOCK_OFFSET_FILE"])
true_time = time.time


def offset() -> float:
    """Return by how many seconds the clock is wrong."""
    return float(OFFSET_FILE.read_text())


time.time = lambda: true_time() + offset()
timezone.now = lambda: datetime.now(tz=UTC) + timedelta(seconds=offset())
