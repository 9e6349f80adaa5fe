"""Deciding on results that wait for a person."""

from collections.abc import Iterable
from datetime import datetime

from studio.app.history import HistoryDesk
from studio.errors import OutputError
from studio.jobs import review
from studio.jobs.store import Store
from studio.model import HistoryEntry, JobStatus


class ReviewDesk:
    """Doubtful results and the verdicts on them."""

    def __init__(self, store: Store, history: HistoryDesk) -> None:
        self._store = store
        self._history = history

    def waiting(self) -> list[HistoryEntry]:
        """The jobs whose results wait for a person, newest first."""
        return self._store.history(status=JobStatus.NEEDS_REVIEW)

    def approve(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """Move doubtful results to where a shop finds them; returns those it decided, with their new places."""
        return [self._history.entry(entry.job.id) for entry in entries if review.approve(entry, self._store)]

    def reject(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """Remove doubtful results; returns those it decided."""
        return [entry for entry in entries if review.reject(entry, self._store)]

    def set_aside(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """As `reject`, but the files stay until `clear_away`, so that it can be taken back."""
        return [self._history.entry(entry.job.id) for entry in entries if review.set_aside(entry, self._store)]

    def clear_away(self, job_ids: Iterable[str]) -> None:
        """Remove the files of results that were set aside; what waits in review again is left alone."""
        for job_id in job_ids:
            review.clear_away(job_id, self._store)

    def take_back(self, before: HistoryEntry, decided_at: datetime | None) -> HistoryEntry:
        """Put a result that was approved or set aside back into review, as it was `before`. decided_at: when.

        Raises OutputError when something else came of it meanwhile.
        """
        if not review.take_back(before, decided_at, self._store):
            raise OutputError(
                "Not taken back",
                f"The result of {before.job.shot.front} was replaced, sent, filed or decided anew since.",
                "The decision stays as it is.",
            )
        return self._history.entry(before.job.id)
