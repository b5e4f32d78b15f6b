"""manage.py as a process of its own, with the production settings and a VAR_DIR of its own."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ONLY_HERE = {"ALLOWED_HOSTS", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "HOST", "PORT"}


def manage(var_dir: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The process, started; what it prints can be read from it."""
    inherited = {name: value for name, value in os.environ.items() if name not in ONLY_HERE}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=inherited | {"VAR_DIR": str(var_dir)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(var_dir: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Its exit code and what it printed to its two streams, once it has ended."""
    with manage(var_dir, *arguments, **environment) as process:
        output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors
