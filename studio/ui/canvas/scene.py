"""What the canvas shows: before, after, overlays, and how they are laid over each other. Plain data, no widget."""

import enum
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

from studio.ui.canvas.pyramid import Pyramid
from studio.ui.canvas.viewport import Viewport

CHECK_PX = 10


class Compare(enum.StrEnum):
    """How before and after are shown."""

    AFTER = "after"
    BEFORE = "before"
    SPLIT = "split"


class Ground(enum.StrEnum):
    """What lies under a picture with transparency."""

    CHECKER = "checker"
    WHITE = "white"
    GREY = "grey"
    BLACK = "black"
    OWN = "own"


class Overlay(enum.StrEnum):
    """A mask shown in colour over the picture."""

    GARMENT = "garment"
    MANNEQUIN = "mannequin"
    INNER = "inner"
    DOUBT = "doubt"


OVERLAY_COLOURS = {
    Overlay.GARMENT: (70, 165, 255),
    Overlay.MANNEQUIN: (255, 84, 84),
    Overlay.INNER: (190, 110, 255),
    Overlay.DOUBT: (255, 196, 0),
}
GROUND_COLOURS = {Ground.WHITE: "#ffffff", Ground.GREY: "#808080", Ground.BLACK: "#000000"}


@dataclass(frozen=True, kw_only=True)
class Backdrop:
    """What a person chose to look at results on: a colour, #rrggbb, or a picture, which is laid to cover the frame."""

    colour: str = "#808080"
    picture: QPixmap | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """before: the photograph. after: its result, None = not made yet. split: the slider's place, 0..1 of the widget."""

    before: Pyramid | None = None
    after: Pyramid | None = None
    compare: Compare = Compare.AFTER
    split: float = 0.5
    ground: Ground = Ground.CHECKER
    own: Backdrop = field(default_factory=Backdrop)
    masks: dict[Overlay, Pyramid] = field(default_factory=dict[Overlay, Pyramid])
    shown: frozenset[Overlay] = frozenset()

    def evolve(self, **changes: object) -> "Scene":
        """A copy with some parts replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def size(self) -> QSizeF:
        """The frame in photo pixels; everything else is shown in it."""
        shown = self.before or self.after
        return shown.size if shown else QSizeF()

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw everything that is in sight."""
        area = QRectF(QPointF(0, 0), view.widget)
        if self.compare is Compare.SPLIT and self.before and self.after:
            middle = view.widget.width() * self.split
            self._clipped(painter, QRectF(0, 0, middle, area.height()), self.before, view)
            self._clipped(painter, QRectF(middle, 0, area.width() - middle, area.height()), self.after, view)
        else:
            picture = self.before if self.compare is Compare.BEFORE else self.after or self.before
            if picture:
                self._clipped(painter, area, picture, view)
        for kind in sorted(self.shown & self.masks.keys()):
            _paint_part(painter, self.masks[kind], view, OVERLAY_COLOURS[kind])

    def _clipped(self, painter: QPainter, clip: QRectF, picture: Pyramid, view: Viewport) -> None:
        painter.save()
        painter.setClipRect(clip)
        own = _placed(picture, view)
        if picture.has_alpha:
            self._paint_ground(painter, own.photo_rect, clip)
        _paint_part(painter, picture, own, None)
        painter.restore()

    def _paint_ground(self, painter: QPainter, frame: QRectF, clip: QRectF) -> None:
        area = frame.intersected(clip)
        if self.ground is Ground.CHECKER:
            painter.fillRect(area, QBrush(_checker()))
        elif self.ground is not Ground.OWN:
            painter.fillRect(area, QColor(GROUND_COLOURS[self.ground]))
        elif self.own.picture is None:
            painter.fillRect(area, QColor(self.own.colour))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(frame, self.own.picture, _covering(self.own.picture, frame))


def _covering(picture: QPixmap, frame: QRectF) -> QRectF:
    """The middle of a picture in the shape of the frame: what is seen of it when it covers the frame."""
    whole = QRectF(picture.rect())
    size = frame.size().scaled(whole.size(), Qt.AspectRatioMode.KeepAspectRatio)
    part = QRectF(QPointF(0, 0), size)
    part.moveCenter(whole.center())
    return part


def _placed(picture: Pyramid, view: Viewport) -> Viewport:
    """The view for a picture of another size than the photograph: as large as fits, in the middle of its frame."""
    if picture.size == view.photo:
        return view
    fit = min(view.photo.width() / picture.width, view.photo.height() / picture.height)
    spare = QPointF(view.photo.width() - picture.width * fit, view.photo.height() - picture.height * fit) / 2
    return replace(view, photo=picture.size, scale=view.scale * fit, origin=view.origin + spare * view.scale)


def _paint_part(painter: QPainter, picture: Pyramid, view: Viewport, tint: tuple[int, int, int] | None) -> None:
    part = view.visible
    if part.isEmpty():
        return
    painter.save()
    if tint is not None:
        painter.setOpacity(0.5)
    picture.paint(painter, QRectF(view.to_widget(part.topLeft()), part.size() * view.scale), part, tint)
    painter.restore()


def _checker() -> QPixmap:
    tile = QPixmap(CHECK_PX * 2, CHECK_PX * 2)
    tile.fill(QColor("#bdbdbd"))
    painter = QPainter(tile)
    for x, y in ((0, 0), (CHECK_PX, CHECK_PX)):
        painter.fillRect(x, y, CHECK_PX, CHECK_PX, QColor("#e6e6e6"))
    painter.end()
    return tile
