"""The last net of the command line: whatever no one foresaw becomes one sentence and a crash report on the disk."""

import logging
import os
import sys
from pathlib import Path

from studio import crash, log
from studio.commands.words import error_text
from studio.settings import Home

logger = logging.getLogger(__name__)


def explained(error: Exception) -> str:
    """What to tell a person about an exception that is no StudioError; the trace is kept where that is possible."""
    home = Home.of_this_user()
    try:
        log.set_up(home.logs, name="modamoda")
    except OSError as refusal:
        unusable = home.unusable(refusal)
        return error_text(unusable.title, unusable.message, unusable.hint)
    report = crash.keep(home.crashes, error, where="command line", logs=home.logs, private=_typed_paths())
    logger.error("A fault of the program", exc_info=error)
    return error_text(
        "Fault of the program",
        f"This is a fault of the program, not of your photographs ({type(error).__name__}).",
        f"`modamoda resume` finishes what is queued; please report it with the file {report or home.logs}.",
    )


def _typed_paths() -> list[str]:
    """The words of the command line that name something on the disk, as they were typed and in full."""
    named = [word for word in sys.argv[1:] if os.sep in word or "/" in word or "." in word or Path(word).exists()]
    return [*named, *(os.path.abspath(word) for word in named)]
