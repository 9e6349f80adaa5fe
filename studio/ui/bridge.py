"""The bridge from the worker's events to Qt: any thread may emit `happened`; the rest fires in the GUI thread."""

from PySide6.QtCore import QObject, Signal, Slot

from studio.model import AccountChanged, JobChanged, Notice, Progress


class Bridge(QObject):
    """Sorts the events of the studio by kind."""

    happened = Signal(object)
    job_changed = Signal(JobChanged)
    progressed = Signal(Progress)
    noticed = Signal(Notice)
    account_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.happened.connect(self._sort)

    @Slot(object)
    def _sort(self, event: object) -> None:
        if isinstance(event, Progress):
            self.progressed.emit(event)
        elif isinstance(event, JobChanged):
            self.job_changed.emit(event)
        elif isinstance(event, Notice):
            self.noticed.emit(event)
        elif isinstance(event, AccountChanged):
            self.account_changed.emit()
