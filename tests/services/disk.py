"""A small disk that a test can fill: a file system in memory, so that what is met is the real error."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILLER = "filler"
WAYS: tuple[list[str], ...] = ([], ["sudo", "--non-interactive"])
"""Before the command: as root, or as somebody who may become it."""


class SmallDisk:
    """``folder`` lies on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Until not one more byte has room."""
        with (self.folder / FILLER).open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        (self.folder / FILLER).unlink()

    def files(self) -> list[str]:
        """What lies on it, but for the filler; folders do not count."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and path.name != FILLER)
        return sorted(str(path.relative_to(self.folder)) for path in found)


def can_be_mounted() -> bool:
    """Whether this machine lets us have one."""
    with tempfile.TemporaryDirectory(prefix="fivegates-disk-") as folder, small_disk(Path(folder)) as made:
        return made is not None


@contextmanager
def small_disk(folder: Path, size: str = "1m") -> Iterator[SmallDisk | None]:
    """Mounted at ``folder``; None where nobody lets us."""
    folder.mkdir(parents=True, exist_ok=True)
    owned = f"size={size},uid={os.getuid()},gid={os.getgid()},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", owned, "none", str(folder)]
    way = next((way for way in WAYS if _done([*way, *mount])), None)
    if way is None:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        _done([*way, "umount", "--lazy", str(folder)])


def _done(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
