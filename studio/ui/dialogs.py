"""The small sheets: keyboard shortcuts, and what the program is made of."""

import html
from email.message import Message
from importlib import metadata
from typing import cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio import __version__
from studio.errors import StudioError
from studio.model import Newest
from studio.settings import resources
from studio.ui import icons
from studio.ui.command import Command
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, column, label, on_screen, row
from studio.ui.sentences import said

PARTS = (
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "onnxruntime",
    "pyvips",
    "rawpy",
    "pillow",
    "pi-heif",
    "sqlalchemy",
    "alembic",
    "click",
    "rich",
    "platformdirs",
    "watchfiles",
    "zxing-cpp",
)


class ShortcutSheet(QDialog):
    """Every command that has a key, by menu."""

    def __init__(self, menus: list[tuple[str, list[Command | None]]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(on_screen(self, 560, 620))
        inside = QWidget()
        inside.setObjectName("sheet")
        grid = QGridLayout(inside)
        grid.setContentsMargins(18, 12, 18, 12)
        grid.setHorizontalSpacing(30)
        grid.setVerticalSpacing(6)
        for title, lines in _sheet(menus):
            grid.addWidget(label(title, "section"), grid.rowCount(), 0, 1, 2)
            for text, key in lines:
                place = grid.rowCount()
                grid.addWidget(label(text), place, 0)
                grid.addWidget(label(f"\u2066{key}\u2069", "chip"), place, 1, Qt.AlignmentFlag.AlignTrailing)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        close = button(tr("Close"), self.accept, kind="primary")
        layout.addWidget(row(None, close))
        close.setDefault(True)


class AboutSheet(QDialog):
    """Name, version, promise, the licences of all parts, and whether a newer version exists."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.setWindowTitle(tr("About Modamoda Studio"))
        self.resize(on_screen(self, 560, 520))
        mark = QLabel()
        mark.setPixmap(icons.pixmap("modamoda", 72, "#000000", 2.0))
        name = column(
            label("Modamoda Studio", "title"),
            label(tr("Version {version}", version=__version__), "muted"),
            gap=2,
        )
        promise = tr("Invisible-mannequin pictures on your own computer, without changing a pixel of the product.")
        parts = QPlainTextEdit(licences())
        parts.setReadOnly(True)
        parts.setAccessibleName(tr("Licences of the parts"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        self.updates = label("", "muted", wrap=True)
        self.updates.setTextFormat(Qt.TextFormat.RichText)
        self.updates.setOpenExternalLinks(True)
        self.updates.hide()
        self.look = button(tr("Look for updates"), self._on_look)
        layout.addWidget(row(mark, 8, name, None, self.look))
        layout.addWidget(label(promise, wrap=True))
        layout.addWidget(self.updates)
        layout.addWidget(label(tr("Licences of the parts"), "section"))
        layout.addWidget(parts, 1)
        close = button(tr("Close"), self.accept, kind="primary")
        close.setDefault(True)
        layout.addWidget(row(None, close))
        # Enter closes: only a press on the other button goes online.
        close.setFocus()

    @Slot()
    def _on_look(self) -> None:
        """Ask the makers now: the press of the button is the permission."""
        self.look.setEnabled(False)
        self._desk.background.ask("updates", self._desk.studio.look_for_updates, self._on_looked)

    def _on_looked(self, answer: object) -> None:
        if not isValid(self):  # closed meanwhile
            return
        self.look.setEnabled(True)
        self.updates.setText(_about_update(answer))
        self.updates.show()


def _about_update(answer: object) -> str:
    """What came of looking, as rich text."""
    if isinstance(answer, StudioError):
        return html.escape(f"{said(answer.message)} {said(answer.hint)}")
    newest = cast("Newest", answer)
    if not newest.is_newer:
        return tr("This is the newest version.")
    page = html.escape(newest.page)
    link = f'<a href="{page}">{page}</a>'
    return tr("Version {version} is out: {page}", version=html.escape(newest.version), page=link)


def licences() -> str:
    """The licences of all parts: of a bundle the file made with it, else name, version and licence, one a line."""
    made = resources() / "licences" / "third-party-licences.txt"
    if made.exists():
        return made.read_text(encoding="utf-8")
    return "\n".join(f"{name} {metadata.version(name)}: {_licence(name)}" for name in PARTS if _is_there(name))


def _licence(name: str) -> str:
    """The licence as the package states it: an SPDX expression, else its classifier, else the start of its text."""
    about = cast("Message", metadata.metadata(name))
    classifiers = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    stated = about.get("License-Expression") or ", ".join(classifiers) or about.get("License") or ""
    return stated.strip().splitlines()[0] if stated.strip() else tr("see the package")


def _is_there(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _sheet(menus: list[tuple[str, list[Command | None]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    native = QKeySequence.SequenceFormat.NativeText
    made = [
        (title.replace("&", ""), [(c.text, QKeySequence(c.key).toString(native)) for c in commands if c and c.key])
        for title, commands in menus
    ]
    canvas = [
        (tr("Hold to see the photograph"), tr("Space")),
        (tr("Brush, eraser, lasso, polygon, click"), "B  E  L  P  C"),
        (tr("Smaller or larger brush"), "[  ]"),
        (tr("Paint the opposite"), "Alt"),
        (tr("Next or previous joint of the pose"), "Tab  Shift+Tab"),
        (tr("Move the joint, with Shift in larger steps"), "←  →  ↑  ↓"),
        (tr("Approve, fix, reject in the review"), "A  F  X"),
    ]
    return [*made, (tr("Canvas"), canvas)]
