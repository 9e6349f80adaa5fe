"""Thumbnails: decoded in the background, kept as long as there is room, announced when they arrive."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from studio.errors import StudioError
from studio.ui.background import Background
from studio.ui.canvas.pyramid import to_image

if TYPE_CHECKING:
    from studio.app import Preview

SIDE = 320
KEPT = 600


class Thumbnails(QObject):
    """Small pictures of files by path; `arrived` names the path that is there now (or that cannot be shown)."""

    arrived = Signal(object)

    def __init__(
        self, read: "Callable[[Path, int], Preview]", background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._background = background
        self._kept: OrderedDict[Path, QPixmap | None] = OrderedDict()

    def get(self, path: Path) -> QPixmap | None:
        """The thumbnail, or None while it is read or when there is none to show."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        self._background.ask(("thumbnail", path), lambda: self._read(path, SIDE), lambda found: self._keep(path, found))
        return None

    def forget(self, path: Path) -> None:
        """Read it anew next time: the file changed."""
        self._kept.pop(path, None)

    def _keep(self, path: Path, found: object) -> None:
        if isinstance(found, StudioError):
            self._kept[path] = None
        else:
            self._kept[path] = QPixmap.fromImage(to_image(found.levels[0]))  # type: ignore[attr-defined]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(path)
