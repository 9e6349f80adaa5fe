"""The menu of an item (right click, menu key): what the buttons of its page do, under the same names and keys."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QMenu

from studio.ui import icons
from studio.ui.sentences import isolated

# None is a line between two groups.
Line = QAbstractButton | QAction | None


class ContextMenu(QObject):
    """Opens the menu of a view's items. A line is there and can be chosen when its button is there and can be pressed.

    lines: asked each time, after the item under the pointer was selected.
    """

    def __init__(self, view: QAbstractItemView, lines: Callable[[], Sequence[Line]]) -> None:
        super().__init__(view)
        self._view = view
        self._lines = lines
        # The menu key goes to the view, the pointer to what lies in it.
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QContextMenuEvent):
            return False
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        if by_key == (watched is self._view) and (place := self._place(event, by_key=by_key)):
            self.menu().popup(place)
        return True

    def menu(self) -> QMenu:
        """The menu of what is selected now; it is gone when it was closed."""
        made = QMenu(self._view)
        made.aboutToHide.connect(made.deleteLater)
        for line in self._lines():
            if line is None:
                made.addSeparator()
            elif isinstance(line, QAction):
                made.addAction(line)
            elif not line.isHidden():
                made.addAction(_action(line, made))
        return made

    def _place(self, event: QContextMenuEvent, *, by_key: bool) -> QPoint | None:
        """Where the menu opens, None = no item is meant."""
        view = self._view
        index = view.currentIndex() if by_key else view.indexAt(event.pos())
        if not index.isValid():
            return None
        if not by_key:
            return event.globalPos()
        view.scrollTo(index)
        return view.viewport().mapToGlobal(view.visualRect(index).center())


def _action(button: QAbstractButton, menu: QMenu) -> QAction:
    name = button.text() or button.accessibleName()
    key, drawing = button.property("key"), button.property("drawing")
    made = QAction(f"{name}\t{isolated(key)}" if key else name, menu)
    if drawing:  # in the menu's colours: the button may have its own
        made.setIcon(icons.icon(drawing))
    made.setEnabled(button.isEnabled())
    made.triggered.connect(button.click)
    return made
