"""The shoot browser: folders, and the shots of the one that is chosen, filtered and searched."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDrag, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QSplitter,
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
from studio.ui.parts.folders import FolderTree

CARD_WIDTH = 132


class ShotList(QListView):
    """Thumbnails in a grid; dragging them out gives the results, or the photographs where there is none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._shots = desk.filtered
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
        # The scroll bar's room stays free without it: cards that grew when it goes would bring it back, for ever.
        room = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width() - 2
        columns = max(1, room // CARD_WIDTH)
        self.setGridSize(
            QSize(room // columns, self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex()).height())
        )

    @property
    def chosen(self) -> list[ShotRow]:
        """The rows that are selected."""
        return self._shots.rows_of(self.selectionModel().selection())

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
    """Folders, search and filter above the shots."""

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
        self.folders = FolderTree()
        self.show_folders = tool("sidebar", tr("Show the folders"), self._on_show_folders, checkable=True)
        self.halves = QSplitter(Qt.Orientation.Vertical)
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
        nothing_there = empty_state(
            "photo",
            tr("No photographs"),
            tr("This folder holds no photographs. The program reads JPEG, PNG, TIFF, WebP, HEIC, AVIF and camera RAW."),
        )
        for page in (self.list, nothing_open, nothing_passes, nothing_there):
            self._stack.addWidget(page)
        reload = tool("retry", tr("Look at the folder again"), self._desk.reload, key="F5")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = column(
            row(self._title, None, self._count, self.show_folders, reload),
            self.search,
            self.filter,
            margins=(12, 10, 12, 8),
            gap=theme.GAP,
        )
        layout.addWidget(head)
        for part in (self.folders, self._stack):
            self.halves.addWidget(part)
        self.halves.setHandleWidth(1)
        self.halves.setChildrenCollapsible(False)
        self.halves.setStretchFactor(1, 1)
        self.folders.setMinimumHeight(60)
        if not self.halves.restoreState(self._desk.state.layout("folders")):
            self.halves.setSizes([120, 600])
        layout.addWidget(self.halves, 1)
        self.show_folders.setChecked(self._desk.state.text("folders", "shown") == "shown")

    def _bind(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.filter.currentIndexChanged.connect(self._on_filter)
        self.folders.chosen.connect(self._on_chosen)
        self.folders.opened.connect(self._desk.open_folder)
        self._desk.folder_changed.connect(self._on_folder)
        self._desk.shot_changed.connect(self._on_shot)
        self._desk.filtered.modelReset.connect(self._show_count)
        self._desk.filtered.rowsInserted.connect(self._show_count)
        self._desk.filtered.rowsRemoved.connect(self._show_count)
        self.list.selectionModel().currentChanged.connect(self._on_current)

    def show_only(self, wanted: ShotFilter) -> None:
        """Show the shots that pass this filter, whatever was searched for."""
        self.search.clear()
        self.filter.setCurrentIndex(self.filter.findData(wanted))

    @Slot(str)
    def _on_search(self, words: str) -> None:
        self._desk.filtered.search(words)
        self._show_count()

    @Slot(int)
    def _on_filter(self, place: int) -> None:
        self._desk.filtered.show_only(ShotFilter(self.filter.itemData(place)))
        self._show_count()

    @Slot()
    def _on_folder(self) -> None:
        folder = self._desk.folder
        self._title.setText(folder.name if folder else tr("Shoot"))
        self._title.setToolTip(str(folder) if folder else "")
        photos = [row.shot.front for row in self._desk.shots.rows]
        self.folders.show_folders(folder, photos, self._desk.state.recent)
        self._place_folders()
        self._show_count()

    def keep_layout(self) -> None:
        """Remember whether the folders are shown, and how high."""
        self._desk.state.keep_layout("folders", self.halves.saveState())
        self._desk.state.keep_text("folders", "shown" if self.show_folders.isChecked() else "hidden")

    def _place_folders(self) -> None:
        """Show the tree where the photographer wants it and there is a choice."""
        self.show_folders.setVisible(self.folders.is_useful)
        self.folders.setVisible(self.folders.is_useful and self.show_folders.isChecked())

    @Slot()
    def _on_show_folders(self) -> None:
        self._place_folders()

    @Slot(object)
    def _on_chosen(self, folder: Path) -> None:
        # The shoot itself is no limit: what was dropped on it may be a link to another place.
        self._desk.filtered.show_below(None if folder == self._desk.folder else folder)
        self._show_count()

    @Slot()
    def _show_count(self) -> None:
        shown, every = self._desk.filtered.rowCount(), self._desk.shots.rowCount()
        self._count.setText(tr("{n} shots", shown) if every else "")
        self._stack.setCurrentIndex(1 if not self._desk.folder else 0 if shown else 2 if every else 3)

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
