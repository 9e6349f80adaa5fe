"""What failed of a batch: told once, at its end."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from studio.model import Failure, JobChanged, JobStatus, Notice
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.notices import Step
from studio.ui.sentences import said


class Failures(QObject):
    """Gathers failures while the queue works; one is told with its reason, several as one notice that shows them."""

    def __init__(self, desk: Desk, show: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._show = show
        self._failed: list[tuple[Path, Failure]] = []
        desk.bridge.job_changed.connect(self._hear)
        desk.finished.connect(self._tell)

    @Slot(JobChanged)
    def _hear(self, event: JobChanged) -> None:
        if event.status is JobStatus.FAILED and event.error:
            self._failed.append((event.photo, event.error))

    @Slot()
    def _tell(self) -> None:
        failed, self._failed = self._failed, []
        if len(failed) == 1:
            self._desk.say(notice_of(failed[0][1]))
        if len(failed) < 2:
            return
        reasons = dict.fromkeys(said(error.title) for _, error in failed)
        notice = Notice(
            title=tr("{n} photos failed", len(failed)),
            message=" · ".join(reasons),
            hint=tr("Choose one of them: its result says why, and what to do."),
        )
        if any(self._desk.shots.row_of(photo) for photo, _ in failed):
            self._desk.offer(notice, Step(text=tr("Show"), run=self._show))
        else:
            self._desk.say(notice)
