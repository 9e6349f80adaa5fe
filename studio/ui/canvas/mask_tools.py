"""The tools that correct a mask: brush and eraser, lasso, polygon, click. Each hands over a stroke, which is data.

By keyboard the arrow keys move the tool, Enter then puts it down and lifts it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QInputEvent, QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF

from studio.model import Region, Stroke, StrokeKind
from studio.ui.canvas.canvas import Canvas
from studio.ui.canvas.scene import OVERLAY_COLOURS, Overlay
from studio.ui.canvas.tool import Tool, step_of
from studio.ui.canvas.viewport import Viewport

COLOURS = {
    Region.GARMENT: OVERLAY_COLOURS[Overlay.GARMENT],
    Region.MANNEQUIN: OVERLAY_COLOURS[Overlay.MANNEQUIN],
    Region.BACKGROUND: (235, 235, 235),
}
SMALLEST_PX, LARGEST_PX = 2.0, 2000.0
SIZE_STEP = 1.15
CLOSE_PX = 9.0
CROSS_PX = 9.0
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TRAIL_OPACITY = 110


@dataclass
class BrushSettings:
    """What the tools have in common. size_px: diameter in photo pixels."""

    region: Region = Region.GARMENT
    size_px: float = 60.0
    hardness: float = 0.8
    snap: bool = False

    def grow(self, by: float) -> None:
        """Make the brush larger or smaller by a factor."""
        self.size_px = min(max(self.size_px * by, SMALLEST_PX), LARGEST_PX)


class MaskTool(Tool):
    """What all of them share: settings, where strokes go, and the Alt key, which paints background instead."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, settings: BrushSettings, done: Callable[[Stroke], None], resized: Callable[[], None]) -> None:
        self.settings = settings
        self._done = done
        self._resized = resized
        self._points: list[QPointF] = []
        self._region = settings.region
        # A point at the corner, (0, 0), is false by itself: it is asked whether there is one.
        self._at: QPointF | None = None
        # Whether the keys moved it there, and whether they put it down: the mouse that lies beside has no say then.
        self._is_keyed = self._is_down = False
        self.waiting: Sequence[Stroke] = ()

    def hover(self, canvas: Canvas, point: QPointF) -> None:
        if not self._is_down:
            self._at, self._is_keyed = point, False
            canvas.update()

    def key(self, canvas: Canvas, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.settings.grow(SIZE_STEP if event.key() == Qt.Key.Key_BracketRight else 1 / SIZE_STEP)
            self._resized()
            canvas.update()
        elif event.key() in ENTER and self._at is not None:
            if not event.isAutoRepeat():  # a key that is held down puts the tool down once
                self._enter(canvas, self._at, event)
        elif (by := step_of(event, canvas.view)) is not None:
            self._move(canvas, by, event)
        else:
            return False
        return True

    @property
    def has_begun(self) -> bool:
        return bool(self._points)

    def give_up(self) -> None:
        self._points = []
        self._is_down = False

    def _move(self, canvas: Canvas, by: QPointF, event: QKeyEvent) -> None:
        """An arrow key: from where the mouse or the keys left the tool, else from the middle of what is in sight."""
        to = (canvas.view.visible.center() if self._at is None else self._at) + by
        photo = canvas.view.photo
        self._at = QPointF(min(max(to.x(), 0.0), photo.width()), min(max(to.y(), 0.0), photo.height()))
        self._is_keyed = True
        if self._is_down:
            self.drag(canvas, self._at, event)
        canvas.bring_into_sight(self._at)
        canvas.update()

    def _enter(self, canvas: Canvas, at: QPointF, event: QKeyEvent) -> None:
        """Put the tool down where the keys moved it, or lift it."""
        if self._is_down:
            self._is_down = False
            self.release(canvas, at, event)
        elif self._is_keyed and not self.has_begun:
            self.press(canvas, at, event)
            self._is_down = self.has_begun
        canvas.update()

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """The strokes that the masks do not show yet; subclasses add what is being drawn."""
        for stroke in self.waiting:
            points = [view.to_widget(QPointF(*point)) for point in stroke.points]
            if stroke.kind is StrokeKind.AREA:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(*COLOURS[stroke.region], TRAIL_OPACITY))
                painter.drawPolygon(QPolygonF(points))
            elif points:
                _paint_trail(painter, points, _pen(stroke.region, stroke.size_px * view.scale, TRAIL_OPACITY))
        if self._at is not None and self._is_keyed:
            _paint_cross(painter, view.to_widget(self._at))

    def _start(self, point: QPointF, event: QInputEvent) -> None:
        self._region = self.painted_region
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._region = Region.BACKGROUND if self._region is Region.GARMENT else Region.GARMENT
        self._points = [point]
        self._is_down = False

    @property
    def painted_region(self) -> Region:
        """What the tool says that it paints."""
        return self.settings.region

    def _finish(self, kind: StrokeKind, canvas: Canvas) -> None:
        points = tuple((round(point.x(), 2), round(point.y(), 2)) for point in self._points)
        self._points = []
        settings = self.settings
        self._done(
            Stroke(
                kind=kind,
                region=self._region,
                points=points,
                size_px=round(settings.size_px, 2),
                hardness=settings.hardness,
                snap=settings.snap,
            )
        )
        canvas.update()


class Brush(MaskTool):
    """Paints along the path of the mouse."""

    def press(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> bool:
        self._start(point, event)
        canvas.update()
        return True

    def drag(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        self._at = point
        # Points closer than this change nothing that could be seen and would only make the data long.
        apart = max(self.settings.size_px / 12, 1.0)
        if (point - self._points[-1]).manhattanLength() >= apart:
            self._points.append(point)
        canvas.update()

    def release(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        self._points.append(point)
        self._finish(StrokeKind.BRUSH, canvas)

    def paint(self, painter: QPainter, view: Viewport) -> None:
        super().paint(painter, view)
        if self._points:
            pen = _pen(self._region, self.settings.size_px * view.scale, TRAIL_OPACITY)
            _paint_trail(painter, [view.to_widget(point) for point in self._points], pen)
        if self._at is not None:
            _paint_ring(
                painter, view.to_widget(self._at), self.settings.size_px * view.scale / 2, self.settings.hardness
            )


class Eraser(Brush):
    """A brush that always paints background."""

    @property
    def painted_region(self) -> Region:
        return Region.BACKGROUND


class Lasso(MaskTool):
    """Draws around an area with the button down."""

    def press(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> bool:
        self._start(point, event)
        return True

    def drag(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        self._points.append(point)
        canvas.update()

    def release(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        if len(self._points) > 2:
            self._finish(StrokeKind.AREA, canvas)
        self._points = []

    def paint(self, painter: QPainter, view: Viewport) -> None:
        super().paint(painter, view)
        _paint_outline(painter, [view.to_widget(point) for point in self._points], _pen(self._region, 1.5), closed=True)


class Polygon(MaskTool):
    """Sets corner after corner; a double click, Enter or the first corner closes it."""

    def press(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> bool:
        if not self._points:
            self._start(point, event)
        elif len(self._points) > 2 and _near(canvas.view, point, self._points[0]):
            self._finish(StrokeKind.AREA, canvas)
        else:
            self._points.append(point)
        canvas.update()
        return True

    def double_click(self, canvas: Canvas, point: QPointF) -> bool:
        if len(self._points) > 2:
            self._finish(StrokeKind.AREA, canvas)
        return True

    def _enter(self, canvas: Canvas, at: QPointF, event: QKeyEvent) -> None:
        """Set a corner where the keys have moved to since the last one; else close."""
        if self._is_keyed and at not in self._points[-1:]:
            self.press(canvas, at, event)
        elif len(self._points) > 2:
            self._finish(StrokeKind.AREA, canvas)

    def paint(self, painter: QPainter, view: Viewport) -> None:
        super().paint(painter, view)
        corners = [view.to_widget(point) for point in self._points]
        trail = [*corners, view.to_widget(self._at)] if corners and self._at is not None else corners
        _paint_outline(painter, trail, _pen(self._region, 1.5), closed=False)
        painter.setBrush(QColor("#ffffff"))
        for corner in corners:
            painter.drawEllipse(corner, 3.5, 3.5)


class Grow(MaskTool):
    """A click takes what looks alike and hangs together, within the circle shown."""

    def press(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> bool:
        self._start(point, event)
        self._finish(StrokeKind.GROW, canvas)
        return True

    def paint(self, painter: QPainter, view: Viewport) -> None:
        super().paint(painter, view)
        if self._at is not None:
            _paint_ring(painter, view.to_widget(self._at), self.settings.size_px * view.scale / 2, 1.0)


def _near(view: Viewport, one: QPointF, other: QPointF) -> bool:
    return (view.to_widget(one) - view.to_widget(other)).manhattanLength() < CLOSE_PX


def _pen(region: Region, width: float, opacity: int = 255) -> QPen:
    pen = QPen(QColor(*COLOURS[region], opacity), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _paint_trail(painter: QPainter, points: list[QPointF], pen: QPen) -> None:
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.01, 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawPath(path)


def _paint_ring(painter: QPainter, centre: QPointF, radius: float, hardness: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.3)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(centre, radius, radius)
    if 0.05 < hardness < 0.95:
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1, Qt.PenStyle.DotLine))
        inner = radius * hardness
        painter.drawEllipse(QRectF(centre.x() - inner, centre.y() - inner, 2 * inner, 2 * inner))


def _paint_cross(painter: QPainter, at: QPointF) -> None:
    """Where the keys have moved the tool: the mouse's own pointer is elsewhere."""
    for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.3)):
        painter.setPen(QPen(colour, width))
        for arm in (QPointF(CROSS_PX, 0), QPointF(0, CROSS_PX)):
            painter.drawLine(at - arm, at + arm)


def _paint_outline(painter: QPainter, points: list[QPointF], pen: QPen, *, closed: bool) -> None:
    if len(points) < 2:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw = painter.drawPolygon if closed else painter.drawPolyline
    painter.setPen(QPen(QColor(0, 0, 0, 150), pen.widthF() + 2))
    draw(QPolygonF(points))
    painter.setPen(pen)
    draw(QPolygonF(points))
