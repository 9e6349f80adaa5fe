"""What a tool of the canvas is; the hand, which is there when no other is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QInputEvent, QKeyEvent, QPainter

from studio.ui.canvas.viewport import Viewport

if TYPE_CHECKING:
    from studio.ui.canvas.canvas import Canvas

# An arrow key moves by a pixel as it is seen, and by one of the photo's at least; with Shift by so many.
STRIDE = 10
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def step_of(event: QKeyEvent, view: Viewport) -> QPointF | None:
    """How far an arrow key moves what a tool works on, in photo pixels; None = it moves the photograph, or is none."""
    away = _ARROWS.get(event.key())
    other = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    if away is None or event.modifiers() & other:
        return None
    length = max(1.0, 1 / view.scale)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        length *= STRIDE
    return QPointF(*away) * length


class Tool:
    """Answers mouse and keys over the canvas, in photo coordinates. A method returns True when it took the event."""

    cursor: Qt.CursorShape | QCursor = Qt.CursorShape.OpenHandCursor

    def press(self, canvas: "Canvas", point: QPointF, event: QInputEvent) -> bool:
        """A button went down."""
        return False

    def drag(self, canvas: "Canvas", point: QPointF, event: QInputEvent) -> None:
        """The mouse moved with the button down that `press` took."""

    def release(self, canvas: "Canvas", point: QPointF, event: QInputEvent) -> None:
        """The button that `press` took went up."""

    def hover(self, canvas: "Canvas", point: QPointF) -> None:
        """The mouse moved with no button down."""

    def double_click(self, canvas: "Canvas", point: QPointF) -> bool:
        """The button went down twice."""
        return False

    def key(self, canvas: "Canvas", event: QKeyEvent) -> bool:
        """A key went down."""
        return False

    def step(self, canvas: "Canvas", *, forward: bool) -> bool:
        """Tab: take the next part of what is worked on, or the one before; False when there is none any more."""
        return False

    @property
    def name(self) -> str:
        """What the keys move now, for the screen reader; "" = the photograph."""
        return ""

    @property
    def has_begun(self) -> bool:
        """Whether something is half done that Escape would give up."""
        return False

    def give_up(self) -> None:
        """Forget what is half done."""

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw what the tool shows over the picture, in widget coordinates."""


class Hand(Tool):
    """Moves the photograph; the canvas does the moving for every tool that does not take the press."""
