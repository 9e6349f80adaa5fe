"""Locks the operating system gives up when their holder dies: how one process knows that another is alive."""

import contextlib
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A lock file, held from `take` until `release` or the death of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Take the lock, or None when somebody alive holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(descriptor)
            except OSError:
                os.close(descriptor)
                return None
            if _is_at(descriptor, path):
                return cls(path, descriptor)
            os.close(descriptor)  # its last holder removed the file between our opening and locking it

    @classmethod
    def wait_for(cls, path: Path, *, wait_s: float = 5.0) -> Self:
        """Take the lock as soon as nobody holds it. Raises TimeoutError.

        Good for a name of one's own too: others hold it for a moment, to see whether its owner lives.
        """
        until = time.monotonic() + wait_s
        while (lock := cls.take(path)) is None:
            if time.monotonic() > until:
                raise TimeoutError(path)
            time.sleep(0.02)
        return lock

    def release(self, *, remove: bool = False) -> None:
        """Give the lock up; with `remove` its file goes too (only for names that are never used again)."""
        if remove and sys.platform != "win32":
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        if remove and sys.platform == "win32":  # an open file cannot be removed there
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(path: Path, *, wait_s: float = 30.0) -> Generator[None]:
    """Run the block while no other process is in it. Raises TimeoutError."""
    lock = Lock.wait_for(path, wait_s=wait_s)
    try:
        yield
    finally:
        lock.release()


def remove_dead(folder: Path) -> None:
    """Remove the lock files in `folder` whose holders are dead."""
    for path in folder.glob("*.lock"):
        if lock := Lock.take(path):
            lock.release(remove=True)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
