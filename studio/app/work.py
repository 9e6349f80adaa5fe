"""Getting shots done: from an order over its plan to finished jobs, here or on the farm."""

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.jobs import intake
from studio.jobs.intake import Order, Plan, Skipped, Taken
from studio.jobs.locks import remove_dead
from studio.jobs.outgoing import FARM_WORKER
from studio.jobs.pairs_store import Corrections
from studio.jobs.runner import Runner, new_parent_id, recover
from studio.jobs.service import Service
from studio.jobs.store import Store
from studio.jobs.wire import Orders
from studio.model import Event, Job, Notice, Recipe
from studio.settings import Home, Settings

if TYPE_CHECKING:
    from studio.farm.desk import FarmDesk


class WorkDesk:
    """Plan, queue and do. Methods that run jobs emit events in the caller's thread and may be left by an exception
    (KeyboardInterrupt too): what was not finished is queued again within two seconds.

    engine: dotted name of the module that finishes shots. corrections: what a person said of the photos at some paths.
    resolved: a recipe with its channels filled in. farm: asked for only when it is needed, since that loads it.
    """

    def __init__(
        self,
        store: Store,
        home: Home,
        engine: str,
        *,
        settings: Callable[[], Settings],
        corrections: Callable[[Iterable[Path]], Corrections],
        resolved: Callable[[Recipe], Recipe],
        farm: "Callable[[], FarmDesk]",
    ) -> None:
        self._store = store
        self._home = home
        self._engine = engine
        self._settings = settings
        self._corrections = corrections
        self._resolved = resolved
        self._farm = farm

    def plan(self, order: Order) -> Plan:
        """Look up on the disk what an order means. Raises UsageError."""
        order = replace(order, recipe=self._resolved(order.recipe))
        return intake.plan(order, self._store, self._corrections(order.paths))

    def to_do(self, plan: Plan) -> Plan:
        """The shots of a plan that `process` would do. Slow where some may be done: their photos are hashed."""
        return intake.to_do(plan, self._store)

    def submit(self, plan: Plan) -> list[Taken | Skipped]:
        """Queue the shots of a plan that are not done yet; somebody's `run` or `resume` does them."""
        return list(self.take_in(plan))

    def take_in(self, plan: Plan) -> Iterator[Taken | Skipped]:
        """The same one by one: the first may be worked on while the last is hashed. Left before its end, the rest is
        queued by the next `resume` or the queue's `left_over`."""
        return intake.take_in(plan, self._store, self._home.workers)

    def process(
        self, plan: Plan, emit: Callable[[Event], None], taken: Callable[[Taken | Skipped], None] = lambda outcome: None
    ) -> None:
        """Queue the shots of a plan and get them done; `taken` hears what intake made of each shot.

        Returns when each of them is settled, by this program or by another one that shares the home.
        """
        with self._collecting(emit), self.runner(emit) as runner:
            for outcome in intake.take_in(plan, self._store, self._home.workers):
                taken(outcome)
                if isinstance(outcome, Taken):
                    runner.take([outcome.job])
                runner.pump()
            runner.run()

    def process_on_farm(
        self, plan: Plan, emit: Callable[[Event], None], taken: Callable[[Taken | Skipped], None] = lambda outcome: None
    ) -> None:
        """As `process`, but on the studio's farm. An exception leaves the jobs there: `farm.tend` collects them.

        Raises AccountError where the licence does not hold the farm.
        """
        desk = self._farm()
        desk.check_allowed()
        farm = desk.open(emit)
        jobs: list[str] = []
        for outcome in intake.take_in(plan, self._store, self._home.workers):
            taken(outcome)
            if isinstance(outcome, Taken):
                farm.hand_over([outcome.job])
                jobs.append(outcome.job.id)
        desk.tend(jobs, emit, farm.place)

    def resume(self, emit: Callable[[Event], None], started: Callable[[list[Job]], None] = lambda jobs: None) -> None:
        """Finish everything that is queued or was interrupted, whoever ordered it; `started` hears what that is."""
        intake.take_in_rest(self._store, self._home.workers)
        recover(self._store, self._home)
        jobs = [job for job in self._store.queue() if not job.held]
        started(jobs)
        with self._collecting(emit), self.runner(emit) as runner:
            runner.take(jobs)
            runner.run()

    def serve(self, emit: Callable[[Event], None]) -> Service:
        """Keep a worker at hand that does jobs as they come; `emit` is called in the service's own thread."""
        recover(self._store, self._home)
        return Service(lambda: self.runner(emit), emit)

    def runner(self, emit: Callable[[Event], None]) -> Runner:
        """What does jobs, with the settings as they are now."""
        settings = self._settings()
        orders = Orders(
            home=str(self._home.folder),
            parent=new_parent_id(),
            engine=self._engine,
            jobs_at_once=settings.jobs_at_once,
            megapixels_at_once=settings.megapixels_at_once,
            compiles=bool(settings.compile_networks),
        )
        remove_dead(self._home.workers)
        return Runner(self._store, self._home, orders, emit)

    @contextlib.contextmanager
    def _collecting(self, emit: Callable[[Event], None]) -> Generator[None]:
        """Bring meanwhile what an earlier order left on the farm; the runner hears of it as of any other's work.

        `emit` gets the farm's notices in a thread of their own.
        """
        if not self._store.running_under(FARM_WORKER):
            yield
            return
        loop = self._farm().serve(lambda event: emit(event) if isinstance(event, Notice) else None)
        try:
            yield
        finally:
            loop.close()
