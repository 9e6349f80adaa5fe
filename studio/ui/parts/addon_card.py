"""The card of the studio engine's libraries: install from the network or a folder, stop, verify, remove."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QMessageBox, QProgressBar, QVBoxLayout

from studio.errors import Cancelled, StudioError
from studio.model import Notice
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import file_size, tr
from studio.ui.parts.controls import button, label, row
from studio.ui.sentences import isolated

if TYPE_CHECKING:
    from studio.app import Installed, Lock


class AddonCard(QFrame):
    """What is installed, and the buttons that change it; `changed` after each of them."""

    changed = Signal()
    arrived = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("Studio engine"))
        self._desk = desk
        self._stop: threading.Event | None = None
        self._state = label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Installation of the studio engine"))
        title = tr("Libraries of the studio engine")
        self.install = button(tr("Install"), self._on_install, icon="download", about=title)
        self.bring = button(tr("From a folder…"), self._on_folder, about=title)
        self.pause = button(tr("Pause"), self._on_pause, about=title)
        self.verify = button(tr("Verify"), self._on_verify, about=title)
        self.remove = button(tr("Remove"), self._on_remove, about=title)
        heading = label(title, "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(row(heading, None, self.bring, self.install, self.pause, self.verify, self.remove))
        layout.addWidget(self._state)
        layout.addWidget(self.bar)
        self.arrived.connect(self._on_arrived)
        self.look()

    @Slot()
    def look(self) -> None:
        """Read anew what is installed, and what an installation would fetch."""
        self._show(None)
        self._desk.background.ask("addon", self._facts, self._on_facts)

    def _facts(self) -> "tuple[Installed | None, Lock | StudioError]":
        try:
            return self._desk.studio.addon.installed(), self._desk.studio.addon.lock()
        except StudioError as error:
            return self._desk.studio.addon.installed(), error

    def _on_facts(self, answer: object) -> None:
        here, lock = cast("tuple[Installed | None, Lock | StudioError]", answer)
        self._show(here, can_install=not isinstance(lock, StudioError))
        if here:
            self._state.setText(tr("Installed for {kind}", kind=isolated(here.kind)))
        elif isinstance(lock, StudioError):
            self._state.setText(tr("Not made for this computer. The starter engine works here."))
        else:
            size = file_size(lock.bytes)
            words = tr(
                "PyTorch for {kind}, {size} and more: into a folder of its own.", kind=isolated(lock.kind), size=size
            )
            self._state.setText(words)

    def _show(self, here: "Installed | None", *, can_install: bool = False) -> None:
        runs = self._stop is not None
        for control, is_shown in (
            (self.bar, runs),
            (self.pause, runs),
            (self.install, can_install and not runs and not here),
            (self.bring, can_install and not runs and not here),
            (self.verify, bool(here) and not runs),
            (self.remove, bool(here) and not runs),
        ):
            control.setVisible(is_shown)

    @Slot()
    def _on_install(self) -> None:
        self._begin(None)

    @Slot()
    def _on_folder(self) -> None:
        if name := QFileDialog.getExistingDirectory(self, tr("Folder of packages")):
            self._begin(Path(name))

    def _begin(self, source: Path | None) -> None:
        stop = self._stop = threading.Event()
        studio = self._desk.studio

        def work() -> bool:
            try:
                studio.addon.install(studio.addon.lock(), self.arrived.emit, stop.is_set, source)
            except Cancelled:
                return False
            return True

        self.bar.setRange(0, 0)
        self._show(None)
        self._desk.background.ask("addon install", work, self._on_done)

    @Slot()
    def _on_pause(self) -> None:
        if self._stop:
            self._stop.set()

    @Slot()
    def _on_verify(self) -> None:
        self._desk.background.ask("addon verify", self._desk.studio.addon.verify, self._on_verified)

    def _on_verified(self, answer: object) -> None:
        if isinstance(answer, list) and not answer:
            message = tr("Every file of the studio engine is right.")
            self._desk.say(Notice(title=tr("Verified"), message=message, is_news=True))
        elif isinstance(answer, list):
            names = ", ".join(cast("list[str]", answer)[:5])
            self._desk.say(Notice(title=tr("Not complete"), message=names, hint=tr("Remove it and install it again.")))

    @Slot()
    def _on_remove(self) -> None:
        question = tr("Delete {title} from this computer? It can be downloaded again.", title=self.accessibleName())
        if QMessageBox.question(self, tr("Remove"), question) == QMessageBox.StandardButton.Yes:
            self._desk.background.ask("addon remove", self._desk.studio.addon.remove, self._on_done)

    def _on_done(self, answer: object) -> None:
        self._stop = None
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        self.look()
        self.changed.emit()

    @Slot(object, object)
    def _on_arrived(self, came: int, total: int) -> None:
        # A transfer of gigabytes in bytes would not fit Qt's 32 bits. Everything here: it is being unpacked.
        self.bar.setRange(0, 1000 if came < total else 0)
        self.bar.setValue(round(1000 * came / total) if total else 0)
