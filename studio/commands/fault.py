"""The last net of the command line: whatever no one foresaw becomes one sentence, its trace goes into the log."""

import logging

from studio import log
from studio.commands.show import error_text
from studio.settings import Home

logger = logging.getLogger(__name__)


def explained(error: Exception) -> str:
    """What to tell a person about an exception that is no StudioError; the trace is logged where that is possible."""
    home = Home.of_this_user()
    try:
        log.set_up(home.logs, name="modamoda")
    except OSError as refusal:
        return _no_home(home, refusal)
    logger.error("A fault of the program", exc_info=error)
    return error_text(
        "Fault of the program",
        f"This is a fault of the program, not of your photographs ({type(error).__name__}).",
        f"`modamoda resume` finishes what is queued; please report it with the log {home.logs / 'modamoda.log'}.",
    )


def _no_home(home: Home, refusal: OSError) -> str:
    return error_text(
        "Data folder not usable",
        f"The program keeps its data in {home.folder}, which cannot be used: {refusal.strerror or refusal}.",
        "Change the permissions of the folder, make room on its disk, or name another one with MODAMODA_HOME.",
    )
