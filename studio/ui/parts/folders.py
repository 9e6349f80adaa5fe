"""The tree of folders beside the shots: the open shoot with its folders, and the shoots opened before."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from studio.ui import icons
from studio.ui.i18n import number, tr

FOLDER = Qt.ItemDataRole.UserRole + 1
IS_OPEN = Qt.ItemDataRole.UserRole + 2


class FolderTree(QTreeView):
    """Choosing a folder of the open shoot shows what lies in it; another shoot is opened by a click or Enter."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setHeaderHidden(True)
        self.setAccessibleName(tr("Folders"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_open)
        self.activated.connect(self._on_open)

    def show_folders(self, shoot: Path | None, photos: Iterable[Path], recent: Iterable[Path]) -> None:
        """Show the folders of a shoot, with how many of `photos` lie in each and below it, and the shoots opened last.

        The folder that was chosen stays chosen if it is still there.
        """
        before: Path | None = self.currentIndex().data(FOLDER)
        counts = _counts(shoot, photos) if shoot else {}
        self._model.clear()
        places: dict[Path, QStandardItem] = {}
        for folder in sorted(counts):
            places[folder] = _item(folder, is_open=True, count=counts[folder])
            parent = places.get(folder.parent, self._model.invisibleRootItem())
            parent.appendRow(places[folder])
        for folder in recent:
            if folder != shoot:
                self._model.appendRow(_item(folder, is_open=False))
        if shoot:
            self.expand(self._model.index(0, 0))
        kept = places.get(before) if before else None
        first = kept or (places.get(shoot) if shoot else None)
        if first:
            self.selectionModel().setCurrentIndex(first.index(), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @property
    def is_useful(self) -> bool:
        """Whether there is more than one folder to choose from."""
        root = self._model.invisibleRootItem()
        return root.rowCount() > 1 or (root.rowCount() == 1 and root.child(0).hasChildren())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.data(IS_OPEN):
            self.chosen.emit(current.data(FOLDER))

    @Slot(QModelIndex)
    def _on_open(self, index: QModelIndex) -> None:
        if index.isValid() and not index.data(IS_OPEN):
            self.opened.emit(index.data(FOLDER))


def _counts(shoot: Path, photos: Iterable[Path]) -> dict[Path, int]:
    """How many photos lie in or below each folder of the shoot; the folders between are there too."""
    found: Counter[Path] = Counter({shoot: 0})
    for photo in photos:
        for folder in photo.parents:
            found[folder] += 1
            if folder == shoot:
                break
    return {folder: count for folder, count in found.items() if folder == shoot or shoot in folder.parents}


def _item(folder: Path, *, is_open: bool, count: int = 0) -> QStandardItem:
    name = folder.name or str(folder)
    made = QStandardItem(f"{name}  {number(count)}" if is_open else name)
    made.setData(folder, FOLDER)
    made.setData(is_open, IS_OPEN)
    made.setToolTip(f"\u2066{folder}{os.sep}\u2069")
    made.setIcon(icons.icon("folder" if is_open else "history"))
    made.setAccessibleText(tr("{folder}, {n} shots", count, folder=name) if is_open else name)
    return made
