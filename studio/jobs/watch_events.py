"""Hearing of changes: the operating system's file events, where there are any, only ever mean "look now"."""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

# How often events are gathered: short enough not to be noticed, long enough to cost nothing.
_GATHER_MS = 100
# How long nothing happens before the library says so, which tells that it has begun to listen.
_QUIET_MS = 1000
# As mount tables call them, user-space file systems without their "fuse." in front.
_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "sshfs", "rclone", "ncpfs")
)
_SHARED_BY_VIRTUAL_MACHINES = frozenset(("9p", "vboxsf", "vmhgfs", "vmhgfs-fuse", "virtiofs", "drvfs"))
_REMOTE_DRIVE = 4


class Ears:
    """Listens to one folder in a thread of its own and calls `on_change` there, for any change below it.

    Beginning takes a while, long on a large tree, and what happens meanwhile is not heard: `on_change` is called once
    when it has begun.
    """

    def __init__(self, folder: Path, on_change: Callable[[], None]) -> None:
        self._folder = folder
        self._on_change = on_change
        self._stop = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="watch-events", daemon=True)
        self._thread.start()

    @property
    def is_hearing(self) -> bool:
        """Whether events arrive, now; if not, only regular looks find what is new."""
        return self._begun.is_set() and self._thread.is_alive()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(1)

    def _listen(self) -> None:
        from watchfiles import watch  # a compiled library: imported only where a folder is really watched

        try:
            for changes in watch(
                self._folder,
                watch_filter=None,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
                debounce=2 * _GATHER_MS,
                step=_GATHER_MS,
                force_polling=False,
                rust_timeout=_QUIET_MS,
                yield_on_timeout=True,
            ):
                if changes or not self._begun.is_set():
                    self._begun.set()
                    self._on_change()
        except (OSError, RuntimeError) as error:
            # No events to be had (too many folders for the system's limit, the share went away): the scan goes on.
            log.info("No file events here, the folder is looked at regularly: %s", type(error).__name__)


def is_network(folder: Path) -> bool:
    """Whether a folder lies on a network drive, where changes made by others raise no events."""
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    return _type_of_file_system(folder).removeprefix("fuse.") in _NETWORK | _SHARED_BY_VIRTUAL_MACHINES


def _is_remote_drive(folder: Path) -> bool:
    import ctypes

    root = folder.resolve().anchor
    return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOTE_DRIVE  # type: ignore[attr-defined]


def _type_of_file_system(folder: Path) -> str:
    """The type of the innermost mount that holds `folder`; "" where that cannot be told."""
    mounts = [(point, kind) for point, kind in _mounts() if folder.is_relative_to(point)]
    return max(mounts, key=lambda mount: len(mount[0].parts))[1] if mounts else ""


def _mounts() -> list[tuple[Path, str]]:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if sys.platform == "darwin":
            told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True).stdout
            return [mount for line in told.splitlines() if (mount := _mac_mount(line))]
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return [(Path(_unescaped(fields[1])), fields[2]) for line in lines if len(fields := line.split(" ")) > 2]
    return []


def _mac_mount(line: str) -> tuple[Path, str] | None:
    """Of `//user@server/share on /Volumes/share (smbfs, nodev)` the place and the type."""
    _, found, rest = line.partition(" on ")
    point, opened, kinds = rest.rpartition(" (")
    return (Path(point), kinds.split(",")[0].rstrip(")")) if found and opened else None


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text
