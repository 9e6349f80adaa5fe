"""Where the window left off: layout, recipe, recent shoots, marks. State, not settings; losing it loses no work."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from studio.errors import RecipeError
from studio.model import Recipe
from studio.ui.models.shots import Mark

RECENT_KEPT = 10


class State:
    """A small file in the program's home."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._store = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)

    def layout(self, name: str) -> QByteArray:
        """The saved state of a splitter or window; empty when there is none."""
        kept = self._store.value(f"layout/{name}")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def keep_layout(self, name: str, layout: QByteArray) -> None:
        """Remember the state of a splitter or window."""
        self._store.setValue(f"layout/{name}", layout)

    def text(self, name: str, default: str = "") -> str:
        """A remembered word."""
        return str(self._store.value(f"words/{name}", default))

    def keep_text(self, name: str, text: str) -> None:
        """Remember a word."""
        self._store.setValue(f"words/{name}", text)

    @property
    def recipe(self) -> Recipe:
        """The recipe used last; the first one of all where none was kept, or by a version that knew other fields."""
        try:
            return Recipe.from_json(self.text("recipe"))
        except RecipeError:
            return Recipe()

    def keep_recipe(self, recipe: Recipe) -> None:
        """Remember the recipe."""
        self.keep_text("recipe", recipe.to_json())

    @property
    def recent(self) -> list[Path]:
        """The shoots opened last, the newest first, those that still exist."""
        return [Path(name) for name in self._names("recent") if Path(name).is_dir()]

    def add_recent(self, folder: Path) -> None:
        """Put a shoot on top of the list."""
        others = [known for known in self.recent if known != folder]
        self._store.setValue("recent", [str(path) for path in [folder, *others][:RECENT_KEPT]])

    def clear_recent(self) -> None:
        """Forget the shoots opened."""
        self._store.setValue("recent", [])

    def marks(self, folder: Path) -> dict[Path, Mark]:
        """The stars and rejections of a shoot, by photo."""
        made: dict[Path, Mark] = {}
        for mark in (Mark.STAR, Mark.REJECT):
            names = self._names(f"marks/{_key(folder)}/{mark.value}")
            made.update({folder / name: mark for name in names})
        return made

    def keep_marks(self, folder: Path, marks: Mapping[Path, Mark]) -> None:
        """Remember the stars and rejections of a shoot."""
        below = f"{folder}{os.sep}"
        for mark in (Mark.STAR, Mark.REJECT):
            # Of thousands at once: `relative_to` takes its time.
            names = [str(photo).removeprefix(below) for photo, given in marks.items() if given is mark]
            self._store.setValue(f"marks/{_key(folder)}/{mark.value}", names)

    def save(self) -> None:
        """Write what is not written yet."""
        self._store.sync()

    def _names(self, key: str) -> list[str]:
        """A kept list; QSettings gives a list of one back as its only member."""
        kept = self._store.value(key)
        if kept is None:
            return []
        return [str(name) for name in cast("list[object]", kept)] if isinstance(kept, list) else [str(kept)]


def _key(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode(errors="surrogateescape")).hexdigest()[:16]
