"""Watching and working in one loop, for a terminal: what arrives is done as it comes."""

import time
from collections.abc import Callable

from studio.jobs.runner import Runner
from studio.jobs.watch import Watcher
from studio.jobs.watch_store import WatchStore
from studio.model import Event, Job, JobChanged

REFRESH_S = 2.0
# A worker that has had nothing to do for so long gives its memory back; the next photo starts another.
IDLE_WORKER_S = 120.0


class WatchRun:
    """One watched folder and the worker that does what arrives in it.

    While the folder cannot be reached nothing is worked on: its jobs wait in the queue rather than fail.
    """

    def __init__(
        self,
        watched_id: str,
        memory: WatchStore,
        open_runner: Callable[[Callable[[Event], None]], Runner],
        emit: Callable[[Event], None],
    ) -> None:
        self._watched_id = watched_id
        self._memory = memory
        self._open_runner = open_runner
        self._emit = emit
        self._waiting: list[Job] = []
        self._runner: Runner | None = None
        self._busy_at = 0.0
        self._refreshed = time.monotonic()
        self._watcher: Watcher | None = None

    def take(self, jobs: list[Job]) -> None:
        """Have these jobs done."""
        self._waiting += jobs

    def run(self, watcher: Watcher, *, once: bool) -> None:
        """Watch until the folder is removed or, with `once`, until everything in it is done. Raises EngineError."""
        self._watcher = watcher
        try:
            while self._refresh(watcher):
                pause_s = watcher.turn()
                self._work(watcher, pause_s)
                if once and watcher.is_settled and not self._is_busy:
                    watcher.tidy()
                    return
        finally:
            self._close_runner()

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting or (self._runner and self._runner.pending))

    def _refresh(self, watcher: Watcher) -> bool:
        """Heed what other programs changed about the folder; False when it is watched no more."""
        if time.monotonic() - self._refreshed < REFRESH_S:
            return True
        self._refreshed = time.monotonic()
        watched = self._memory.find(self._watched_id)
        watcher.sync([watched] if watched else [])
        return watched is not None

    def _work(self, watcher: Watcher, pause_s: float) -> None:
        if watcher.away:
            self._hold()
            watcher.wait(pause_s)
            return
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._runner = self._runner or self._open_runner(self._heard)
            self._runner.take(waiting)
        if self._runner and self._is_busy:
            self._busy_at = time.monotonic()
            self._runner.pump(pause_s)
        else:
            self._rest(watcher, pause_s)

    def _rest(self, watcher: Watcher, pause_s: float) -> None:
        if self._runner and time.monotonic() - self._busy_at > IDLE_WORKER_S:
            self._close_runner()
        watcher.wait(pause_s)

    def _hold(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            runner.put_back()
            self._waiting = [*runner.pending, *self._waiting]

    def _close_runner(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            runner.close()

    def _heard(self, event: Event) -> None:
        if isinstance(event, JobChanged) and self._watcher:
            self._watcher.on_job(event)
        self._emit(event)
