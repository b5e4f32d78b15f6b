"""A small temporary disk that can be filled up, if this machine can mount one."""

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
    """Provide the folder of a temporary disk of this size, or None unless this process can mount one."""
    with tempfile.TemporaryDirectory(prefix="quizsite-disk-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user needs access
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
    """Fill the disk with a file in this folder."""
    with (folder / BALLAST).open("ab", buffering=0) as file:
        try:
            while file.write(CHUNK):
                pass
        except OSError:
            return


def free(folder: Path) -> None:
    """Delete the file that fills the disk."""
    (folder / BALLAST).unlink()
