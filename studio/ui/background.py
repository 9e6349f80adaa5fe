"""Work off the GUI thread that gives one answer: decoding a picture, finding masks, examining the computer."""

import logging
import sys
import time
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from shiboken6 import isValid

from studio.errors import StudioError
from studio.ui.faults import unforeseen

log = logging.getLogger(__name__)

CLOSING_S = 10.0


class Background(QObject):
    """A pool of threads; each answer comes back in the GUI thread, to the one callable that asked.

    The callable gets the function's value, or the StudioError that it raised; for a fault of the program, which is
    reported like any other, a StudioError that says so. What was asked for last is done first,
    because that is what is being looked at; `in_order` what was asked for first, and all of it. After `close` no answer
    comes any more, nor one for a method of a widget that is gone.
    """

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 2, in_order: bool = False) -> None:
        super().__init__(parent)
        self._in_order = in_order
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._waiting: dict[Hashable, Callable[[object], object]] = {}
        self._again: dict[Hashable, tuple[Callable[[], object], Callable[[object], object]]] = {}
        self._order = 0
        self._is_closed = False
        self._answered.connect(self._deliver)

    def ask(self, key: Hashable, work: Callable[[], object], answer: Callable[[object], object]) -> None:
        """Do `work` in a thread and call `answer` with what came of it; a key in work is not asked twice."""
        if key in self._waiting or self._is_closed:
            return
        self._waiting[key] = answer
        self._order += not self._in_order
        self._pool.start(self._task(key, work), self._order)

    def ask_anew(self, key: Hashable, work: Callable[[], object], answer: Callable[[object], object]) -> None:
        """Ask, and once more after the answer where the key is in work: that work may have read what is old by now."""
        if key in self._waiting and not self._is_closed:
            self._again[key] = work, answer
        else:
            self.ask(key, work, answer)

    @property
    def keys(self) -> set[Hashable]:
        """What is being worked on."""
        return set(self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being worked on."""
        return not self._waiting

    @property
    def is_at_rest(self) -> bool:
        """Whether no thread runs, not for what was forgotten either."""
        return not self._pool.activeThreadCount()

    def close(self) -> None:
        """Forget what waits, unless it is to be done in order, and let what runs come to its end."""
        self._is_closed = True
        self._waiting.clear()
        self._again.clear()
        if not self._in_order:
            self._pool.clear()
        # Sleeping lets the threads run Python; Qt's own waiting and the pool's destructor hold the interpreter's lock.
        end = time.monotonic() + CLOSING_S
        while not self.is_at_rest and time.monotonic() < end:
            time.sleep(0.005)

    def _task(self, key: Hashable, work: Callable[[], object]) -> Callable[[], None]:
        def task() -> None:
            try:
                answer = work()
            except StudioError as error:
                answer = error
            except Exception as fault:
                # A key that is never answered could not be asked again: the button behind it would be dead.
                sys.excepthook(type(fault), fault, fault.__traceback__)
                answer = unforeseen()
            if not self._is_closed:  # else nobody waits for it, and what would carry it may be gone
                self._answered.emit(key, answer)

        return task

    @Slot(object, object)
    def _deliver(self, key: Hashable, answer: object) -> None:
        receiver = self._waiting.pop(key, None)
        asked_by = getattr(receiver, "__self__", None)
        if receiver and (not isinstance(asked_by, QObject) or isValid(asked_by)):
            receiver(answer)
        if key in self._again:
            self.ask(key, *self._again.pop(key))
