"""Notices: a title, a sentence, a next step; they lie over the window until they are read, news for a while."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.model import Notice
from studio.ui import icons, theme
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, label, tool
from studio.ui.sentences import said

SHOWN_AT_ONCE = 3
WIDTH = 380
NEWS_MS = 10_000
# Clear of the foot of the shoot.
_FROM_BELOW_PX = 66


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a person can do about a notice at once: the words on the button, and what it does."""

    text: str
    run: Callable[[], object]


class NoticeCard(QFrame):
    """One notice; it stays until it is closed, or its step is taken. News that ask for no step go by themselves."""

    def __init__(self, notice: Notice, step: Step | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.notice = notice
        self.setFixedWidth(WIDTH)
        mark = QLabel()
        look = theme.current()
        icon, colour = ("info", look.accent) if notice.is_news else ("warning", look.doubt)
        mark.setPixmap(icons.pixmap(icon, 20, colour, 2.0))
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self._on_time)
        self._stays = step is not None or not notice.is_news
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
        layout.addWidget(self._closer(), alignment=Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{said(notice.title)}. {said(notice.message)} {said(notice.hint)}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._stays:
            self._news.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._news.stop()

    @Slot()
    def _on_time(self) -> None:
        """Go, unless the pointer says that it is being read."""
        self._news.start() if self.underMouse() else self.close_notice()

    @Slot()
    def close_notice(self) -> None:
        """Take the notice away."""
        self.setParent(None)
        self.deleteLater()

    def _closer(self) -> QToolButton:
        """Named after its notice for the screen reader: several may be shown."""
        made = tool("cancel", tr("Close notice"), self.close_notice)
        made.setAccessibleName(f"{tr('Close notice')}: {said(self.notice.title)}")
        return made

    @Slot()
    def _on_step(self) -> None:
        self._step.run()
        self.close_notice()


class Notices(QObject):
    """Stacks notices in the middle of a window's foot, where they cover no controls; none is there twice.

    The newest are shown; those that have no room wait until one of them is closed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    @property
    def cards(self) -> list[NoticeCard]:
        """What is shown or waits, the oldest first."""
        return [card for card in self._window.findChildren(NoticeCard) if card.parent() is self._window]

    @Slot(Notice)
    def show(self, notice: Notice) -> None:
        """Show a notice."""
        self.show_with(notice, None)

    @Slot(Notice, object)
    def show_with(self, notice: Notice, step: Step | None) -> None:
        """Show a notice with what can be done about it, in place of one that it outdates."""
        for card in self.cards:
            if notice.about and card.notice.about == notice.about and card.notice != notice:
                card.close_notice()
        if any(notice in (card.notice, replace(card.notice, hint="")) for card in self.cards):
            return
        card = NoticeCard(notice, step, self._window)
        card.installEventFilter(self)
        # Out of sight until its height is known.
        card.move(0, self._window.height())
        card.show()
        QTimer.singleShot(0, self, self._arrange)

    @Slot(str)
    def settle(self, about: str) -> None:
        """Take what is about this away, but for news: what it said is wrong was mended."""
        for card in self.cards:
            if card.notice.about == about and not card.notice.is_news:
                card.close_notice()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self._arrange)
        return False

    @Slot()
    def _arrange(self) -> None:
        cards, left = self.cards, (self._window.width() - WIDTH) // 2
        waiting, shown = cards[:-SHOWN_AT_ONCE], cards[-SHOWN_AT_ONCE:]
        for card in waiting:
            card.hide()
        for card in shown:
            card.setFixedHeight(card.heightForWidth(WIDTH))
            card.show()
            card.raise_()
        below = self._window.height() - _FROM_BELOW_PX
        for card in reversed(shown):
            below -= card.height()
            card.move(left, below)
            below -= 10
