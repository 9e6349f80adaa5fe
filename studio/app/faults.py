"""Faults of a face, written down."""

from collections.abc import Iterable
from pathlib import Path

from studio import crash
from studio.settings import Home


def keep_crash_report(error: BaseException, *, where: str, private: Iterable[Path] = ()) -> Path | None:
    """Write a fault of a face down, even where there is no `Studio` yet; returns the file, None = there is no room."""
    home = Home.of_this_user()
    return crash.keep(home.crashes, error, where=where, logs=home.logs, private=private)
