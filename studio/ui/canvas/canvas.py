"""The canvas: a photograph of any size, zoomed, moved, compared, under a tool."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.ui import theme
from studio.ui.canvas.scene import Compare, Scene
from studio.ui.canvas.tool import Hand, Tool
from studio.ui.canvas.viewport import Viewport
from studio.ui.i18n import tr

GRIP_PX = 9
STEP = 1.25


class Canvas(QWidget):
    """Shows a `Scene`. It is never mirrored: left stays left in every language."""

    zoomed = Signal(float)
    files_dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 160)
        self._scene = Scene()
        self._view = Viewport(photo=QSizeF(), widget=QSizeF(self.size()))
        self._tool: Tool = Hand()
        self._drawn: QPixmap | None = None
        self._moving: QPointF | None = None
        self._splitting = False
        self._tool_down = False
        self._held_compare: Compare | None = None
        self._name_anew()

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def view(self) -> Viewport:
        """Where it is shown."""
        return self._view

    def show_scene(self, scene: Scene, *, keep_view: bool = True) -> None:
        """Show `scene`; the view stays where it is if the frame has the same size and `keep_view`."""
        fresh = scene.size != self._scene.size or not keep_view
        if not keep_view:
            self._give_up()
        self._scene = scene
        if fresh:
            self._set_view(Viewport(photo=scene.size, widget=QSizeF(self.size())).fitted())
        self.redraw()

    def take_tool(self, tool: Tool) -> None:
        """Work with `tool` from now on."""
        self._give_up()
        self._tool = tool
        self.setCursor(tool.cursor)
        self._name_anew()
        self.update()

    def redraw(self) -> None:
        """Draw the picture anew, not only what lies over it."""
        self._drawn = None
        self.update()

    def fit(self) -> None:
        """Show the whole photograph."""
        self._set_view(self._view.fitted())

    def one_to_one(self) -> None:
        """Show a photo pixel as a pixel of the screen."""
        self.zoom_to(1 / self.devicePixelRatioF())

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_to(self._view.scale * STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_to(self._view.scale / STEP)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Take the scale (widget pixels a photo pixel), with the point under `at` staying; None = the middle."""
        self._set_view(self._view.zoomed(scale, at or QPointF(self.width() / 2, self.height() / 2)))

    def bring_into_sight(self, point: QPointF) -> None:
        """Move the photograph as far as this point of it needs to be seen."""
        view = self._view.showing(point)
        if view != self._view:
            self._set_view(view)

    def hold_before(self, held: bool) -> None:
        """Show the photograph as long as something is held down."""
        if held and self._held_compare is None:
            self._held_compare = self._scene.compare
            self.show_scene(self._scene.evolve(compare=Compare.BEFORE))
        elif not held and self._held_compare is not None:
            self.show_scene(self._scene.evolve(compare=self._held_compare))
            self._held_compare = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self._has_slider:
            self._paint_slider(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        self._tool.paint(painter, self._view)
        painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_view(self._view.resized(QSizeF(self.size())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.pixelDelta().x():
            self._set_view(self._view.panned(QPointF(event.pixelDelta() or event.angleDelta())))
        else:
            self.zoom_to(self._view.scale * 1.0018 ** event.angleDelta().y(), event.position())

    def event(self, event: object) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self._tool.has_begun
        ):
            # Else the key would put the whole tool away, with what is half done.
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self._view.scale * (1 + event.value()), event.position())
            return True
        return super().event(event)  # type: ignore[arg-type]

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the parts of what the tool works on before it leaves."""
        stays = self._tool.step(self, forward=next)
        self._name_anew()
        return stays or super().focusNextPrevChild(next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        point = self._view.to_photo(event.position())
        # With the space bar held down the mouse moves the photograph, whatever the tool.
        acts = event.button() is Qt.MouseButton.LeftButton and self._held_compare is None
        if acts and self._on_slider(event.position()):
            self._splitting = True
        elif acts and self._tool.press(self, point, event):
            self._tool_down = True
        else:
            self._moving = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._name_anew()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._view.to_photo(event.position())
        if self._splitting:
            share = min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0)
            self.show_scene(self._scene.evolve(split=share))
        elif self._moving is not None:
            self._set_view(self._view.panned(event.position() - self._moving))
            self._moving = event.position()
        elif self._tool_down:
            self._tool.drag(self, point, event)
        else:
            on_slider = self._on_slider(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if on_slider else self._tool.cursor)
            self._tool.hover(self, point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._tool_down and event.button() is Qt.MouseButton.LeftButton:
            self._tool_down = False
            self._tool.release(self, self._view.to_photo(event.position()), event)
        self._splitting = False
        self._moving = None
        self.setCursor(self._tool.cursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._held_compare is not None:
            self.mousePressEvent(event)
            return
        point = self._view.to_photo(event.position())
        is_left = event.button() is Qt.MouseButton.LeftButton
        if self._tool.double_click(self, point):
            return
        if is_left and self._tool.press(self, point, event):
            # Two strokes that follow each other quickly.
            self._tool_down = True
        elif self._view.is_fitted:
            self.zoom_to(1 / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (60, 0),
            Qt.Key.Key_Right: (-60, 0),
            Qt.Key.Key_Up: (0, 60),
            Qt.Key.Key_Down: (0, -60),
        }
        if event.key() == Qt.Key.Key_Escape and self._tool.has_begun:
            self._give_up()
            return
        if self._tool.key(self, event):
            return
        if event.key() in steps:
            self._set_view(self._view.panned(QPointF(*steps[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_before(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_before(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Where the key is let go elsewhere, nobody tells.
        self.hold_before(False)
        super().focusOutEvent(event)

    def _give_up(self) -> None:
        """Forget what is half done: it belongs to the tool and the photograph that were there."""
        self._tool.give_up()
        self._tool_down = False
        self._name_anew()
        self.update()

    def _name_anew(self) -> None:
        self.setAccessibleName(self._tool.name or tr("Photograph"))

    @property
    def _has_slider(self) -> bool:
        return bool(self._scene.compare is Compare.SPLIT and self._scene.before and self._scene.after)

    def _on_slider(self, point: QPointF) -> bool:
        return self._has_slider and abs(point.x() - self.width() * self._scene.split) < GRIP_PX

    def _set_view(self, view: Viewport) -> None:
        self._view = view
        self.zoomed.emit(view.scale * self.devicePixelRatioF())
        self.redraw()

    def _draw(self) -> QPixmap:
        drawn = QPixmap(self.size() * self.devicePixelRatioF())
        drawn.setDevicePixelRatio(self.devicePixelRatioF())
        drawn.fill(QColor(theme.current().canvas))
        painter = QPainter(drawn)
        self._scene.paint(painter, self._view)
        painter.end()
        return drawn

    def _paint_slider(self, painter: QPainter) -> None:
        x = self.width() * self._scene.split
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 110), 3))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(QColor("#ffffff"), 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setBrush(QColor(20, 20, 20, 170))
        painter.drawEllipse(QPointF(x, self.height() / 2), 13, 13)
        for side in (-1, 1):
            tip = QPointF(x + side * 8, self.height() / 2)
            painter.drawPolyline([tip + QPointF(-side * 3.5, -4), tip, tip + QPointF(-side * 3.5, 4)])
        self._caption(painter, tr("Before"), QRectF(8, 8, x - 24, 24), Qt.AlignmentFlag.AlignRight)
        self._caption(painter, tr("After"), QRectF(x + 16, 8, self.width() - x - 24, 24), Qt.AlignmentFlag.AlignLeft)

    def _caption(self, painter: QPainter, text: str, area: QRectF, side: Qt.AlignmentFlag) -> None:
        width = painter.fontMetrics().horizontalAdvance(text) + 18
        if width > area.width():
            return
        left = area.right() - width if side is Qt.AlignmentFlag.AlignRight else area.left()
        paint_words(painter, text, QRectF(left, area.top(), width, area.height()))


def paint_words(painter: QPainter, text: str, box: QRectF) -> None:
    """Write over the picture, legible on any."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 20, 20, 190))
    painter.drawRoundedRect(box, 12, 12)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
