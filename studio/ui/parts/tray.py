"""The notification at the end of a batch, by the system where it can."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from studio.model import JobStatus
from studio.ui.desk import Desk
from studio.ui.i18n import number, tr


class Tray(QObject):
    """Speaks when the queue has ended and the window is not in front."""

    def __init__(self, window: QMainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._icon = QSystemTrayIcon(window.windowIcon(), self) if QSystemTrayIcon.isSystemTrayAvailable() else None
        self._told = 0

    @Slot()
    def tell(self) -> None:
        """Say how the batch ended, once for each batch."""
        ended = len(self._desk.jobs.rows)
        if not self._icon or ended <= self._told or self._desk.state.text("tray", "yes") != "yes":
            return
        self._told = ended
        if QApplication.activeWindow() is None:
            self._icon.show()
            self._icon.showMessage(tr("The batch has ended"), self.sentence)

    @property
    def sentence(self) -> str:
        """How many photos came out how."""
        jobs = self._desk.jobs
        return tr(
            "{done} done, {review} to review, {failed} failed",
            done=number(jobs.count(JobStatus.DONE)),
            review=number(jobs.count(JobStatus.NEEDS_REVIEW)),
            failed=number(jobs.count(JobStatus.FAILED)),
        )
