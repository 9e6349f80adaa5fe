"""What this program wrote: told by the real names of the folders, whatever they were called when it wrote there."""

import json
import os
from pathlib import Path
from typing import Any

from studio.jobs.names import REPORT
from studio.jobs.store import Store


class OutputFolders:
    """The folders that results were ever ordered into, as they stand in the history when this is made."""

    def __init__(self, store: Store) -> None:
        self._folders = [(called, Path(os.path.realpath(called))) for called in store.output_folders()]

    def names_of(self, path: Path) -> set[Path]:
        """Every name by which something may be recorded that stands at `path`, which is a real name."""
        return {called / path.relative_to(real) for called, real in self._folders if path.is_relative_to(real)}


class OurOutput:
    """Whether a path met in a walk is our own output: the output folder inside an input folder, a recorded file, or
    one that a report beside it names as its result, written by another computer or before the history began.

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
        """The names of the recorded files in a folder, and of those that reports name which are not recorded."""
        if folder not in self._names:
            called = self._folders.names_of(Path(os.path.realpath(folder)))
            found = (path for place in called for path in self._store.results_below(place) if path.parent == place)
            recorded = {path.name for path in found}
            self._names[folder] = recorded | _reported_in(folder, recorded)
        return self._names[folder]


def _reported_in(folder: Path, recorded: set[str]) -> set[str]:
    """The names of the results that stand in a folder with a report which is not among the `recorded` files."""
    try:
        reports = [name for name in os.listdir(folder) if name.endswith(REPORT) and name not in recorded]
    except OSError:
        return set()  # that it cannot be read is said by the walk
    return {name for report in reports for name in _results_of(folder / report)}


def _results_of(report: Path) -> set[str]:
    """The names of the files that a report was written with; none where it is no report of ours."""
    stem = report.name.removesuffix(REPORT)
    try:
        told: dict[str, Any] = json.loads(report.read_bytes())
        channels = {str(channel["file"]) for channel in told["channels"]}
        return {f"{stem}.{told['recipe']['output']['format']}", f"{stem}.layers"} | channels
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
