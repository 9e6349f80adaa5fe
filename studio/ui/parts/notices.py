"""Notices: a title, a sentence, a next step; they lie over the window until they are read."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.model import Notice
from studio.ui import icons, theme
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, label, tool
from studio.ui.sentences import said

SHOWN_AT_ONCE = 3
WIDTH = 380


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a person can do about a notice at once: the words on the button, and what it does."""

    text: str
    run: Callable[[], object]


class NoticeCard(QFrame):
    """One notice; it stays until it is closed, or its step is taken."""

    def __init__(self, notice: Notice, step: Step | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.notice = notice
        self.setFixedWidth(WIDTH)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("info", 20, theme.current().accent, 2.0))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(said(notice.title), "heading", wrap=True))
        words.addWidget(label(said(notice.message), wrap=True))
        if notice.hint:
            words.addWidget(label(said(notice.hint), "muted", wrap=True))
        if step:
            self._step = step
            words.addWidget(button(step.text, self._on_step), alignment=Qt.AlignmentFlag.AlignLeading)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 8, 12)
        layout.setSpacing(10)
        layout.addWidget(mark, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(tool("cancel", tr("Close notice"), self.close_notice), alignment=Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{said(notice.title)}. {said(notice.message)} {said(notice.hint)}")

    @Slot()
    def close_notice(self) -> None:
        """Take the notice away."""
        self.setParent(None)
        self.deleteLater()

    @Slot()
    def _on_step(self) -> None:
        self._step.run()
        self.close_notice()


class Notices(QObject):
    """Stacks notices in the upper corner of a window; the same notice is never there twice."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    @property
    def cards(self) -> list[NoticeCard]:
        """What is shown, the oldest first."""
        return [card for card in self._window.findChildren(NoticeCard) if card.parent() is self._window]

    @Slot(Notice)
    def show(self, notice: Notice) -> None:
        """Show a notice."""
        self.show_with(notice, None)

    @Slot(Notice, object)
    def show_with(self, notice: Notice, step: Step | None) -> None:
        """Show a notice with what can be done about it."""
        if any(card.notice == notice for card in self.cards):
            return
        for card in self.cards[: max(0, len(self.cards) - SHOWN_AT_ONCE + 1)]:
            card.close_notice()
        card = NoticeCard(notice, step, self._window)
        card.installEventFilter(self)
        card.show()
        QTimer.singleShot(0, self, self._arrange)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self._arrange)
        return False

    @Slot()
    def _arrange(self) -> None:
        top = 76
        for card in self.cards:
            card.setFixedHeight(card.heightForWidth(WIDTH))
            mirrored = self._window.layoutDirection() is Qt.LayoutDirection.RightToLeft
            left = 16 if mirrored else self._window.width() - WIDTH - 16
            card.move(left, top)
            card.raise_()
            top += card.height() + 10
