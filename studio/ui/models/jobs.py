"""The queue as a list model: jobs that wait, run, or ended since the window opened."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from studio.model import Failure, Job, JobChanged, JobStatus, Progress
from studio.ui.i18n import tr
from studio.ui.phrases import status_name

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A job in the queue.

    held: it waits until a person lets it go. started_s: monotonic seconds when its first progress came, None = it has
    not started.
    """

    job_id: str
    photo: Path
    status: JobStatus
    recipe: str = ""
    priority: int = 0
    held: bool = False
    stage: str = ""
    fraction: float = 0.0
    started_s: float | None = None
    error: Failure | None = None

    @property
    def is_going(self) -> bool:
        """Whether it runs or waits for nothing but its turn."""
        return self.status in OPEN and not self.held

    @property
    def is_finished(self) -> bool:
        """Whether it has a result."""
        return self.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW)

    def seconds_left(self, now_s: float) -> float | None:
        """What this job still needs, judged by what it took so far; None while that says nothing yet."""
        if self.started_s is None or self.fraction < 0.08:
            return None
        return (now_s - self.started_s) * (1 - self.fraction) / self.fraction


class JobListModel(QAbstractListModel):
    """The jobs of this session in the order in which they are done; an event changes the one row it names."""

    ROW = Qt.ItemDataRole.UserRole + 1
    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[JobRow] = []
        self._places: dict[str, int] = {}
        # How far jobs are that are not listed yet: whoever does them may be heard before the queue was read.
        self._early: dict[str, Progress] = {}
        self._ended_s: list[float] = []
        # When the queue was stopped (monotonic seconds); None = it goes on.
        self._stopped_s: float | None = None
        # Counted anew after a row changed: a batch asks many times for every change.
        self._tally: Counter[tuple[JobStatus, bool]] | None = None
        # Who hears of it counts all rows: once for a flood of events, as when thousands of jobs end.
        self._counting = QTimer(self, singleShot=True, interval=0)
        self._counting.timeout.connect(self.counted)

    @property
    def rows(self) -> list[JobRow]:
        """The rows in their order."""
        return list(self._rows)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.photo.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.photo.name}, {standing(row)}"
            case Qt.ItemDataRole.ToolTipRole:
                return row.error.message if row.error else str(row.photo)
            case self.ROW:
                return row
            case _:
                return None

    def show(self, rows: Iterable[JobRow]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = list(rows)
        self._tally = None
        self._places = {row.job_id: place for place, row in enumerate(self._rows)}
        self.endResetModel()
        self._heed_early()
        self.counted.emit()

    def merge(self, open_jobs: Iterable[Job]) -> None:
        """Show these open jobs in this order, after those that ended since the window opened."""
        self._begin_anew_at_rest()
        jobs = list(open_jobs)
        kept = {row.job_id: row for row in self._rows}
        opened = {job.id for job in jobs}
        ended = [row for row in self._rows if row.job_id not in opened and row.status not in OPEN]
        rows = ended + [_row(job, kept.get(job.id)) for job in jobs]
        if [row.job_id for row in rows] == [row.job_id for row in self._rows]:
            self._put({place: row for place, row in enumerate(rows) if row != self._rows[place]})
            self.counted.emit()
        else:
            self.show(rows)

    def expect(self, jobs: Iterable[Job]) -> None:
        """List jobs that were queued just now, at the end, before the queue is read anew."""
        self._begin_anew_at_rest()
        new = [_row(job, None) for job in jobs if job.id not in self._places]
        if new:
            self.show([*self._rows, *new])

    def clear_ended(self) -> None:
        """Drop what is over from the list (never from the history)."""
        self.show([row for row in self._rows if row.status in OPEN])

    def at(self, place: int) -> JobRow:
        """The row at a place of the model."""
        return self._rows[place]

    def find(self, job_id: str) -> QModelIndex:
        """The index of a job; invalid when it is not listed."""
        place = self._places.get(job_id)
        return QModelIndex() if place is None else self.index(place)

    def count(self, *statuses: JobStatus) -> int:
        """How many jobs of the list stand at one of these statuses."""
        return sum(many for (status, _), many in self._tallied.items() if status in statuses)

    @property
    def going(self) -> int:
        """How many jobs run or wait for nothing but their turn."""
        return sum(many for (status, held), many in self._tallied.items() if status in OPEN and not held)

    @property
    def _tallied(self) -> "Counter[tuple[JobStatus, bool]]":
        if self._tally is None:
            self._tally = Counter((row.status, row.held) for row in self._rows)
        return self._tally

    @property
    def fraction(self) -> float:
        """How far the whole list is, what is held left out, 0..1; 1 when it is empty."""
        counted = [row.fraction if row.status in OPEN else 1.0 for row in self._rows if not row.held]
        return sum(counted) / len(counted) if counted else 1.0

    def seconds_left(self) -> float | None:
        """What the open jobs still need, judged by the pace of those that ended; None before the first one has."""
        left = self.going
        recent = self._ended_s[-12:]
        if not left or len(recent) < 2:
            return None
        return (recent[-1] - recent[0]) / (len(recent) - 1) * left

    def stop_clock(self) -> None:
        """Nothing is worked on from now on: the time that passes says nothing about the pace."""
        if self._stopped_s is None:
            self._stopped_s = time.monotonic()

    def start_clock(self) -> None:
        """The queue goes on."""
        if self._stopped_s is not None:
            away_s = time.monotonic() - self._stopped_s
            self._ended_s = [ended_s + away_s for ended_s in self._ended_s]
            self._stopped_s = None

    @Slot(JobChanged)
    def on_job_changed(self, event: JobChanged) -> None:
        """Take over what a job became; a job that was not listed (another window's) is added at the end."""
        place = self._places.get(event.job_id)
        if place is None:
            self._append(JobRow(job_id=event.job_id, photo=event.photo, status=event.status, error=event.error))
        else:
            row = self._rows[place]
            ended = event.status not in OPEN
            # What waited and was cancelled took no time.
            if ended and row.status is JobStatus.RUNNING and event.status is not JobStatus.CANCELLED:
                self._ended_s.append(time.monotonic())
            started = time.monotonic() if event.status is JobStatus.RUNNING else row.started_s
            changed = replace(
                row,
                status=event.status,
                error=event.error,
                held=row.held and not ended,
                fraction=float(ended),
                started_s=started,
            )
            self._put({place: changed})
        self._counting.start()

    @Slot(Progress)
    def on_progress(self, event: Progress) -> None:
        """Take over how far a job is."""
        place = self._places.get(event.job_id)
        if place is None:
            self._early[event.job_id] = event
        else:
            row = self._rows[place]
            started = row.started_s if row.started_s is not None else time.monotonic()
            self._put({place: replace(row, stage=event.stage, fraction=event.fraction, started_s=started)})

    def _begin_anew_at_rest(self) -> None:
        """Judge no batch by the pace of the one before it, nor by the time between the two."""
        if not self.going:
            self._ended_s.clear()

    def _append(self, row: JobRow) -> None:
        self._begin_anew_at_rest()
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(row)
        self._tally = None
        self._places[row.job_id] = place
        self.endInsertRows()
        self._heed_early()

    def _heed_early(self) -> None:
        for job_id in self._early.keys() & self._places.keys():
            self.on_progress(self._early.pop(job_id))

    def _put(self, rows: Mapping[int, JobRow]) -> None:
        for place, row in rows.items():
            self._rows[place] = row
        self._tally = None
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))


def _row(job: Job, kept: JobRow | None) -> JobRow:
    row = kept or JobRow(job_id=job.id, photo=job.shot.front, status=job.status)
    return replace(
        row, status=job.status, recipe=job.recipe.name, priority=job.priority, held=job.held, error=job.error
    )


def standing(row: JobRow) -> str:
    """Where a job stands, in a word or two."""
    return tr("On hold") if row.held else status_name(row.status)
