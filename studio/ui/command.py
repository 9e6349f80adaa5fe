"""One line of a menu; no menu of its own, so that the window's and the sheet of shortcuts may both be made of them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of a menu.

    can: whether there is anything to do now. key: as QKeySequence reads it, "" = none; it works within `scope`, None =
    the whole window.
    """

    text: str
    run: Callable[[], object]
    can: Callable[[], bool] = lambda: True
    key: str = ""
    scope: QWidget | None = None
    role: QAction.MenuRole = QAction.MenuRole.NoRole
