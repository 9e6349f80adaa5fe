"""The page of the history: every result ever made, searched, with its report."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studio.model import HistoryEntry, HistoryQuery, JobStatus
from studio.ui import icons
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.models.history import HistoryModel
from studio.ui.parts.controls import button, empty_state, label, row
from studio.ui.parts.result_panel import ResultPanel
from studio.ui.phrases import status_name

ALL_TIME_DAYS = 0


class HistoryPage(QWidget):
    """Search and filters above the table, the chosen job's report beside it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.model = HistoryModel(desk.studio, self)
        self.table = self._make_table()
        self.panel = ResultPanel(desk)
        self.search = QLineEdit(placeholderText=tr("Search by file name or recipe"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.status = QComboBox()
        self.since = QComboBox()
        self._count = label("", "small")
        self.export = button(tr("Export…"), self._on_export, icon="export")
        self.export.setToolTip(tr("Files for sales channels from the results that are selected"))
        self.export.setEnabled(False)
        self._stack = QStackedWidget()
        self._build()
        # Typing asks once, when the fingers rest.
        self._rest = QTimer(self, singleShot=True, interval=200)
        self._rest.timeout.connect(self.look)
        self.search.textChanged.connect(self._rest.start)
        self.status.activated.connect(self.look)
        self.since.activated.connect(self.look)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.model.modelReset.connect(self._on_selection)
        desk.finished.connect(self.look)
        desk.bridge.job_changed.connect(self.model.on_job_changed)
        self.look()

    @Slot()
    def look(self) -> None:
        """Show what the search and the filters ask for."""
        days = self.since.currentData()
        self.model.look_for(
            HistoryQuery(
                text=self.search.text().strip(),
                status=self.status.currentData(),
                since=datetime.now(UTC) - timedelta(days=days) if days else None,
            )
        )
        self._count.setText(tr("{n} results", self.model.rowCount()))
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)

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
        self.status.setAccessibleName(tr("Status"))
        self.status.addItem(tr("Every status"), None)
        for status in JobStatus:
            self.status.addItem(status_name(status), status)
        self.since.setAccessibleName(tr("Since"))
        periods = ((ALL_TIME_DAYS, tr("All time")), (1, tr("Last day")), (7, tr("Last week")), (31, tr("Last month")))
        for days, text in periods:
            self.since.addItem(text, days)
        head = row(
            label(tr("History"), "title"),
            12,
            self.search,
            self.status,
            self.since,
            self._count,
            self.export,
            margins=(16, 12, 16, 12),
        )
        head.setObjectName("bar")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
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
        layout.addWidget(head)
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
        self.panel.show_entry(self.model.entry(current.row()) if current.isValid() else None)
