"""The page of watched folders: add, pause, remove; how they stand."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QScrollArea, QVBoxLayout, QWidget

from studio.app import FolderState, WatchedFolder
from studio.errors import StudioError
from studio.model import Notice
from studio.ui import theme
from studio.ui.desk import INSIDE_PATTERN, Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, column, empty_state, label, row
from studio.ui.parts.watch_card import WatchCard
from studio.ui.watching import WatchDesk

# Another program may watch too, and nobody tells of its work.
_LOOK_AGAIN_MS = 3000


class WatchPage(QWidget):
    """A card for each folder."""

    def __init__(self, desk: Desk, watching: WatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._watching = watching
        self.cards: dict[str, WatchCard] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.GAP)
        words = tr("What arrives in these folders is finished by itself, as soon as it is whole.")
        self.add = button(tr("Watch a folder…"), self.ask_folder, icon="plus", kind="primary")
        self.empty = empty_state("watch", tr("No folder is watched"), words)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(28, 4, 28, 24)
        inner.addWidget(self.empty)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        self.words = label(words, "muted", wrap=True)
        head = column(row(label(tr("Watched folders"), "title"), None, self.add), self.words)
        head.layout().setContentsMargins(28, 20, 28, 6)  # type: ignore[union-attr]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(head)
        layout.addWidget(scroll, 1)
        self._tick = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._tick.timeout.connect(self.reload)
        desk.closed.connect(self._tick.stop)
        watching.changed.connect(self.reload)
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    @Slot()
    def reload(self) -> None:
        """Read anew how the folders stand."""
        self._desk.background.ask_anew("watched", self._watching.states, self._show)

    @Slot()
    def ask_folder(self) -> None:
        """Let the photographer choose a folder to be watched."""
        name = QFileDialog.getExistingDirectory(self, tr("Watch a folder…"))
        if name:
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Watch a folder with the recipe of the desk; results go beside it."""
        out = folder.with_name(f"{folder.name}-finished")
        recipe = self._desk.recipe
        self.change(WatchedFolder(id="", folder=folder, out=out, recipe=recipe, inside=INSIDE_PATTERN))

    def change(self, watched: WatchedFolder) -> None:
        """Watch a folder in another way."""
        self._watching.keep(watched)

    def pause(self, watched: WatchedFolder, paused: bool) -> None:
        """Pause a folder, or go on."""
        self._watching.set_paused(watched, paused)

    def choose_out(self, watched: WatchedFolder) -> None:
        """Ask where the results of a folder go."""
        name = QFileDialog.getExistingDirectory(self, tr("Results to…"), str(watched.out))
        if name and Path(name) != watched.out:
            self._watching.move_results(watched, Path(name))

    def choose_plate(self, watched: WatchedFolder) -> None:
        """Ask for the photo of the empty set; it serves what arrives from now on."""
        if frame := self._ask_frame(tr("Photo of the empty set"), watched.plate or watched.folder):
            self.change(replace(watched, plate=frame))

    def choose_bare(self, watched: WatchedFolder) -> None:
        """Ask for the photo of the bare mannequin; it serves what arrives from now on."""
        if frame := self._ask_frame(tr("Photo of the bare mannequin"), watched.bare or watched.folder):
            self.change(replace(watched, bare=frame))

    def _ask_frame(self, title: str, start: Path) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self, title, str(start))
        return Path(name) if name else None

    def put_back(self, watched: WatchedFolder) -> None:
        """Move originals back to where they were."""
        work = partial(self._desk.studio.watching.put_back, watched)
        self._desk.background.ask(("put back", watched.id), work, self._are_back)

    def remove(self, watched: WatchedFolder) -> None:
        """Watch a folder no more; its photos and results stay."""
        self._watching.forget(watched)

    def _are_back(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
            return
        back, left = cast("tuple[list[Path], list[Path]]", answer)
        message = tr("{n} originals are back where they were.", len(back))
        if left:
            message += " " + tr("{n} stayed, because another file has their name.", len(left))
        self._desk.say(Notice(title=tr("Originals put back"), message=message, is_news=not left))

    def _show(self, found: object) -> None:
        if self._watching.is_changing:
            return  # what was read may be older than what the cards say
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
            return
        states = {state.watched.id: state for state in cast("list[FolderState]", found)}
        self.empty.setVisible(not states)
        self.words.setVisible(bool(states))  # the empty page says it itself
        for watched_id in set(self.cards) - set(states):
            self.cards.pop(watched_id).deleteLater()
        for watched_id, state in states.items():
            if watched_id in self.cards:
                self.cards[watched_id].show_state(state)
            else:
                self.cards[watched_id] = WatchCard(state, self._desk.studio.recipes.all(), self)
                self._list.addWidget(self.cards[watched_id])
