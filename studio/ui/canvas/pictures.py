"""Photographs and results for the canvas: a preview at once, the whole picture when it is decoded."""

from collections import Counter, OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from studio.errors import StudioError
from studio.ui.background import Background
from studio.ui.canvas.pyramid import Pyramid

if TYPE_CHECKING:
    from studio.app import Preview, Studio

PREVIEW_SIDE = 1600
KEPT_BYTES = 700_000_000


class Pictures(QObject):
    """`arrived` names a path for which there is more to show now, `failed` one that cannot be shown and why."""

    arrived = Signal(object)
    failed = Signal(object, object)

    def __init__(self, studio: "Studio", background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._background = background
        self._kept: OrderedDict[Path, Pyramid] = OrderedDict()
        self._whole: set[Path] = set()
        self._changes: Counter[Path] = Counter()

    def get(self, path: Path) -> Pyramid | None:
        """The best there is of the picture now; more is fetched if that is not the whole picture."""
        found = self._kept.get(path)
        if found:
            self._kept.move_to_end(path)
        if path not in self._whole:
            self._fetch(path, preview=found is None)
        return found

    def is_whole(self, path: Path) -> bool:
        """Whether every pixel of the picture is there."""
        return path in self._whole

    def forget(self, path: Path) -> None:
        """Read it anew next time: the file changed, perhaps while it was being read."""
        self._kept.pop(path, None)
        self._whole.discard(path)
        self._changes[path] += 1

    def _fetch(self, path: Path, *, preview: bool) -> None:
        changes = self._changes[path]

        def answer(got: object, *, whole: bool) -> None:
            if changes == self._changes[path]:
                self._keep(path, got, whole)

        # What is asked last is done first: the preview overtakes the whole picture.
        self._background.ask(
            ("whole", self, path, changes),
            lambda: self._studio.pictures.whole(path),
            lambda got: answer(got, whole=True),
        )
        if preview:
            self._background.ask(
                ("preview", self, path, changes),
                lambda: self._studio.pictures.thumbnail(path, PREVIEW_SIDE),
                lambda got: answer(got, whole=False),
            )

    def _keep(self, path: Path, got: object, whole: bool) -> None:
        if isinstance(got, StudioError):
            if whole:
                self.failed.emit(path, got)
            return
        if path in self._whole:
            return
        preview = cast("Preview", got)
        self._kept[path] = Pyramid(preview.levels, (preview.width, preview.height))
        self._kept.move_to_end(path)
        if whole:
            self._whole.add(path)
        self._make_room()
        self.arrived.emit(path)

    def _make_room(self) -> None:
        while len(self._kept) > 2 and sum(_bytes(picture) for picture in self._kept.values()) > KEPT_BYTES:
            path, _ = self._kept.popitem(last=False)
            self._whole.discard(path)


def _bytes(picture: Pyramid) -> int:
    return sum(level.nbytes for level in picture.levels)
