"""Icons: our own line drawings, coloured by the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio.settings import resources
from studio.ui import theme

ICONS = resources() / "icons"
SIZES = (16, 18, 22)


def icon(name: str) -> QIcon:
    """The icon `name` in the colours of the theme: muted when disabled, accent when checked."""
    look = theme.current()
    return _icon(name, look.text, look.muted, look.accent)


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
        made.addPixmap(pixmap("modamoda", size, "#000000"))
    return made


@cache
def _icon(name: str, normal: str, muted: str, checked: str) -> QIcon:
    made = QIcon()
    faint = QColor(muted)
    faint.setAlpha(150)
    for size in SIZES:
        for scale in (1.0, 2.0):
            made.addPixmap(pixmap(name, size, normal, scale), QIcon.Mode.Normal, QIcon.State.Off)
            made.addPixmap(pixmap(name, size, checked, scale), QIcon.Mode.Normal, QIcon.State.On)
            made.addPixmap(_faded(pixmap(name, size, muted, scale)), QIcon.Mode.Disabled, QIcon.State.Off)
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
