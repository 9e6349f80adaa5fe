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


class _Gate:
    """Whether an interrupt may pass now. All of it happens in the main thread, where signals are handled."""

    closed = 0
    waiting = False

    @classmethod
    def on_signal(cls, _number: int, _frame: object) -> None:
        """Raise KeyboardInterrupt, or remember it while the gate is closed."""
        cls.waiting = bool(cls.closed)  # one that passes takes with it what waited: nothing may rise a second time
        if not cls.waiting:
            raise KeyboardInterrupt


@contextlib.contextmanager
def heeded() -> Generator[None]:
    """Raise KeyboardInterrupt in the main thread for both signals, wherever the program happens to be; in a block that
    is `held_back`, at its end.

    Python drops what is raised in a weak reference's callback or in `__del__`, and the program would go on as if nobody
    had asked it to stop. Such an interrupt is repeated a moment later.
    """
    signal.signal(signal.SIGTERM, _Gate.on_signal)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where a script's `&` has it ignored
        signal.signal(signal.SIGINT, _Gate.on_signal)
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


@contextlib.contextmanager
def held_back() -> Generator[None]:
    """Have an interrupt wait for the end of a short block that must not be left half done, such as a transaction: its
    lock would stay, and what the program does last would wait for it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Gate.closed += 1
    try:
        yield
    finally:
        _Gate.closed -= 1
        if _Gate.waiting and not _Gate.closed:
            _Gate.waiting = False
            raise KeyboardInterrupt
