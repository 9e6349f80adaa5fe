"""The tool that bends a pose: joints to drag or to step, limbs in colour, the body's silhouette under the garment."""

import colorsys
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QInputEvent, QKeyEvent, QPainter, QPainterPath, QPainterPathStroker, QPen

from studio.model import Pose
from studio.ui.canvas import skeleton
from studio.ui.canvas.canvas import Canvas, paint_words
from studio.ui.canvas.pyramid import Pyramid
from studio.ui.canvas.skeleton import LIMBS
from studio.ui.canvas.tool import Tool, step_of
from studio.ui.canvas.viewport import Viewport
from studio.ui.phrases import joint_name

JOINT_PX = 6.0
GRAB_PX = 14.0
RING_PX = 11.0
# Widths of the silhouette's limbs, as shares of the distance between the shoulders.
THIN, MIDDLE, THICK = 0.2, 0.32, 0.42
# Half the head's width and height, in the same measure.
HEAD_WIDE, HEAD_TALL = 0.22, 0.31


class PoseTool(Tool):
    """Holds the pose; `changed` is called with every move, `settled` when a joint is let go or was moved by a key.

    `settled` hears whether the key is held down and goes on with what it did before.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, pose: Pose, changed: Callable[[Pose], None], settled: Callable[[bool], None]) -> None:
        self.pose = pose
        self.rest = pose
        self.symmetric = True
        self.silhouette = True
        self.garment: Pyramid | None = None
        self._figure: tuple[Pose, Pyramid] | None = None
        self._changed = changed
        self._settled = settled
        self._held: int | None = None
        self._near: int | None = None
        self._chosen: int | None = None
        self._whole: QPointF | None = None
        self._grasped = pose

    def show(self, pose: Pose) -> None:
        """Bend this pose from now on; its limbs are the measure of what is possible."""
        self.pose = self.rest = pose
        if self._chosen is not None and pose.points[self._chosen] is None:
            self._chosen = None

    def show_figure(self, pose: Pose, picture: Pyramid) -> None:
        """Show this picture of the body for as long as the pose is the one it was drawn for."""
        self._figure = pose, picture

    def press(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> bool:
        at = (point.x(), point.y())
        self._grasped = self.pose
        self._held = self._chosen = skeleton.nearest(self.pose, at, GRAB_PX / canvas.view.scale)
        if self._held is None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._whole = point
        canvas.update()
        return self._held is not None or self._whole is not None

    def drag(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        if self._held is not None:
            to = (point.x(), point.y())
            self.pose = skeleton.bent(self.pose, self._held, to, self.rest, symmetric=self.symmetric)
        elif self._whole is not None:
            shift = (point.x() - self._whole.x(), point.y() - self._whole.y())
            self.pose = skeleton.moved(self.pose, set(range(18)), shift)
            self._whole = point
        self._changed(self.pose)
        canvas.update()

    def release(self, canvas: Canvas, point: QPointF, event: QInputEvent) -> None:
        self._held = self._whole = None
        self._settled(False)
        canvas.update()

    def step(self, canvas: Canvas, *, forward: bool) -> bool:
        """Go from joint to joint, and from the last away; before the first one none is chosen."""
        stops = [None, *(joint for joint, point in enumerate(self.pose.points) if point)]
        place = stops.index(self._chosen) + (1 if forward else -1)
        stays = 0 <= place < len(stops)
        self._chosen = stops[place] if stays else None
        self._look_at_chosen(canvas)
        return stays

    def key(self, canvas: Canvas, event: QKeyEvent) -> bool:
        by = step_of(event, canvas.view)
        if by is None or self._chosen is None or self.has_begun:
            return False
        self.pose = skeleton.nudged(self.pose, self._chosen, (by.x(), by.y()), self.rest, symmetric=self.symmetric)
        self._changed(self.pose)
        self._settled(event.isAutoRepeat())
        self._look_at_chosen(canvas)
        return True

    @property
    def name(self) -> str:
        return "" if self._chosen is None else joint_name(self._chosen)

    def _look_at_chosen(self, canvas: Canvas) -> None:
        if self._chosen is not None and (point := self.pose.points[self._chosen]):
            canvas.bring_into_sight(QPointF(*point))
        canvas.update()

    @property
    def has_begun(self) -> bool:
        return self._held is not None or self._whole is not None

    def give_up(self) -> None:
        if self.has_begun:
            self.pose = self._grasped
        self._held = self._whole = self._chosen = None

    def hover(self, canvas: Canvas, point: QPointF) -> None:
        near = skeleton.nearest(self.pose, (point.x(), point.y()), GRAB_PX / canvas.view.scale)
        if near != self._near:
            self._near = near
            canvas.update()

    def paint(self, painter: QPainter, view: Viewport) -> None:
        if self.silhouette:
            self._paint_body(painter, view)
        for number, (one, other) in enumerate(LIMBS):
            start, end = self._at(view, one), self._at(view, other)
            if start and end:
                painter.setPen(QPen(_colour(number), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(start, end)
        for joint in range(len(self.pose.points)):
            place = self._at(view, joint)
            if place:
                wide = joint in (self._held, self._near)
                painter.setPen(QPen(QColor(0, 0, 0, 190), 1.5))
                painter.setBrush(QColor("#ffffff") if wide else _colour(joint))
                painter.drawEllipse(place, JOINT_PX + 2 * wide, JOINT_PX + 2 * wide)
        self._paint_choice(painter, view)

    def _at(self, view: Viewport, joint: int) -> QPointF | None:
        point = self.pose.points[joint]
        return view.to_widget(QPointF(*point)) if point else None

    def _paint_choice(self, painter: QPainter, view: Viewport) -> None:
        """A ring around the joint that the arrow keys move, and what it is called."""
        place = self._at(view, self._chosen) if self._chosen is not None else None
        if place is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 190), 4.0), (QColor("#ffffff"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(place, RING_PX, RING_PX)
        wide = painter.fontMetrics().horizontalAdvance(self.name) + 18
        box = QRectF(place.x() + RING_PX + 6, place.y() - 12, wide, 24)
        if box.right() > view.widget.width():
            box.moveRight(place.x() - RING_PX - 6)
        paint_words(painter, self.name, box)

    def _paint_body(self, painter: QPainter, view: Viewport) -> None:
        """The figure drawn for this very pose, else a plain body and the garment as it is cut out over it."""
        part = view.visible
        target = QRectF(view.to_widget(part.topLeft()), part.size() * view.scale)
        if self._figure and self._figure[0] == self.pose:
            self._figure[1].paint(painter, target, part)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(214, 188, 170, 235))
        painter.drawPath(self._body(view))
        if self.garment and not part.isEmpty():
            self.garment.paint(painter, target, part)

    def _body(self, view: Viewport) -> QPainterPath:
        at = {joint: self._at(view, joint) for joint in range(18)}
        right, left = at[skeleton.R_SHOULDER], at[skeleton.L_SHOULDER]
        body = QPainterPath()
        if right is None or left is None:
            return body
        unit = max(abs(left.x() - right.x()), abs(left.y() - right.y()), 1.0)
        trunk = [at[joint] for joint in (skeleton.R_SHOULDER, skeleton.L_SHOULDER, skeleton.L_HIP, skeleton.R_HIP)]
        if all(trunk):
            body = body.united(
                _thick(_line([point for point in trunk if point], closed=True), unit * MIDDLE, filled=True)
            )
        for chain, width in _CHAINS:
            points = [point for joint in chain if (point := at[joint])]
            if len(points) > 1:
                body = body.united(_thick(_line(points, closed=False), unit * width, filled=False))
        nose = at[skeleton.NOSE]
        if nose:
            head = QPainterPath()
            head.addEllipse(nose - QPointF(0, unit * 0.07), unit * HEAD_WIDE, unit * HEAD_TALL)
            body = body.united(head)
        return body.simplified()


_CHAINS = (
    ((skeleton.R_SHOULDER, skeleton.R_ELBOW, skeleton.R_WRIST), THIN),
    ((skeleton.L_SHOULDER, skeleton.L_ELBOW, skeleton.L_WRIST), THIN),
    ((skeleton.R_HIP, skeleton.R_KNEE, skeleton.R_ANKLE), MIDDLE),
    ((skeleton.L_HIP, skeleton.L_KNEE, skeleton.L_ANKLE), MIDDLE),
    ((skeleton.NECK, skeleton.NOSE), MIDDLE),
    ((skeleton.R_HIP, skeleton.L_HIP), THICK),
)


def _line(points: list[QPointF], *, closed: bool) -> QPainterPath:
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    if closed:
        path.closeSubpath()
    return path


def _thick(path: QPainterPath, width: float, *, filled: bool) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    outline = stroker.createStroke(path)
    outline.setFillRule(Qt.FillRule.WindingFill)
    return outline.united(path) if filled else outline


def _colour(number: int) -> QColor:
    """The colours by which OpenPose's pictures tell limbs apart."""
    red, green, blue = colorsys.hsv_to_rgb(number / 18, 0.85, 1.0)
    return QColor.fromRgbF(red, green, blue)
