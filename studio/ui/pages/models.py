"""The page of the models: download, pause, verify, accept a licence, remove; and what they take on the disk."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QInputDialog,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.errors import Cancelled, StudioError
from studio.model import ModelInfo, Notice
from studio.ui import theme
from studio.ui.background import Background
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import file_size, tr
from studio.ui.parts.controls import ElidedLabel, button, column, label, row, word_button
from studio.ui.sentences import said


class ModelsPage(QWidget):
    """A card for each network."""

    arrived = Signal(str, object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        # A pool of its own: a download takes an hour, and the pictures of the window must not wait for it.
        self._slow = Background(self)
        self._stops: dict[str, threading.Event] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.GAP)
        self.cards: dict[str, ModelCard] = {}
        self._total = label("", "muted")
        words = tr("The starter engine needs none of these. The studio engine does, on an NVIDIA card.")
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(28, 4, 28, 24)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        head = column(row(label(tr("Models"), "title"), None, self._total), label(words, "muted", wrap=True))
        head.layout().setContentsMargins(28, 20, 28, 6)  # type: ignore[union-attr]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(head)
        layout.addWidget(scroll, 1)
        self.arrived.connect(self._on_arrived)
        desk.closing.connect(self._stop)
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Read anew what is here."""
        self._desk.background.ask_anew("models", self._desk.studio.models.all, self._show)

    @property
    def is_fetching(self) -> bool:
        """Whether a download runs."""
        return bool(self._stops)

    def fetch(self, model_id: str) -> None:
        """Download a model, or pause its download."""
        if model_id in self._stops:
            self._stops[model_id].set()
            return
        stop = self._stops[model_id] = threading.Event()

        def work() -> bool:
            tell = partial(self.arrived.emit, model_id)
            try:
                self._desk.studio.models.fetch(model_id, tell, stop.is_set)
            except Cancelled:
                return False
            return True

        self.cards[model_id].show_fetching(True)
        self._slow.ask(("fetch", model_id), work, partial(self._fetched, model_id))

    @Slot()
    def _stop(self) -> None:
        """The window goes: what came stays for the next time."""
        for stop in self._stops.values():
            stop.set()
        self._slow.close()

    def verify(self, model_id: str) -> None:
        """Hash the files of a model anew."""
        self.cards[model_id].show_busy()
        work = partial(self._desk.studio.models.verify, model_id)
        self._slow.ask(("verify", model_id), work, partial(self._verified, model_id))

    def accept(self, info: ModelInfo) -> None:
        """Let the photographer accept a licence by typing the model's name."""
        QDesktopServices.openUrl(QUrl(info.licence_url))
        question = tr("{licence} limits commercial use. To accept it, type: {id}", licence=info.licence, id=info.id)
        typed, sure = QInputDialog.getText(self, tr("Accept the licence"), question)
        if sure:
            self._try(lambda: self._desk.studio.models.accept_licence(info.id, typed.strip()))

    def remove(self, model_id: str) -> None:
        """Delete a model from this computer, once that is sure: to have it again is a long download."""
        title = self.cards[model_id].accessibleName()
        question = tr("Delete {title} from this computer? It can be downloaded again.", title=title)
        if QMessageBox.question(self, tr("Remove"), question) == QMessageBox.StandardButton.Yes:
            work = partial(self._desk.studio.models.remove, model_id)
            self._slow.ask(("remove", model_id), work, self._removed)

    def bring(self, model_id: str) -> None:
        """Copy a model from a folder, a USB stick for instance."""
        name = QFileDialog.getExistingDirectory(self, tr("Folder of models"))
        if name:
            self.cards[model_id].show_busy()
            work = partial(self._desk.studio.models.import_from, model_id, Path(name))
            self._slow.ask(("import", model_id), work, partial(self._verified, model_id))

    def _try(self, verb: object) -> None:
        try:
            verb()  # type: ignore[operator]
        except StudioError as error:
            self._desk.say(notice_of(error))
        self.reload()

    def _show(self, found: object) -> None:
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
            return
        infos: list[ModelInfo] = found  # type: ignore[assignment]
        focus = self.focusWidget()
        focused = next((model_id for model_id, card in self.cards.items() if card.isAncestorOf(focus)), None)
        read = {key[1] for key in cast("set[tuple[str, str]]", self._slow.keys) if key[0] != "fetch"}
        while item := self._list.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self.cards = {info.id: ModelCard(info, self) for info in infos}
        for model_id, card in self.cards.items():
            self._list.addWidget(card)
            card.show_fetching(model_id in self._stops)
            if model_id in read:
                card.show_busy()
        if focused in self.cards:
            self.cards[focused].take_keys()
        here = sum(info.here_bytes for info in infos)
        self._total.setText(tr("{size} on this disk", size=file_size(here)) if here else tr("None downloaded"))

    def _fetched(self, model_id: str, answer: object) -> None:
        del self._stops[model_id]
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        self.reload()

    def _removed(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        self.reload()

    def _verified(self, model_id: str, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        elif answer:
            message = "; ".join(str(problem) for problem in answer)  # type: ignore[attr-defined]
            self._desk.say(Notice(title=tr("Not complete"), message=message, hint=tr("Download it again.")))
        else:
            message = tr("Every file of {id} is right.", id=model_id)
            self._desk.say(Notice(title=tr("Verified"), message=message, is_news=True))
        self.reload()

    @Slot(str, object, object)
    def _on_arrived(self, model_id: str, came: int, total: int) -> None:
        if card := self.cards.get(model_id):
            card.show_progress(came, total)


class ModelCard(QFrame):
    """One network: what it is for, its licence, its state, its buttons."""

    def __init__(self, info: ModelInfo, page: ModelsPage) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(info.title)
        self._info = info
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Download of {title}", title=info.title))
        self.bar.hide()
        self.fetch = self._button(tr("Download"), page.fetch, icon="download")
        self.remove = self._button(tr("Remove"), page.remove)
        parts = self._buttons(page)
        state = label(_state(info), "good" if info.state == "ready" else "muted")
        licence = label(f"\u2068{info.licence}\u2069", "chip")
        title = row(_title(info), licence, None, state, *parts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(label(said(info.purpose), "muted", wrap=True))
        layout.addWidget(self.bar)

    def show_fetching(self, fetching: bool) -> None:
        """Show that the download runs, or that it can be started."""
        self.bar.setVisible(fetching)
        word_button(self.fetch, tr("Pause") if fetching else tr("Download"))
        self.remove.setDisabled(fetching)

    def show_busy(self) -> None:
        """Show that files are read, which takes a minute for a large model."""
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(tr("The files of {title} are looked at", title=self._info.title))
        self.bar.show()
        self.remove.setEnabled(False)

    def take_keys(self) -> None:
        """Take the focus to the first button."""
        self.findChildren(QPushButton)[0].setFocus()

    def show_progress(self, came: int, total: int) -> None:
        """Show how much has come."""
        self.bar.setRange(0, 1000 if total else 0)
        self.bar.setValue(round(1000 * came / total) if total else 0)

    def _buttons(self, page: ModelsPage) -> list[QWidget]:
        info = self._info
        # What a broken-off download left takes room too, and so does a model that the catalog has a newer version of.
        remove = [self.remove] if info.here_bytes else []
        if info.needs_acceptance and not info.is_accepted:
            return [button(tr("Licence…"), partial(page.accept, info), about=info.title), *remove]
        if info.state == "ready":
            return [self._button(tr("Verify"), page.verify), *remove]
        return [self._button(tr("From a folder…"), page.bring), *remove, self.fetch]

    def _button(self, text: str, verb: Callable[[str], object], *, icon: str = "") -> QPushButton:
        return button(text, partial(verb, self._info.id), icon=icon, about=self._info.title)


def _title(info: ModelInfo) -> ElidedLabel:
    """As wide as it is, and shortened before the card gets wider than a narrow window."""
    made = ElidedLabel("heading", text=info.title)
    # Else it has not the font of a heading yet.
    made.ensurePolished()
    made.setMaximumWidth(made.whole_px)
    policy = made.sizePolicy()
    policy.setHorizontalStretch(255)  # room goes to the title first, and to the gap beside it only then
    made.setSizePolicy(policy)
    return made


def _state(info: ModelInfo) -> str:
    if info.needs_acceptance and not info.is_accepted:
        return tr("Off until its licence is accepted")
    if info.state == "ready":
        return tr("Ready, {size}", size=file_size(info.here_bytes))
    if info.here_bytes:
        return tr("{here} of {size} here", here=file_size(info.here_bytes), size=file_size(info.bytes))
    return file_size(info.bytes) if info.bytes else tr("Size unknown")
