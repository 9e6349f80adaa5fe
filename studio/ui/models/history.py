"""The whole history as a table model that reads the pages it is asked for: a hundred thousand rows scroll like ten."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from studio.app import Studio
from studio.errors import StudioError
from studio.model import HistoryEntry, HistoryOrder, HistoryQuery, JobChanged
from studio.ui.background import Background
from studio.ui.i18n import moment, percent, tr
from studio.ui.phrases import preset_name, status_name
from studio.ui.sentences import isolated

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PAGE = 50
PAGES_KEPT = 30


class HistoryModel(QAbstractTableModel):
    """Rows in the order asked for, known by their numbers. A page is one short query; the pages seen last are kept.

    What matches is searched off the GUI thread: the rows stay what they were until it is known.
    """

    found = Signal()
    failed = Signal(StudioError)

    ENTRY = Qt.ItemDataRole.UserRole + 1
    NAME, STATUS, RECIPE, CONFIDENCE, WHEN, WHERE = range(6)

    def __init__(self, studio: Studio, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._background = background
        self._query = HistoryQuery()
        # By page, then by the number of the job.
        self._pages: OrderedDict[int, dict[int, HistoryEntry]] = OrderedDict()
        self._numbers: list[int] = []

    def look_for(self, query: HistoryQuery) -> None:
        """Show what matches, when it is found, in the order of `sort`."""
        self._query = query = replace(query, order=self._query.order, is_rising=self._query.is_rising)
        self._background.ask_anew(
            ("history", query), lambda: self._studio.history.matching(query), lambda got: self._found(query, got)
        )

    def _found(self, query: HistoryQuery, answer: object) -> None:
        if query != self._query:  # something else was asked for meanwhile
            return
        if isinstance(answer, StudioError):
            self.failed.emit(answer)
            return
        numbers = cast("list[int]", answer)
        if numbers == self._numbers:
            self._pages.clear()
            if numbers:
                self.dataChanged.emit(self.index(0, 0), self.index(len(numbers) - 1, self.columnCount() - 1))
        else:
            self.beginResetModel()
            self._pages.clear()
            self._numbers = numbers
            self.endResetModel()
        self.found.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Show the same in the order of a column; -1 = the newest first, as jobs arrived."""
        rising = column in ORDERS and order is Qt.SortOrder.AscendingOrder
        self._query = replace(self._query, order=ORDERS.get(column, HistoryOrder.ARRIVED), is_rising=rising)
        self.look_for(self._query)

    def number(self, row: int) -> int:
        """The number of the job of a row."""
        return self._numbers[row]

    def row_of(self, number: int) -> int | None:
        """The row of the job of a number; None when it is not among those that match."""
        return self._numbers.index(number) if number in self._numbers else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (tr("Photo"), tr("Status"), tr("Recipe"), tr("Confidence"), tr("When"), tr("Result"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entry(index.row())
        if role == self.ENTRY:
            return entry
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or entry is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.job.error.message if entry.job.error else str(entry.job.shot.front)
        return _text(entry, index.column())

    def entry(self, row: int) -> HistoryEntry | None:
        """The job of a row; None when it was removed since the rows were counted."""
        return self._page(row // PAGE).get(self._numbers[row])

    @Slot(JobChanged)
    def on_job_changed(self, event: JobChanged) -> None:
        """Bring the one row up to date if it is on a page that was read."""
        for place, page in self._pages.items():
            for number, entry in page.items():
                if entry.job.id == event.job_id:
                    page[number] = self._studio.history.entry(event.job_id)
                    row = self._numbers.index(number, place * PAGE)
                    self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
                    return

    def _page(self, number: int) -> dict[int, HistoryEntry]:
        if number not in self._pages:
            self._pages[number] = self._studio.history.numbered(self._numbers[number * PAGE : (number + 1) * PAGE])
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]


ORDERS = {
    HistoryModel.NAME: HistoryOrder.NAME,
    HistoryModel.STATUS: HistoryOrder.STATUS,
    HistoryModel.RECIPE: HistoryOrder.RECIPE,
    HistoryModel.CONFIDENCE: HistoryOrder.CONFIDENCE,
    HistoryModel.WHEN: HistoryOrder.WHEN,
    HistoryModel.WHERE: HistoryOrder.WHERE,
}


def _text(entry: HistoryEntry, column: int) -> str:
    job = entry.job
    match column:
        case HistoryModel.NAME:
            return isolated(job.shot.front.name)
        case HistoryModel.STATUS:
            return status_name(job.status)
        case HistoryModel.RECIPE:
            return preset_name(job.recipe.name)
        case HistoryModel.CONFIDENCE:
            return "" if entry.confidence is None else percent(entry.confidence)
        case HistoryModel.WHEN:
            return moment(_when(job.finished_at, job.created_at))
        case _:
            first = _first(entry)
            # Isolated: a path reads from left to right in every language.
            return f"\u2066{first}\u2069" if first else ""


def _when(finished: datetime | None, created: datetime) -> datetime:
    return finished or created


def _first(entry: HistoryEntry) -> Path | None:
    return entry.files[0].path if entry.files else None
