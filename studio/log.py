"""Logging: one rotating file in the program's home, warnings on the terminal, no private paths above debug."""

import logging
import logging.handlers
from pathlib import Path

from studio.private import without_private

LOG_BYTES = 2_000_000
LOG_FILES = 5


class Discreet(logging.Formatter):
    """Lines without private paths, names of photographs and secrets, traces included; debug lines say everything."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        text = super().format(record)
        return text if record.levelno <= logging.DEBUG else without_private(text)


def set_up(folder: Path, *, name: str, verbose: bool = False) -> None:
    """Send everything the program logs to `folder/name.log` (rotating), debug lines only when `verbose`."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    root = logging.getLogger("studio")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.propagate = False
