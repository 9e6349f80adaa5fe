"""Crash reports: what a fault of the program leaves behind as a local text file, which nothing sends."""

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from studio import __version__
from studio.errors import StudioError
from studio.files import write_atomically
from studio.private import without_private

KEPT = 10
LOG_LINES = 60
_LOG_END_BYTES = 64_000
_LIBRARIES = ("numpy", "opencv-python-headless", "onnxruntime", "pillow", "PySide6-Essentials", "pyvips", "torch")
_HEAD = """\
Modamoda Studio: crash report

Nothing sends this file. Whoever wants help may send it; whoever does not may delete it. Paths, names of photographs,
mail addresses and secrets were replaced by words in <>. Read it before you send it.
"""


def keep(
    folder: Path, fault: BaseException | str, *, where: str, logs: Path, private: Iterable[Path | str] = ()
) -> Path | None:
    """Write a report on `fault` (a text: what a dead process left) and return its path; never raises, None = no room.

    where: which part of the program met it. logs: the folder whose last lines go along. private: paths known to be
    private. The newest KEPT reports stay, one for each place of the code that failed.
    """
    names = [str(name) for name in private]
    trace = fault if isinstance(fault, str) else "".join(traceback.format_exception(fault))
    mark = hashlib.sha256(_place(fault).encode(errors="replace")).hexdigest()[:8]
    path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{mark}.txt"
    text = "\n".join((_HEAD, _facts(where), "Trace\n", without_private(trace, names).rstrip(), "", _logs(logs, names)))
    try:
        write_atomically(path, text.encode(errors="backslashreplace"))
    except (OSError, StudioError):
        return None
    _remove_old(folder, path, mark)
    return path


def reports(folder: Path) -> list[Path]:
    """The reports in `folder`, the oldest first."""
    return sorted(folder.glob("crash-*.txt"))


def _place(fault: BaseException | str) -> str:
    """What is equal in two reports of the same fault: the kind and the lines of code, without what was said."""
    if isinstance(fault, str):
        return fault
    frames = traceback.extract_tb(fault.__traceback__)
    return "\n".join([type(fault).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames)])


def _facts(where: str) -> str:
    libraries = ", ".join(f"{name} {version}" for name in _LIBRARIES if (version := _version(name)))
    system = f"{platform.platform(terse=True)}, {platform.machine()}, {os.cpu_count()} cores"
    lines = (
        ("Version", __version__),
        ("When", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"),
        ("Where", where),
        ("System", f"{system}, Python {platform.python_version()}"),
        ("Libraries", libraries),
    )
    return "\n".join(f"{name:<10} {value}" for name, value in lines) + "\n"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _logs(folder: Path, names: list[str]) -> str:
    parts: list[str] = []
    for path in (*sorted(folder.glob("*.log")), *sorted(folder.glob("*.err"))):
        lines = _end_of(path).splitlines()[-LOG_LINES:]
        if lines:
            parts.append(f"Last lines of {path.name}\n\n{without_private(chr(10).join(lines), names)}\n")
    return "\n".join(parts)


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _LOG_END_BYTES))
            return stream.read().decode(errors="replace")
    except OSError:
        return ""


def _remove_old(folder: Path, newest: Path, mark: str) -> None:
    others = [path for path in reports(folder) if path != newest]
    same = [path for path in others if path.stem.endswith(mark)]
    rest = [path for path in others if path not in same]
    for path in (*same, *rest[: max(0, len(rest) - KEPT + 1)]):
        with contextlib.suppress(OSError):
            path.unlink()
