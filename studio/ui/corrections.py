"""Photos that were corrected since their result was made: said once they are left, until they are done again."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from studio.model import JobChanged, JobStatus, Notice
from studio.ui.bridge import Bridge
from studio.ui.i18n import tr
from studio.ui.models.shots import ShotListModel
from studio.ui.parts.notices import Step

_ABOUT = "corrections"


class Corrections(QObject):
    """Keeps count of them; the part of the desk that the editors of mask and pose work with."""

    noticed = Signal(Notice)
    offered = Signal(Notice, object)

    def __init__(self, shots: ShotListModel, bridge: Bridge, rerun: Callable[[str], None], parent: QObject) -> None:
        """rerun: does the work of a job once more."""
        super().__init__(parent)
        self._shots = shots
        self._rerun = rerun
        # The job that made the result of each, newer than which the corrections are.
        self._ahead: dict[Path, str] = {}
        bridge.job_changed.connect(self._on_job_changed)

    def left(self, photo: Path) -> None:
        """A photo of the shoot was left with corrections of which its result, if there is one, knows nothing."""
        row = self._shots.row_of(photo)
        if row and row.job_id and row.is_finished:
            self._ahead[photo] = row.job_id
            self._tell()

    def _tell(self) -> None:
        message = tr("{n} results do not show them yet.", len(self._ahead))
        notice = Notice(title=tr("Corrections kept"), message=message, about=_ABOUT)
        self.offered.emit(notice, Step(text=tr("Process again"), run=self._do_again))

    def _do_again(self) -> None:
        ahead, self._ahead = self._ahead, {}
        for photo, job_id in ahead.items():
            row = self._shots.row_of(photo)
            # One that waits to be done again, for whatever reason, is done with them once.
            if row is None or (row.is_finished and row.job_id == job_id):
                self._rerun(job_id)

    @Slot(JobChanged)
    def _on_job_changed(self, event: JobChanged) -> None:
        if event.status is not JobStatus.RUNNING or not self._ahead.pop(event.photo, None):
            return
        if self._ahead:
            self._tell()
        else:
            message = tr("The results are being made with them now.")
            self.noticed.emit(Notice(title=tr("Corrections kept"), message=message, is_news=True, about=_ABOUT))
