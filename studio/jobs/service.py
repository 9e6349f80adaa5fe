"""A worker kept at hand for a window: a thread that has jobs done and says what becomes of them."""

import logging
import queue
import threading
from collections.abc import Callable

from studio.errors import StudioError
from studio.jobs.runner import Runner
from studio.model import Event, Job, Notice

log = logging.getLogger(__name__)

IDLE_S = 0.25
BUSY_S = 0.05


class Service:
    """Takes jobs at any time and does them in order. Methods are safe from any thread and return at once.

    emit is called in the service's own thread. A StudioError of the worker becomes a Notice, and the service pauses: it
    forgets no job, and goes on when a person says so.
    """

    def __init__(self, open_runner: Callable[[], Runner], emit: Callable[[Event], None]) -> None:
        self._open_runner = open_runner
        self._emit = emit
        self._orders: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._runner: Runner | None = None
        self._paused = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="service", daemon=True)
        self._thread.start()

    def take(self, jobs: list[Job]) -> None:
        """Have these jobs done, after those taken before unless their priority is higher."""
        self._orders.put(jobs)

    @property
    def is_paused(self) -> bool:
        """Whether nothing is worked on until `unpause`."""
        return self._paused.is_set()

    def pause(self) -> None:
        """Put what runs back into the queue and start nothing."""
        self._paused.set()
        self._orders.put(None)

    def unpause(self) -> None:
        """Go on."""
        self._paused.clear()
        self._orders.put(None)

    def close(self) -> None:
        """End the worker; what it had not finished is queued again. Returns within about two seconds."""
        self._ending.set()
        self._orders.put(None)
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._ending.is_set():
            try:
                self._turn()
            except StudioError as error:
                log.warning("The worker cannot go on: %s", error)
                self._paused.set()
                self._emit(Notice(title=error.title, message=error.message, hint=error.hint))
                self._give_up_runner()
        self._close_runner()

    def _turn(self) -> None:
        """Hear new orders, then the worker; wait a moment where there is nothing to hear."""
        try:
            jobs = self._orders.get(timeout=BUSY_S if self._runner else IDLE_S)
        except queue.Empty:
            jobs = None
        self._waiting += jobs or []
        if self._paused.is_set():
            self._put_back()
            return
        if self._waiting:
            self._runner = self._runner or self._open_runner()
            waiting, self._waiting = self._waiting, []
            self._runner.take(waiting)
        if self._runner:
            self._runner.pump(BUSY_S)

    def _put_back(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            try:
                runner.put_back()
            finally:
                self._waiting = [*runner.pending, *self._waiting]

    def _give_up_runner(self) -> None:
        """Put back what it had, as far as a store that may be out of reach lets us."""
        try:
            self._put_back()
        except StudioError as error:
            log.warning("The worker's jobs are not put back yet: %s", error)

    def _close_runner(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            runner.close()
