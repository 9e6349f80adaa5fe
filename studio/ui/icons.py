"""Icons: our own line drawings, coloured by the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from studio.settings import resources
from studio.ui import theme

ICONS = resources() / "icons"
# Drawings that point in the direction of reading.
MIRRORED = {"chevron-right", "undo", "redo", "queue", "reveal", "play", "sidebar", "inspector"}


def icon(name: str) -> QIcon:
    """The icon `name` in the colours of the theme: muted when disabled, accent when checked."""
    look = theme.current()
    mirrored = name in MIRRORED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return _icon(name, look, mirrored)


def pixmap(name: str, size: int, colour: str, scale: float = 1.0) -> QPixmap:
    """The drawing `name`, `size` logical pixels wide, in one colour."""
    drawn = QPixmap(QSize(round(size * scale), round(size * scale)))
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode())).render(
        painter, QRectF(0, 0, size, size)
    )
    painter.end()
    return drawn


def app_icon() -> QIcon:
    """The program's own icon."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("modamoda-small" if size <= 32 else "modamoda", size, "#000000"))
    return made


class _Drawing(QIconEngine):
    """A drawing in the theme's colours, drawn at the size and sharpness that is asked for, when it is asked for."""

    def __init__(self, name: str, look: theme.Theme, *, mirrored: bool) -> None:
        super().__init__()
        self._name = name
        self._look = look
        self._mirrored = mirrored

    def clone(self) -> QIconEngine:
        return _Drawing(self._name, self._look, mirrored=self._mirrored)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size() * scale, mode, state, scale))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        look = self._look
        colour = look.accent if state is QIcon.State.On else look.text
        if mode is QIcon.Mode.Disabled:
            colour = look.muted
        return _drawn(self._name, min(size.width(), size.height()), colour, scale, self._mirrored, mode)


@cache
def _icon(name: str, look: theme.Theme, mirrored: bool) -> QIcon:
    return QIcon(_Drawing(name, look, mirrored=mirrored))


@cache
def _drawn(name: str, side_px: int, colour: str, scale: float, mirrored: bool, mode: QIcon.Mode) -> QPixmap:
    """`side_px` counts pixels of the screen, of which `scale` make a logical one."""
    drawn = pixmap(name, round(side_px / scale), colour, scale)
    drawn = drawn.transformed(QTransform.fromScale(-1, 1)) if mirrored else drawn
    return _faded(drawn) if mode is QIcon.Mode.Disabled else drawn


def _faded(drawn: QPixmap) -> QPixmap:
    pale = QPixmap(drawn.size())
    pale.setDevicePixelRatio(drawn.devicePixelRatio())
    pale.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pale)
    painter.setOpacity(0.5)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return pale


@cache
def _source(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")
