"""One watched folder in the window: what is made of it, how many photos stand where, what happened last."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.app import After, FolderState, LastEvent, Outcome, WatchedFolder
from studio.model import JobStatus, Recipe
from studio.ui.i18n import moment, number, tr
from studio.ui.parts.controls import ElidedLabel, button, label, row, word_button
from studio.ui.parts.fields import Choice
from studio.ui.phrases import preset_name, status_name
from studio.ui.sentences import said

_EVENTS = 4


class Verbs(Protocol):
    """What a card asks its page to do."""

    def change(self, watched: WatchedFolder) -> None:
        """Watch a folder in another way."""
        ...

    def pause(self, watched: WatchedFolder, paused: bool) -> None:
        """Pause a folder, or go on."""
        ...

    def choose_out(self, watched: WatchedFolder) -> None:
        """Ask where results go."""
        ...

    def choose_plate(self, watched: WatchedFolder) -> None:
        """Ask for the photo of the empty set."""
        ...

    def choose_bare(self, watched: WatchedFolder) -> None:
        """Ask for the photo of the bare mannequin."""
        ...

    def put_back(self, watched: WatchedFolder) -> None:
        """Move originals back."""
        ...

    def remove(self, watched: WatchedFolder) -> None:
        """Watch a folder no more."""
        ...


class WatchCard(QFrame):
    """A folder; `show_state` brings it up to date without taking the focus from its controls."""

    def __init__(self, state: FolderState, recipes: dict[str, Recipe], verbs: Verbs) -> None:
        super().__init__()
        self.setObjectName("card")
        self.watched = state.watched
        self._recipes = recipes
        self._verbs = verbs
        name = str(self.watched.folder)
        self.setAccessibleName(name)
        self.counts = label("", "muted", wrap=True)
        self.standing = label("", "good")
        self.pause = button(tr("Pause"), self._on_pause, about=name)
        self.recipe = Choice(tr("Recipe"), [(name, preset_name(name)) for name in recipes])
        self.after = Choice(tr("After work"), _after_words(), tr("What becomes of the original photos."))
        for choice in (self.recipe, self.after):
            choice.control.setAccessibleName(f"{choice.name}: {name}")
        self._events = [label("", "small") for _ in range(_EVENTS)]
        self._fill()
        self.recipe.changed.connect(self._on_recipe)
        self.after.changed.connect(self._on_after)
        self.show_state(state)

    def show_state(self, state: FolderState) -> None:
        """Show how the folder stands now."""
        self.watched = state.watched
        paused = state.watched.is_paused
        self._show_standing(state)
        word_button(self.pause, tr("Go on") if paused else tr("Pause"))
        self.counts.setText(_count_words(state.counts))
        self.recipe.set_value(state.watched.recipe.name)
        self.after.set_value(state.watched.after)
        self.back.setVisible(state.watched.after is After.MOVE)
        self.frames.setText(_frame_words(state.watched))
        self.without.setVisible(bool(state.watched.plate or state.watched.bare))
        for place, line in enumerate(self._events):
            shown = state.last[place] if place < len(state.last) else None
            line.setText(_event_words(shown) if shown else "")
            line.setVisible(shown is not None)

    def _show_standing(self, state: FolderState) -> None:
        words, kind = _standing(state)
        self.standing.setText(words)
        if kind != self.standing.objectName():
            self.standing.setObjectName(kind)
            self.standing.setStyleSheet("")  # have the theme look at its new kind

    def _fill(self) -> None:
        folder = ElidedLabel("heading", text=_left_to_right(self.watched.folder))
        out = ElidedLabel("muted", text=tr("Results: {folder}", folder=_left_to_right(self.watched.out)))
        self.back = self._button(tr("Put originals back"), self._verbs.put_back)
        self.frames = ElidedLabel("muted")
        self.without = button(tr("Use neither"), self._on_without, kind="link", about=str(self.watched.folder))
        plate = self._button(tr("Empty set…"), self._verbs.choose_plate)
        bare = self._button(tr("Bare mannequin…"), self._verbs.choose_bare)
        why = tr("A photo of the set as it is without the garment helps to tell it from mannequin and backdrop.")
        for each in (plate, bare):
            each.setToolTip(why)
        parts: tuple[QWidget, ...] = (
            row(folder, self.standing, self.pause, self._button(tr("Remove"), self._verbs.remove)),
            row(out, self._button(tr("Results to…"), self._verbs.choose_out)),
            row(self.frames, self.without, plate, bare),
            row(self.recipe, self.after, self.back, gap=18),
            self.counts,
            *self._events,
        )
        for line in parts[:3]:
            line.layout().setStretch(0, 1)  # type: ignore[union-attr]  the name takes the room, not the buttons
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(6)
        for part in parts:
            layout.addWidget(part)

    def _button(self, text: str, verb: Callable[[WatchedFolder], None]) -> QWidget:
        return button(text, lambda: verb(self.watched), about=str(self.watched.folder))

    @Slot()
    def _on_pause(self) -> None:
        self._verbs.pause(self.watched, not self.watched.is_paused)

    @Slot()
    def _on_recipe(self) -> None:
        recipe = self._recipes.get(self.recipe.value)
        if recipe:
            self._change(replace(self.watched, recipe=recipe))

    @Slot()
    def _on_after(self) -> None:
        self._change(replace(self.watched, after=self.after.value))

    @Slot()
    def _on_without(self) -> None:
        self._change(replace(self.watched, plate=None, bare=None))

    def _change(self, watched: WatchedFolder) -> None:
        self.watched = watched  # the next change may come before the page has read this one anew
        self._verbs.change(watched)


def _standing(state: FolderState) -> tuple[str, str]:
    """How a folder stands, in a word and the kind of label for it."""
    if state.watched.is_paused:
        return tr("Paused"), "doubt"
    if state.is_away:
        return tr("Not reachable"), "doubt"
    return (tr("Watched"), "good") if state.is_watched else (tr("Not watched"), "doubt")


def _left_to_right(path: Path) -> str:
    """A path as it is written, also amid words that run from right to left."""
    return f"\u2066{path}\u2069"


def _frame_words(watched: WatchedFolder) -> str:
    frames = [(tr("Empty set"), watched.plate), (tr("Bare mannequin"), watched.bare)]
    named = [f"{what}: \u2068{path.name}\u2069" for what, path in frames if path]
    return "   ".join(named) if named else tr("No photo of the empty set or of the bare mannequin")


def _after_words() -> list[tuple[After, str]]:
    return [
        (After.LEAVE, tr("Leave originals where they are")),
        (After.MOVE, tr("Move originals to done or failed")),
        (After.TAG, tr("Tag originals in a sidecar")),
    ]


def _count_words(counts: dict[str, int]) -> str:
    names = {status.value: status_name(status) for status in JobStatus}
    names |= {Outcome.DUPLICATE: tr("Done before"), Outcome.GONE: tr("Away")}
    parts = [f"{names.get(name, name)}: {number(count)}" for name, count in sorted(counts.items())]
    return "   ".join(parts) if parts else tr("Nothing has arrived yet.")


def _event_words(event: LastEvent) -> str:
    names = {Outcome.DUPLICATE: tr("Done before"), Outcome.FAILED: tr("Failed"), Outcome.GONE: tr("Away")}
    what = status_name(event.status) if event.status else names.get(event.outcome, "")
    time = moment(datetime.fromisoformat(event.at))
    words = tr("{time}  {photo}: {what}", time=time, photo=f"\u2068{event.photo.name}\u2069", what=what)
    return f"{words}. {said(event.message)}" if event.message else words
