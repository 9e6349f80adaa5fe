"""The queue: the jobs that wait or run, their order, and the verbs that stop them or do them again."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.app.history import HistoryDesk
from studio.jobs import intake
from studio.jobs.store import Store
from studio.model import Event, Job, JobStatus
from studio.settings import Home

if TYPE_CHECKING:
    from studio.farm.desk import FarmDesk


class QueueDesk:
    """What is to be done. farm: asked for only when it is needed, since that loads it."""

    def __init__(self, store: Store, home: Home, history: HistoryDesk, *, farm: "Callable[[], FarmDesk]") -> None:
        self._store = store
        self._home = home
        self._history = history
        self._farm = farm

    def jobs(self) -> list[Job]:
        """All jobs queued or running, in the order in which they are done."""
        return self._store.queue()

    def left_over(self) -> list[Job]:
        """The queue as an earlier session left it, with the shots of orders that it had not come to the end of."""
        intake.take_in_rest(self._store, self._home.workers)
        return self.jobs()

    def reorder(self, job_ids: list[str]) -> None:
        """Do these waiting jobs in this order, before all others."""
        self._store.set_priorities({job_id: len(job_ids) - place for place, job_id in enumerate(job_ids)})

    def cancel(self, *job_ids: str) -> set[str]:
        """Stop jobs; returns those that are cancelled or about to be, which leaves out what was over already."""
        return self._store.cancel(*job_ids)

    def hold(self, *job_ids: str) -> set[str]:
        """Keep jobs waiting until `let_go`; what ran is stopped and queued again. Returns those not over already."""
        return self._store.hold(*job_ids)

    def let_go(self, *job_ids: str) -> set[str]:
        """Let held jobs go on; returns those not over already."""
        return self._store.let_go(*job_ids)

    def retry(self, job_id: str, *, keeping_master: bool = False) -> Job:
        """Queue the work of a finished job once more, as a new job on the photo as it is now.

        keeping_master: keep masks and master of the result this time, also where the recipe does not.
        """
        job = self._history.entry(job_id).job
        if keeping_master:
            job = replace(job, recipe=replace(job.recipe, output=replace(job.recipe.output, layers=True)))
        return intake.again(job, self._store)

    def send_to_farm(self, job_ids: Iterable[str], emit: Callable[[Event], None]) -> int:
        """Give these jobs, those that still wait, to the farm; how many it got. Raises StudioError."""
        wanted = set(job_ids)
        waiting = [job for job in self.jobs() if job.id in wanted and job.status is JobStatus.QUEUED]
        return len(self._farm().send(waiting, emit))
