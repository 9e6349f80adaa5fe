"""Faults of the window: whatever no one foresaw becomes a crash report and a notice; the window stays open."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from studio.app import keep_crash_report
from studio.errors import StudioError
from studio.model import Notice
from studio.ui.i18n import tr

log = logging.getLogger(__name__)


class Faults(QObject):
    """Hears of exceptions that nobody caught, in any thread; `noticed` carries what to say of each."""

    noticed = Signal(object)

    def listen(self) -> None:
        """Hear from now on; Python's own printing goes on."""
        sys.excepthook = self.on_fault
        threading.excepthook = self._on_thread_fault

    def on_fault(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        """Write a fault down and tell of it; nothing of the work is lost by one."""
        report = keep_crash_report(fault.with_traceback(trace), where="window")
        log.critical("The window met a fault of the program", exc_info=(kind, fault, trace))
        sys.__excepthook__(kind, fault, trace)
        hint = tr("Please report it with the file {path}.", path=report) if report else ""
        said = unforeseen()
        self.noticed.emit(Notice(title=said.title, message=said.message, hint=hint))

    def _on_thread_fault(self, fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value:
            self.on_fault(fault.exc_type, fault.exc_value, fault.exc_traceback)


def unforeseen() -> StudioError:
    """What a fault is for whoever waited for an answer; the report is told of beside it."""
    return StudioError(
        tr("Fault of the program"),
        tr("Something went wrong in the window. The photographs and the queue are not touched by it."),
    )
