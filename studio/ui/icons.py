"""Icons: our own line drawings, coloured by the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from studio.settings import resources
from studio.ui import theme

ICONS = resources() / "icons"
# How much of a disabled icon is seen.
FADED = 0.5
# Drawings that point in the direction of reading.
MIRRORED = {"chevron-right", "undo", "redo", "queue", "reveal", "play", "sidebar", "inspector"}


def icon(name: str) -> QIcon:
    """The icon `name` in the colours of the theme: muted when disabled, accent when checked."""
    look = theme.current()
    mirrored = name in MIRRORED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return _icon(name, look.text, look.muted, look.accent, mirrored)


def pixmap(name: str, size: int, colour: str, scale: float = 1.0) -> QPixmap:
    """The drawing `name`, `size` logical pixels wide, in one colour."""
    drawn = QPixmap(QSize(round(size * scale), round(size * scale)))
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _render(painter, name, colour, size)
    painter.end()
    return drawn


def _render(painter: QPainter, name: str, colour: str, size: float) -> None:
    drawing = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawing.render(painter, QRectF(0, 0, size, size))


def app_icon() -> QIcon:
    """The program's own icon."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("modamoda-small" if size <= 32 else "modamoda", size, "#000000"))
    return made


@cache
def _icon(name: str, normal: str, muted: str, checked: str, mirrored: bool) -> QIcon:
    return QIcon(_Engine(name, normal, muted, checked, mirrored))


class _Engine(QIconEngine):
    """Draws an icon when it is painted, at the size that is asked for: most of them are never seen."""

    def __init__(self, name: str, normal: str, muted: str, checked: str, mirrored: bool) -> None:
        super().__init__()
        self._name = name
        self._colours = normal, muted, checked
        self._mirrored = mirrored

    def clone(self) -> QIconEngine:
        return _Engine(self._name, *self._colours, self._mirrored)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.pixmap((QSizeF(rect.size()) * scale).toSize(), mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # a button that has no room yet
            return QPixmap()
        normal, muted, checked = self._colours
        if mode is QIcon.Mode.Disabled:
            return _drawn(self._name, min(size.width(), size.height()), muted, self._mirrored, FADED)
        colour = checked if state is QIcon.State.On else normal
        return _drawn(self._name, min(size.width(), size.height()), colour, self._mirrored, 1.0)


@cache
def _drawn(name: str, side: int, colour: str, mirrored: bool, opacity: float) -> QPixmap:
    """A drawing, `side` pixels of the screen wide."""
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    if mirrored:
        painter.setTransform(QTransform(-1, 0, 0, 1, side, 0))
    _render(painter, name, colour, side)
    painter.end()
    return drawn


@cache
def _source(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")
