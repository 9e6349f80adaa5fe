"""The networks of the studio engine on this computer."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.app.outside import checkpoint, network
from studio.model import ModelInfo
from studio.settings import Home

if TYPE_CHECKING:
    from studio.engine.models.catalog import Catalog, ModelEntry
    from studio.engine.models.store import ModelStore


class ModelDesk:
    """The networks that are known; all but the list is slow."""

    def __init__(self, home: Home) -> None:
        self._folder = home.models

    def all(self) -> list[ModelInfo]:
        """Every known network and whether it is here."""
        return [self._info(entry) for entry in self._catalog().models.values()]

    def fetch(self, model_id: str, arrived: Callable[[int, int], None], is_stopped: Callable[[], bool]) -> None:
        """Download what is missing of a network; `arrived` hears bytes that came and bytes in all, from other threads.

        Raises Cancelled when `is_stopped`: what came stays for the next time. Raises EngineError or OutputError.
        """
        from studio.engine.models.download import Attempting
        from studio.engine.models.fetch import fetch

        entry = self._catalog().find(model_id)
        tell = Attempting(checkpoint=checkpoint(is_stopped))
        fetch((entry,), self._kept(), network(), lambda news: arrived(news.bytes, news.total), tell)

    def verify(self, model_id: str) -> list[str]:
        """Hash a network's files anew; returns a sentence for each that is wrong or missing."""
        problems = self._kept().verify(self._catalog().find(model_id))
        return [f"{problem.path} {problem.sentence}" for problem in problems]

    def import_from(self, model_id: str, folder: Path) -> list[str]:
        """Copy a network from a folder that `modamoda models export` made; returns what was wrong."""
        problems = self._kept().import_from(folder, self._catalog().find(model_id))
        return [f"{problem.path} {problem.sentence}" for problem in problems]

    def accept_licence(self, model_id: str, typed: str) -> None:
        """Record that the photographer accepted a network's licence by typing its id. Raises EngineError."""
        self._kept().accept(self._catalog().find(model_id), typed)

    def remove(self, model_id: str) -> int:
        """Delete a network from this computer; returns the bytes given back."""
        return self._kept().remove(self._catalog().find(model_id))

    def _catalog(self) -> "Catalog":
        from studio.engine.models.catalog import catalog_of

        return catalog_of(self._folder)

    def _kept(self) -> "ModelStore":
        from studio.engine.models.store import ModelStore

        return ModelStore(self._folder)

    def _info(self, entry: "ModelEntry") -> ModelInfo:
        store = self._kept()
        folder = store.path(entry)
        here = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
        return ModelInfo(
            id=entry.id,
            title=entry.title,
            purpose=entry.purpose,
            licence=entry.licence,
            licence_url=entry.licence_url,
            bytes=entry.bytes,
            here_bytes=here,
            state=store.state(entry).value,
            needs_acceptance=entry.needs_acceptance,
            is_accepted=store.is_accepted(entry),
        )
