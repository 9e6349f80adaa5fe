"""The shoot browser: the shots of the open folder, filtered and searched."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDrag, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui import icons, theme
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.models.shots import ShotFilter, ShotListModel, ShotRow
from studio.ui.parts.controls import button, column, empty_state, label, row, tool
from studio.ui.parts.delegates import ShotDelegate

CARD_WIDTH = 132


class ShotList(QListView):
    """Thumbnails in a grid; dragging them out gives the results, or the photographs where there is none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setModel(desk.filtered)
        self.setItemDelegate(ShotDelegate(desk.thumbnails))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setAccessibleName(tr("Shots"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - 2
        columns = max(1, room // CARD_WIDTH)
        self.setGridSize(
            QSize(room // columns, self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex()).height())
        )

    @property
    def chosen(self) -> list[ShotRow]:
        """The rows that are selected."""
        return [index.data(ShotListModel.ROW) for index in self.selectedIndexes()]

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        """Hand files to whatever they are dropped on, as a copy."""
        files = [path for row in self.chosen for path in (row.files[:1] or (row.shot.front,))]
        if not files:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


class Browser(QWidget):
    """Folder, search and filter above the shots."""

    def __init__(self, desk: Desk, open_folder: object) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._open_folder = open_folder
        self.list = ShotList(desk)
        self._title = label("", "heading")
        self._title.setMinimumWidth(40)
        self._count = label("", "small")
        self.search = QLineEdit(placeholderText=tr("Search by name"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search shots by name"))
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter = self._make_filter()
        self._stack = QStackedWidget()
        self._build()
        self._bind()
        self._on_folder()

    def _make_filter(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr("Show"))
        for wanted, text in (
            (ShotFilter.ALL, tr("All shots")),
            (ShotFilter.TO_DO, tr("Not processed")),
            (ShotFilter.RUNNING, tr("Waiting or working")),
            (ShotFilter.DONE, tr("Done")),
            (ShotFilter.REVIEW, tr("To review")),
            (ShotFilter.FAILED, tr("Failed")),
            (ShotFilter.STAR, tr("Starred")),
            (ShotFilter.REJECT, tr("Rejected")),
        ):
            box.addItem(text, wanted)
        return box

    def _build(self) -> None:
        choose = button(tr("Open folder…"), self._open_folder, icon="folder", kind="primary")  # type: ignore[arg-type]
        nothing_open = empty_state(
            "folder",
            tr("Open a shoot"),
            tr("Drop a folder of photographs here, or choose one. The photographs are only read, never changed."),
            choose,
        )
        nothing_passes = empty_state(
            "filter", tr("No shots here"), tr("No shot of this folder passes the filter and the search.")
        )
        for page in (self.list, nothing_open, nothing_passes):
            self._stack.addWidget(page)
        reload = tool("retry", tr("Look at the folder again"), self._desk.reload, key="F5")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = column(
            row(self._title, None, self._count, reload),
            self.search,
            self.filter,
            margins=(12, 10, 12, 8),
            gap=theme.GAP,
        )
        layout.addWidget(head)
        layout.addWidget(self._stack, 1)

    def _bind(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.filter.currentIndexChanged.connect(self._on_filter)
        self._desk.folder_changed.connect(self._on_folder)
        self._desk.shot_changed.connect(self._on_shot)
        self._desk.filtered.modelReset.connect(self._show_count)
        self._desk.filtered.rowsInserted.connect(self._show_count)
        self._desk.filtered.rowsRemoved.connect(self._show_count)
        self.list.selectionModel().currentChanged.connect(self._on_current)

    @Slot(str)
    def _on_search(self, words: str) -> None:
        self._desk.filtered.search(words)
        self._show_count()

    @Slot(int)
    def _on_filter(self, place: int) -> None:
        self._desk.filtered.show_only(self.filter.itemData(place))
        self._show_count()

    @Slot()
    def _on_folder(self) -> None:
        folder = self._desk.folder
        self._title.setText(folder.name if folder else tr("Shoot"))
        self._title.setToolTip(str(folder) if folder else "")
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        shown, every = self._desk.filtered.rowCount(), self._desk.shots.rowCount()
        self._count.setText(tr("{n} shots", shown) if every else "")
        self._stack.setCurrentIndex(1 if not self._desk.folder else 0 if shown else 2)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row: ShotRow | None = current.data(ShotListModel.ROW)
        self._desk.choose(row.shot.front if row else None)

    @Slot()
    def _on_shot(self) -> None:
        """Follow what was chosen elsewhere: next and previous, the review, the history."""
        photo: Path | None = self._desk.current
        index = self._desk.filtered.mapFromSource(self._desk.shots.find(photo)) if photo else QModelIndex()
        if index.isValid() and index != self.list.currentIndex():
            self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
