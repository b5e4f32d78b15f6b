"""Run manage.py in a process with the production settings and its own VAR_DIR."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ONLY_HERE = {"ALLOWED_HOSTS", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "HOST", "PORT"}


def manage(var_dir: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command and return the process, with pipes for its output."""
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
    """Run the command; return its exit code, stdout and stderr."""
    with manage(var_dir, *arguments, **environment) as process:
        output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors
