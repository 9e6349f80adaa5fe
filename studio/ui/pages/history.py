"""The page of the history: every result ever made, searched, with its report."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studio.model import HistoryEntry
from studio.ui import icons
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.models.history import ORDERS, HistoryModel
from studio.ui.parts.context_menu import ContextMenu, Line
from studio.ui.parts.controls import button, empty_state, label
from studio.ui.parts.history_search import HistorySearch
from studio.ui.parts.result_panel import ResultPanel


class HistoryPage(QWidget):
    """Search and filters above the table, the chosen job's report beside it."""

    look_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.model = HistoryModel(desk.studio, desk.background, self)
        self.table = self._make_table()
        self.panel = ResultPanel(desk)
        # The number of the job whose report is shown.
        self._chosen: int | None = None
        self._count = label("", "small")
        self.export = button(tr("Export…"), self._on_export, icon="export")
        self.export.setToolTip(tr("Files for sales channels from the results that are selected"))
        self.export.setEnabled(False)
        self.fields = HistorySearch(beside=(self._count, self.export))
        self.search = self.fields.search
        self._stack = QStackedWidget()
        self._build()
        self.look_at = QAction(icons.icon("shoot"), tr("Show in its shoot"), self)
        self.look_at.triggered.connect(self._on_look)
        self.menu = ContextMenu(self.table, self._menu_lines)
        self.fields.changed.connect(self.look)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.doubleClicked.connect(self._on_double_click)
        self.model.found.connect(self._on_found)
        self.model.failed.connect(desk.tell_of)
        desk.finished.connect(self.look)
        desk.closed.connect(self.fields.stop)
        desk.bridge.job_changed.connect(self.model.on_job_changed)
        self.look()
        self._sort_as_before()

    @Slot()
    def look(self) -> None:
        """Search for what the fields ask for."""
        self.model.look_for(self.fields.query)
        self._desk.background.ask_anew("models used", self._models_used, self._offer_models)

    def _sort_as_before(self) -> None:
        """Sort as when the window was last open; the table asks its model for it, now and at every click."""
        column, _, direction = self._desk.state.text("history order").partition(" ")
        falling = Qt.SortOrder.DescendingOrder
        header = self.table.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(
            next((place for place, order in ORDERS.items() if order == column), -1),
            falling if direction == "falling" else Qt.SortOrder.AscendingOrder,
        )
        self.table.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(self._on_sorted)

    @Slot(int, Qt.SortOrder)
    def _on_sorted(self, column: int, direction: Qt.SortOrder) -> None:
        falling = direction is Qt.SortOrder.DescendingOrder
        kept = f"{ORDERS[column]} {'falling' if falling else 'rising'}" if column in ORDERS else ""
        self._desk.state.keep_text("history order", kept)

    @Slot()
    def _on_found(self) -> None:
        self._count.setText(tr("{n} results", self.model.rowCount()))
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)
        self._choose_again()
        self._on_selection()
        self._show_chosen()

    def _choose_again(self) -> None:
        """Rows that were read anew know nothing of what was chosen before."""
        row = None if self._chosen is None else self.model.row_of(self._chosen)
        if row is not None and not self.table.selectionModel().hasSelection():
            self.table.setCurrentIndex(self.model.index(row, 0))

    def _models_used(self) -> tuple[list[str], dict[str, str]]:
        """In a thread: the networks of the history, and what the catalog calls those it knows."""
        studio = self._desk.studio
        return studio.history.models_used(), {info.id: info.title for info in studio.models.all()}

    def _offer_models(self, answer: object) -> None:
        if isinstance(answer, tuple):
            self.fields.offer_models(*cast("tuple[list[str], dict[str, str]]", answer))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("History"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in ((0, 220), (1, 110), (2, 160), (3, 100), (4, 150)):
            table.setColumnWidth(column, width)
        return table

    def _build(self) -> None:
        self.fields.setObjectName("bar")
        self.fields.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = tr(
            "Every finished, failed and cancelled photo is listed here with its report, as far back as you have worked."
        )
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty_state("history", tr("No results found"), words))
        self.panel.setMinimumWidth(320)
        split = QSplitter()
        split.setHandleWidth(1)
        split.addWidget(self._stack)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, 330])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.fields)
        layout.addWidget(split, 1)

    @property
    def chosen(self) -> list[HistoryEntry]:
        """The results that are selected, in their order."""
        places = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [entry for place in places if (entry := self.model.entry(place))]

    @Slot()
    def _on_selection(self) -> None:
        self.export.setEnabled(self.table.selectionModel().hasSelection())

    @Slot()
    def _on_export(self) -> None:
        from studio.ui.parts.export_sheet import ExportSheet

        ExportSheet(self._desk, self.chosen, self.window()).open()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._chosen = self.model.number(current.row())
        self._show_chosen()

    @Slot(QModelIndex)
    def _on_double_click(self, _index: QModelIndex) -> None:
        self._on_look()

    @Slot()
    def _on_look(self) -> None:
        here = self.table.currentIndex()
        if here.isValid() and (entry := self.model.entry(here.row())):
            self.look_wanted.emit(entry.job.shot.front)

    def _menu_lines(self) -> Sequence[Line]:
        return (self.look_at, self.panel.open, self.panel.reveal, None, self.export, None, self.panel.again)

    def _show_chosen(self) -> None:
        """Show the report of the row in sight, none where the search left no such row."""
        here = self.table.currentIndex()
        self.panel.show_entry(self.model.entry(here.row()) if here.isValid() else None)
