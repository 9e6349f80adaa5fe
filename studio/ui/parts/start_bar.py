"""The foot of the shoot: what Start would do, how far the work is, the time left."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from studio.app import Estimate
from studio.model import JobStatus
from studio.ui.desk import Desk
from studio.ui.i18n import duration, file_size, number, tr
from studio.ui.models.jobs import OPEN
from studio.ui.models.shots import TO_DO, Mark
from studio.ui.parts.browser import ShotList
from studio.ui.parts.controls import button, label, tool


class StartBar(QWidget):
    """Start works on the shots selected, or on all when one or none is."""

    def __init__(self, desk: Desk, shots: ShotList) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._shots = shots
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        keeps = self.bar.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keeps)
        self.bar.setAccessibleName(tr("Progress of the queue"))
        self.start = button(tr("Start"), self._on_start, icon="play", kind="primary")
        self.start.setToolTip(tr("Process the selected shots, or all of them"))
        self.stop = button(tr("Stop"), self._on_stop, icon="stop")
        self.panel = tool("panel", tr("Show the queue"), None, checkable=True, key="Ctrl+J")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        for part in (self.panel, self.words):
            layout.addWidget(part)
        layout.addWidget(self.bar, 1)
        for part in (self.stop, self.start):
            layout.addWidget(part)
        for signal in (desk.busy_changed, desk.folder_changed, desk.jobs.counted):
            signal.connect(self.refresh)
        self._ahead: Estimate | None = None
        desk.folder_changed.connect(self._look_ahead)
        desk.recipe_changed.connect(self._look_ahead)
        desk.recipe_changed.connect(self.refresh)
        shots.selectionModel().selectionChanged.connect(self.refresh)
        # A batch changes many shots in a moment.
        self._soon = QTimer(self, singleShot=True, interval=50)
        self._soon.timeout.connect(self.refresh)
        desk.shots.dataChanged.connect(self._refresh_soon)
        desk.closed.connect(self._soon.stop)
        self._tick = QTimer(self, interval=500)
        self._tick.timeout.connect(self.refresh)
        desk.closed.connect(self._tick.stop)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say how things stand."""
        jobs, busy = self._desk.jobs, self._desk.is_busy
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        self.bar.setValue(round(jobs.fraction * 1000))
        self.words.setText(self._sentence())
        chosen = len(self._photos())
        self.start.setText(tr("Start {n} shots", chosen) if chosen else tr("Start"))
        self.start.setAccessibleName(self.start.text())
        self.start.setEnabled(chosen > 0 and not self._desk.is_taking_in)
        if self._desk.is_counting != self._tick.isActive():
            self._tick.start() if self._desk.is_counting else self._tick.stop()

    @Slot()
    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _sentence(self) -> str:
        jobs = self._desk.jobs
        if self._desk.is_taking_in:
            return tr("Looking at the photographs…")
        if self._desk.service.is_paused:
            # What runs meanwhile runs elsewhere: on the farm, at the account's service.
            if waiting := jobs.count(JobStatus.QUEUED):
                return tr("Paused; {n} photos wait.", waiting)
            return " · ".join([tr("Paused"), *self._standing_words()])
        if self._desk.is_busy:
            return " · ".join(self._work_words())
        return " · ".join(self._standing_words())

    def _work_words(self) -> list[str]:
        """How far the queue is, the time left, and what failed of it."""
        jobs = self._desk.jobs
        words = [tr("{done} of {n} done", len(jobs.rows), done=number(len(jobs.rows) - jobs.count(*OPEN)))]
        if left := jobs.seconds_left():
            words.append(tr("{time} left", time=duration(left)))
        if failed := jobs.count(JobStatus.FAILED):
            words.append(tr("{n} failed", failed))
        return words

    def _standing_words(self) -> list[str]:
        """How many shots of the shoot stand where; what the work would take before anything is finished."""
        rows = self._desk.shots.rows
        many = Counter(row.status for row in rows)
        done, review, failed = many[JobStatus.DONE], many[JobStatus.NEEDS_REVIEW], many[JobStatus.FAILED]
        wanted = Counter(row.status for row in rows if row.mark is not Mark.REJECT)
        to_do = sum(wanted[status] for status in TO_DO)
        if not done + review + failed:
            return [tr("{n} shots ready", len(rows)), *self._ahead_words()] if rows else []
        counted = (
            (done, tr("{n} done", done)),
            (review, tr("{n} to review", review)),
            (failed, tr("{n} failed", failed)),
            (to_do, tr("{n} to do", to_do)),
        )
        return [words for many, words in counted if many]

    def _ahead_words(self) -> list[str]:
        """About how long the shoot takes and how much room; nothing before it is known.

        The time only where photos of this recipe were finished here before: a guess would be wrong by far.
        """
        ahead = self._ahead
        if ahead is None:
            return []
        time = [tr("about {time}", time=duration(ahead.seconds))] if ahead.is_measured else []
        words = [*time, file_size(ahead.bytes)]
        return words if ahead.is_enough else [*words, tr("the disk has no room for that")]

    @Slot()
    def _look_ahead(self) -> None:
        self._ahead = None
        self._desk.look_ahead(self._looked_ahead)

    def _looked_ahead(self, answer: object) -> None:
        self._ahead = answer if isinstance(answer, Estimate) else None
        self.refresh()

    def _photos(self) -> list[Path]:
        chosen = self._shots.chosen
        rows = chosen if len(chosen) > 1 else self._desk.shots.rows
        under_way = self._desk.under_way
        wanted = (row.shot.front for row in rows if row.mark is not Mark.REJECT)
        return [photo for photo in wanted if photo not in under_way]

    @Slot()
    def _on_start(self) -> None:
        # A button that is disabled hands the focus on to whatever is next; the keys stay with the shots.
        self._shots.setFocus()
        self._desk.start(self._photos())

    @Slot()
    def _on_stop(self) -> None:
        self._desk.cancel([row.job_id for row in self._desk.jobs.rows if row.status in OPEN])
