"""Buttons, labels and rows made the same way everywhere: named for the screen reader, reachable by keyboard."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui import icons, theme
from studio.ui.i18n import tr
from studio.ui.sentences import isolated

FRAME_PX = 40  # a title bar and the borders, which are not known before a window is shown


class _Button(QPushButton):
    """Enter presses it while it has the focus, and never else: a sheet says itself which button is its main one."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # Else Qt takes the first button of a sheet for what Enter means, whatever that button does.
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def button(
    text: str, slot: Callable[[], object], *, icon: str = "", kind: str = "", key: str = "", about: str = ""
) -> QPushButton:
    """A push button; `kind` "primary" for the one thing a page is for, "link" for a quiet one.

    key: what the page listens to for the same; menus show it. about: what it is for, where several say the same: only
    the screen reader says it, as the others see it beside.
    """
    made = _Button(text)
    made.setProperty("key", _shown(key))
    made.setObjectName(kind)
    made.setProperty("about", about)
    word_button(made, text)
    made.setProperty("drawing", icon)
    if icon:
        made.setIcon(primary_icon(icon) if kind == "primary" else icons.icon(icon))
        made.setIconSize(QSize(16, 16))
    made.clicked.connect(slot)
    return made


def word_button(made: QPushButton, text: str) -> None:
    """Give a button its words, also where it means something else from now on."""
    about = made.property("about")
    made.setText(text)
    made.setAccessibleName(f"{text}: {about}" if about else text)


def primary_icon(name: str) -> icons.QIcon:
    """An icon that stands on the accent colour."""
    look = theme.current()
    made = icons.QIcon()
    made.addPixmap(icons.pixmap(name, 32, look.on_accent), icons.QIcon.Mode.Normal)
    made.addPixmap(icons.pixmap(name, 32, look.muted), icons.QIcon.Mode.Disabled)
    return made


def tool(
    icon: str, name: str, slot: Callable[..., object] | None, *, key: str = "", checkable: bool = False
) -> QToolButton:
    """A small button with an icon; its name is what the screen reader says and the tip shows, with the key if any."""
    made = QToolButton()
    made.setIconSize(QSize(18, 18))
    name_tool(made, icon, name, key=key)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if slot:
        (made.toggled if checkable else made.clicked).connect(slot)
    return made


def name_tool(made: QToolButton, icon: str, name: str, *, key: str = "") -> None:
    """Give a small button its icon and name, also where it means something else from now on."""
    made.setIcon(icons.icon(icon))
    made.setProperty("drawing", icon)
    made.setAccessibleName(name)
    shown = _shown(key)
    made.setProperty("key", shown)
    made.setToolTip(f"{name}  ({isolated(shown)})" if shown else name)


class Segments(QWidget):
    """A few choices side by side, one of them pressed; `chosen` says which a person pressed."""

    chosen = Signal(object)

    def __init__(self, name: str, options: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._buttons: dict[object, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for place, (value, text) in enumerate(options):
            made = QToolButton()
            made.setObjectName("segment")
            made.setProperty("edge", "last" if place == len(options) - 1 else "")
            made.setProperty("mirrored", QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft)
            made.setText(text)
            made.setAccessibleName(f"{name}: {text}")
            made.setCheckable(True)
            made.setChecked(place == 0)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            made.setMinimumWidth(made.fontMetrics().horizontalAdvance(text) + 28)
            self._group.addButton(made, place)
            self._buttons[value] = made
            layout.addWidget(made)
        self._group.idClicked.connect(self._on_click)

    @property
    def value(self) -> object:
        """What is pressed."""
        return next(value for value, made in self._buttons.items() if made.isChecked())

    def set_value(self, value: object) -> None:
        """Press a choice; `chosen` stays silent."""
        self._buttons[value].setChecked(True)

    @Slot(int)
    def _on_click(self, _place: int) -> None:
        self.chosen.emit(self.value)


def _shown(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) if key else ""


def _leading(text: str) -> str:
    """A text that stands on the side where lines begin, also one of Latin words alone amid Arabic."""
    mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return f"\u200f{text}" if mirrored and text else text


def breakable(text: str) -> str:
    """A text whose names and paths may go on in the next line of a label, which breaks between words alone."""
    return re.sub(r"([-_./\\])(?=\S)", "\\1\u200b", text)


class Label(QLabel):
    """A label whose text stands on the side where lines begin."""

    def setText(self, text: str) -> None:
        super().setText(_leading(text))


class ElidedLabel(Label):
    """A label that shortens its text in the middle rather than asking for room."""

    def __init__(self, kind: str = "", *, text: str = "", least_px: int = 60, stretches: bool = False) -> None:
        """stretches: in a row it takes the room that the others leave, rather than a share of it."""
        super().__init__()
        self.setObjectName(kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(least_px)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHorizontalStretch(int(stretches))
        self.setSizePolicy(policy)
        self._whole = text

    @property
    def whole_px(self) -> int:
        """The width that the text takes when nothing of it is left out."""
        # The advance is rounded: in exactly that width a text is shortened.
        return self.fontMetrics().horizontalAdvance(self._whole) + 1

    def setText(self, text: str) -> None:
        self._whole = text
        self.setToolTip(text)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        super().setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))


def label(text: str = "", kind: str = "", *, wrap: bool = False) -> QLabel:
    """A label of a kind that the theme knows: title, heading, section, muted, small, good, doubt, bad, chip."""
    made = Label()
    made.setText(text)
    made.setObjectName(kind)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def row(
    *parts: QWidget | int | None, gap: int = theme.GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QWidget:
    """Widgets side by side; None is a stretch, a number a space of so many pixels."""
    return _laid(QHBoxLayout(), parts, gap, margins)


def column(
    *parts: QWidget | int | None, gap: int = theme.GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QWidget:
    """Widgets one below the other; None is a stretch, a number a space of so many pixels."""
    return _laid(QVBoxLayout(), parts, gap, margins)


def line() -> QFrame:
    """A hairline between two groups."""
    made = QFrame()
    made.setObjectName("line")
    return made


def on_screen(window: QWidget, width: int, height: int) -> QSize:
    """The size that a window is to have, or as much of it as its screen has room for, the frame included."""
    frame = QSize(FRAME_PX, FRAME_PX)
    return QSize(width, height).boundedTo(window.screen().availableGeometry().size() - frame)


def empty_state(icon: str, title: str, text: str, *actions: QWidget) -> QWidget:
    """What stands where there is nothing yet: a drawing, what this place is for, and what to do."""
    picture = QLabel()
    picture.setPixmap(icons.pixmap(icon, 56, theme.current().muted, 2.0))
    words = label(text, "muted", wrap=True)
    heading = label(title, "heading", wrap=True)
    for part in (picture, heading, words):
        part.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(24, 24, 24, 24)
    layout.setSpacing(10)
    layout.addStretch(1)
    for part in (picture, heading, words):
        layout.addWidget(part)
    if actions:
        layout.addSpacing(6)
        layout.addWidget(row(None, *actions, None))
    layout.addStretch(2)
    made.setAccessibleName(tr("{title}. {text}", title=title, text=text))
    return made


def _laid(
    layout: QHBoxLayout | QVBoxLayout,
    parts: tuple[QWidget | int | None, ...],
    gap: int,
    margins: tuple[int, int, int, int],
) -> QWidget:
    made = QWidget()
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)
    made.setLayout(layout)
    return made
