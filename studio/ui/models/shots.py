"""The shots of the open folder with their status, as a list model; and the filter over it."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)

from studio.model import Failure, HistoryEntry, JobChanged, JobStatus, Progress, Shot
from studio.ui.phrases import status_name
from studio.ui.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TO_DO = (None, JobStatus.CANCELLED)


class Mark(enum.StrEnum):
    """What the photographer thinks of a shot."""

    NONE = "none"
    STAR = "star"
    REJECT = "reject"


class ShotFilter(enum.StrEnum):
    """Which shots the browser shows."""

    ALL = "all"
    TO_DO = "to-do"
    RUNNING = "running"
    DONE = "done"
    REVIEW = "review"
    FAILED = "failed"
    STAR = "star"
    REJECT = "reject"


@dataclass(frozen=True, kw_only=True)
class ShotRow:
    """A shot and what became of it. job_id, status None = never processed. fraction: 0..1 of the running job."""

    shot: Shot
    mark: Mark = Mark.NONE
    job_id: str | None = None
    status: JobStatus | None = None
    fraction: float = 0.0
    files: tuple[Path, ...] = ()
    confidence: float | None = None
    error: Failure | None = None

    @property
    def is_finished(self) -> bool:
        """Whether a result stands on the disk."""
        return self.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW)

    def passes(self, wanted: ShotFilter) -> bool:
        """Whether the filter `wanted` shows this shot; what was rejected shows only under its own filter and `all`."""
        match wanted:
            case ShotFilter.ALL:
                return True
            case ShotFilter.STAR | ShotFilter.REJECT:
                return self.mark.value == wanted.value
            case ShotFilter.TO_DO:
                return self.status in TO_DO
            case ShotFilter.RUNNING:
                return self.status in (JobStatus.QUEUED, JobStatus.RUNNING)
            case ShotFilter.DONE:
                return self.status is JobStatus.DONE
            case ShotFilter.REVIEW:
                return self.status is JobStatus.NEEDS_REVIEW
            case ShotFilter.FAILED:
                return self.status is JobStatus.FAILED


class ShotListModel(QAbstractListModel):
    """The truth about the open shoot, one row a shot; an event changes the one row it names.

    Many rows are changed with one signal: each costs more than the rows between that Qt then asks about.
    """

    ROW = Qt.ItemDataRole.UserRole + 1
    marked = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ShotRow] = []
        self._places: dict[Path, int] = {}
        self.thumbnails = thumbnails
        thumbnails.arrived.connect(self._picture_arrived)

    @property
    def rows(self) -> list[ShotRow]:
        """The rows in their order."""
        return list(self._rows)

    def load(self, shots: Iterable[Shot], known: Mapping[Path, HistoryEntry], marks: Mapping[Path, Mark]) -> None:
        """Show these shots instead; `known` is the newest job of each photo, where there is one."""
        self.beginResetModel()
        self._rows = [_row(shot, known.get(shot.front), marks.get(shot.front, Mark.NONE)) for shot in shots]
        self._places = {row.shot.front: place for place, row in enumerate(self._rows)}
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.shot.front.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.shot.front.name}\n{status_name(row.status)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.shot.front.name}, {status_name(row.status)}"
            case self.ROW:
                return row
            case _:
                return None

    def find(self, photo: Path) -> QModelIndex:
        """The index of the shot whose front is `photo`; invalid when it is not in the folder."""
        place = self._places.get(photo)
        return QModelIndex() if place is None else self.index(place)

    def row_of(self, photo: Path) -> ShotRow | None:
        """The row of the shot whose front is `photo`."""
        place = self._places.get(photo)
        return None if place is None else self._rows[place]

    def at(self, place: int) -> ShotRow:
        """The row at a place of the model."""
        return self._rows[place]

    def set_mark(self, photos: Iterable[Path], mark: Mark) -> None:
        """Star or reject shots, or take the mark away."""
        places = [place for photo in photos if (place := self._places.get(photo)) is not None]
        self._put({place: replace(self._rows[place], mark=mark) for place in places})
        self.marked.emit()

    @Slot(JobChanged)
    def on_job_changed(self, event: JobChanged) -> None:
        """Take over what a job became."""
        self.on_jobs_changed([event])

    def on_jobs_changed(self, events: Iterable[JobChanged]) -> None:
        """Take over what many jobs became, one of each photo."""
        self._put(
            {
                place: replace(
                    self._rows[place],
                    job_id=event.job_id,
                    status=event.status,
                    fraction=0.0,
                    files=event.files,
                    confidence=event.confidence,
                    error=event.error,
                )
                for event in events
                if (place := self._places.get(event.photo)) is not None
            }
        )

    @Slot(Progress)
    def on_progress(self, event: Progress) -> None:
        """Take over how far a job is."""
        place = self._places.get(event.photo)
        if place is not None:
            self._put({place: replace(self._rows[place], fraction=event.fraction)})

    @Slot(object)
    def _picture_arrived(self, path: Path) -> None:
        place = self._places.get(path)
        if place is not None:
            self.dataChanged.emit(self.index(place), self.index(place), [Qt.ItemDataRole.DecorationRole])

    def _put(self, rows: Mapping[int, ShotRow]) -> None:
        for place, row in rows.items():
            self._rows[place] = row
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))


class ShotFilterModel(QSortFilterProxyModel):
    """The shots that pass the filter, lie in the folder chosen, and whose name holds the words searched for."""

    def __init__(self, shots: ShotListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shots = shots
        self.setSourceModel(shots)
        self._wanted = ShotFilter.ALL
        self._words = ""
        self._folder: Path | None = None

    def show_only(self, wanted: ShotFilter) -> None:
        """Show the shots that pass `wanted`."""
        self.beginFilterChange()
        self._wanted = wanted
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def search(self, words: str) -> None:
        """Show the shots whose file name holds `words`, whatever the case."""
        self.beginFilterChange()
        self._words = words.strip().casefold()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def show_below(self, folder: Path | None) -> None:
        """Show the shots that lie in or below `folder`; None = wherever they lie."""
        if folder != self._folder:
            self.beginFilterChange()
            self._folder = folder
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._shots.at(source_row)
        front = row.shot.front
        lies_there = self._folder is None or self._folder in front.parents
        return lies_there and row.passes(self._wanted) and self._words in front.name.casefold()

    def rows_of(self, selection: QItemSelection) -> list[ShotRow]:
        """The shots that are selected in a view, in their order in the folder."""
        indexes = self.mapSelectionToSource(selection).indexes()
        return [self._shots.at(place) for place in sorted(index.row() for index in indexes)]


def _row(shot: Shot, known: HistoryEntry | None, mark: Mark) -> ShotRow:
    if known is None:
        return ShotRow(shot=shot, mark=mark)
    return ShotRow(
        shot=shot,
        mark=mark,
        job_id=known.job.id,
        status=known.job.status,
        files=tuple(file.path for file in known.files),
        confidence=known.confidence,
        error=known.job.error,
    )
