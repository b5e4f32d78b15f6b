"""A small disk of its own, where this machine lets us make one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BALLAST = "ballast"
CHUNK = b"\0" * 4096


@contextmanager
def disk(megabytes: int) -> Iterator[Path | None]:
    """The folder of an empty disk of that size, gone at the end; None where only root could make one, or nobody."""
    with tempfile.TemporaryDirectory(prefix="quizsite-disk-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user has to get in
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "tmpfs", folder]
        if (
            sys.platform != "linux"
            or os.geteuid()
            or subprocess.run(command, check=False, capture_output=True).returncode
        ):
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> None:
    """Leaves no room on the disk that the folder is on."""
    with (folder / BALLAST).open("ab", buffering=0) as file:
        try:
            while file.write(CHUNK):
                pass
        except OSError:
            return


def free(folder: Path) -> None:
    """Takes that away again."""
    (folder / BALLAST).unlink()
