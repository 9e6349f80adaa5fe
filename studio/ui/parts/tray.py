"""The notification at the end of a batch, by the system where it can."""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from studio.model import JobStatus
from studio.ui.desk import Desk
from studio.ui.i18n import number, tr
from studio.ui.models.jobs import OPEN, JobRow


class Tray(QObject):
    """Speaks when the queue has ended and the window is not in front."""

    def __init__(self, window: QMainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._icon = QSystemTrayIcon(window.windowIcon(), self) if QSystemTrayIcon.isSystemTrayAvailable() else None
        self._told: set[str] = set()

    @Slot()
    def tell(self) -> None:
        """Say how the batch ended, once for each batch."""
        batch = [row for row in self._desk.jobs.rows if row.status not in OPEN and row.job_id not in self._told]
        self._told.update(row.job_id for row in batch)
        is_wanted = self._desk.state.text("tray", "yes") == "yes"
        if batch and self._icon and is_wanted and QApplication.activeWindow() is None:
            self._icon.show()
            self._icon.showMessage(tr("The batch has ended"), _sentence(batch))


def _sentence(batch: Iterable[JobRow]) -> str:
    """How many photos came out how."""
    many = Counter(row.status for row in batch)
    return tr(
        "{done} done, {review} to review, {failed} failed",
        done=number(many[JobStatus.DONE]),
        review=number(many[JobStatus.NEEDS_REVIEW]),
        failed=number(many[JobStatus.FAILED]),
    )
