"""Ctrl-C and SIGTERM, so that neither is ever lost."""

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_S = 0.05


@contextlib.contextmanager
def heeded() -> Generator[None]:
    """Raise KeyboardInterrupt in the main thread for both signals, wherever the program happens to be.

    Python drops what is raised in a weak reference's callback or in `__del__`, and the program would go on as if nobody
    had asked it to stop. Such an interrupt is repeated a moment later.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    before = sys.unraisablehook

    def on_dropped(dropped: "UnraisableHookArgs") -> None:
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            # From a timer: a signal raised here would be dropped as well.
            threading.Timer(AGAIN_S, _thread.interrupt_main).start()
        else:
            before(dropped)

    sys.unraisablehook = on_dropped
    try:
        yield
    finally:
        sys.unraisablehook = before
