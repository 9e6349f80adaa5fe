"""The history: which jobs there were and what came of them."""

from collections.abc import Collection, Iterable
from pathlib import Path

from studio.errors import UsageError
from studio.jobs.store import Store
from studio.model import HistoryEntry, HistoryQuery, JobStatus


class HistoryDesk:
    """All jobs, whatever became of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self, *, limit: int | None = None, status: JobStatus | None = None) -> list[HistoryEntry]:
        """The newest jobs, newest first."""
        return self._store.history(limit=limit, status=status)

    def entry(self, job_id: str) -> HistoryEntry:
        """The job whose id begins with `job_id`. Raises UsageError unless there is exactly one."""
        found = self._store.starting_with(job_id)
        if len(found) != 1:
            what = "names no job" if not found else "names several jobs"
            raise UsageError("Job not found", f"{job_id} {what}.", "See `modamoda history` or `modamoda review list`.")
        return found[0]

    def latest_below(self, folder: Path) -> dict[Path, HistoryEntry]:
        """The newest job of each photo below `folder`."""
        return self._store.latest_below(folder)

    def matching(self, query: HistoryQuery) -> list[int]:
        """The numbers of the jobs that match, in the query's order; `numbered` reads some of them."""
        return self._store.matching(query)

    def numbered(self, numbers: Collection[int]) -> dict[int, HistoryEntry]:
        """The jobs of these numbers; one that was removed meanwhile is left out."""
        return self._store.numbered(numbers)

    def models_used(self) -> list[str]:
        """The ids of the networks that took part in results."""
        return self._store.models_used()

    def contact_sheet(self, entries: Iterable[HistoryEntry], path: Path) -> None:
        """Write a picture of before and after for each of the jobs that has a result. Raises OutputError."""
        from studio.engine.sheet import write_sheet  # pictures: heavy to import, and only this needs them here

        write_sheet([(entry.job.shot.front, entry.files[0].path) for entry in entries if entry.files], path)
