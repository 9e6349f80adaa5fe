"""What this program wrote: told by the real names of the folders, whatever they were called when it wrote there."""

import os
from pathlib import Path

from studio.jobs.store import Store


class OutputFolders:
    """The folders that results were ever ordered into, as they stand in the history when this is made."""

    def __init__(self, store: Store) -> None:
        self._folders = [(called, Path(os.path.realpath(called))) for called in store.output_folders()]

    def names_of(self, path: Path) -> set[Path]:
        """Every name by which something may be recorded that stands at `path`, which is a real name."""
        return {called / path.relative_to(real) for called, real in self._folders if path.is_relative_to(real)}


class OurOutput:
    """Whether a path met in a walk is our own output: the output folder inside an input folder, or a recorded file.

    Folders are compared by their real names: what was ordered through a link may be walked without it, and the other
    way round. out: the output folder, None = there is none.
    """

    def __init__(self, out: Path | None, store: Store) -> None:
        self._out = Path(os.path.realpath(out)) if out else None
        self._store = store
        self._folders = OutputFolders(store)
        self._names: dict[Path, set[str]] = {}

    @property
    def callings(self) -> set[Path]:
        """Every name by which the output folder was ordered into before."""
        return self._folders.names_of(self._out) if self._out else set()

    def __call__(self, path: Path) -> bool:
        is_out = self._out is not None and path.name == self._out.name and Path(os.path.realpath(path)) == self._out
        return is_out or path.name in self._names_in(path.parent)

    def _names_in(self, folder: Path) -> set[str]:
        """The names of the recorded files in a folder."""
        if folder not in self._names:
            called = self._folders.names_of(Path(os.path.realpath(folder)))
            found = (path for place in called for path in self._store.results_below(place) if path.parent == place)
            self._names[folder] = {path.name for path in found}
        return self._names[folder]
