"""Icons: our own line drawings, coloured by the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from studio.settings import resources
from studio.ui import theme

ICONS = resources() / "icons"
SIZES = (16, 18, 22)
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


@cache
def _icon(name: str, normal: str, muted: str, checked: str, mirrored: bool) -> QIcon:
    made = QIcon()
    for size in SIZES:
        for scale in (1.0, 2.0):
            for colour, mode, state in (
                (normal, QIcon.Mode.Normal, QIcon.State.Off),
                (checked, QIcon.Mode.Normal, QIcon.State.On),
                (muted, QIcon.Mode.Disabled, QIcon.State.Off),
            ):
                drawn = pixmap(name, size, colour, scale)
                drawn = drawn.transformed(QTransform.fromScale(-1, 1)) if mirrored else drawn
                made.addPixmap(_faded(drawn) if mode is QIcon.Mode.Disabled else drawn, mode, state)
    return made


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
