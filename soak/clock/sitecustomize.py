"""Python imports this first where the folder is on PYTHONPATH: the process's clock then runs as many seconds ahead, or
behind, as the file named by CLOCK_STEP says. Monotonic clocks go on, as they do when a real clock is set."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

STEP = Path(os.environ["CLOCK_STEP"])
true_time = time.time


def seconds() -> float:
    """By how much the clock is wrong."""
    return float(STEP.read_text())


time.time = lambda: true_time() + seconds()
timezone.now = lambda: datetime.now(tz=UTC) + timedelta(seconds=seconds())
