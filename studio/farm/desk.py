"""The farm as the program's faces see it: where it is, who works there, sending, and taking back."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio import __version__
from studio.errors import AccountError, EngineError, StudioError, UsageError
from studio.farm.board import Board, password_refused
from studio.farm.needs import all_queues
from studio.farm.place import Place, is_kept, keep_place, known_place, shown_place, with_password
from studio.farm.storage import Storage, refuse_strangers
from studio.jobs.locks import Lock
from studio.jobs.outgoing import FARM_WORKER
from studio.jobs.store import Store
from studio.model import Entitlement, Event, Job, JobChanged, JobStatus, Licence, Notice
from studio.settings import Home, Settings

if TYPE_CHECKING:
    from studio.farm.client import Farm

log = logging.getLogger(__name__)
BUSY_S = 0.2
IDLE_S = 2.0
CLOSING_S = 5.0


@dataclass(frozen=True, kw_only=True)
class FarmState:
    """How a farm stands. workers: the facts that each tells of itself, with `doing`: the runs at hand, and
    `other_folder`: whether it looks into another folder than this computer. queues: how many jobs wait in each.
    """

    workers: tuple[dict[str, Any], ...]
    queues: dict[str, int]


class FarmDesk:
    """The verbs of the farm. They raise StudioError."""

    def __init__(
        self, home: Home, store: Store, settings: Callable[[], Settings], licence: Callable[[], Licence]
    ) -> None:
        self._home = home
        self._store = store
        self._settings = settings
        self._licence = licence

    # --- where it is

    def place(self, broker: str = "", storage: Path | None = None) -> Place:
        """The farm to use: what is given, else what this computer knows. Raises UsageError when it knows none."""
        place = known_place(self._home, broker, storage)
        if place is None:
            raise UsageError(
                "No farm known",
                "This computer does not know a farm yet.",
                "Run once: modamoda farm set-up --broker redis://COMPUTER:6379/0 --storage DIR",
            )
        return place

    def shown_place(self) -> tuple[str, str]:
        """Broker without its password and shared folder, as they were kept."""
        return shown_place(self._home)

    def set_up(self, broker: str, storage: Path) -> None:
        """Remember a farm and mark its shared folder. Raises UsageError, OutputError, AccountError.

        A broker that does not answer yet is no hindrance; workers there that have another folder are.
        """
        place = known_place(self._home, broker, storage)
        assert place
        shared = Storage(place.storage)
        shared.set_up()
        with contextlib.suppress(EngineError), _broker_errors():
            refuse_strangers(shared, Board(with_password(place.broker)).workers())
        keep_place(self._home, broker, place.storage)

    def forget(self) -> None:
        """Know no farm any more. Raises UsageError while jobs are there."""
        if self.under_way():
            raise UsageError("Photos are on the farm", "Some photos are still there.", "First: modamoda farm take-back")
        keep_place(self._home, "", None)

    # --- who works there

    def state(self, place: Place) -> FarmState:
        """The workers and the queues. Raises EngineError when the broker does not answer."""
        with _broker_errors():
            board = Board(place.broker)
            pulses, workers = board.pulses(), board.workers()
            versions = {str(facts["version"]) for facts in workers} | {__version__}
            depths = board.depths(all_queues(versions))
        strange = {facts["name"] for facts in Storage(place.storage).strangers(workers)}
        doing = [
            facts
            | {
                "doing": [pulse for pulse in pulses if pulse["worker"] == facts["name"]],
                "other_folder": facts["name"] in strange,
            }
            for facts in workers
        ]
        return FarmState(workers=tuple(doing), queues=depths)

    def stop(self, place: Place, names: Collection[str] = ()) -> list[str]:
        """Ask workers to end when their jobs are done, all of them or those named; returns their names."""
        from studio.farm import tasks

        known = [str(facts["name"]) for facts in self.state(place).workers]
        if unknown := sorted(set(names) - set(known)):
            raise UsageError("Worker not found", f"There is no worker {unknown[0]}.", "See: modamoda farm status")
        wanted = [name for name in known if name in names or not names]
        if wanted:
            with _broker_errors():
                app = tasks.make_app(place.broker, limit_s=1, with_results=False)
                app.control.broadcast("shutdown", destination=[f"{name}@farm" for name in wanted])
        return wanted

    # --- sending

    def check_allowed(self) -> None:
        """Raise AccountError unless the licence holds farm rendering. What is on the farm is collected without."""
        licence = self._licence()
        if Entitlement.FARM not in licence.entitlements:
            raise AccountError(
                "Farm rendering is not in this licence",
                licence.reason or f"The plan {licence.plan} renders on this computer, not on a farm.",
                licence.hint
                or "Sign in with an account whose plan has the farm: under Account, or modamoda account sign-in",
            )

    def under_way(self) -> list[Job]:
        """This computer's jobs on the farm."""
        return [entry.job for entry in reversed(self._store.running_under(FARM_WORKER))]

    def open(self, emit: Callable[[Event], None], place: Place | None = None) -> "Farm":
        """The way to the farm. Raises UsageError, EngineError, AccountError."""
        from studio.farm.client import Farm  # with half a second of the engine's libraries

        return Farm(place or self.place(), self._store, emit)

    def send(self, jobs: Collection[Job], emit: Callable[[Event], None]) -> list[Job]:
        """Give waiting jobs to a farm that answers; somebody's `tend` or a window's loop does the rest.

        Raises UsageError, AccountError, EngineError.
        """
        self.check_allowed()
        place = self.place()
        with _broker_errors():
            Board(place.broker).workers()
        return self.open(emit, place).hand_over(jobs)

    def take_back(self, emit: Callable[[Event], None]) -> int:
        """Put the jobs on the farm back into this computer's queue; how many there were."""
        with self._alone():
            return self.open(emit).take_back()

    def tend(self, jobs: Collection[str], emit: Callable[[Event], None], place: Place | None = None) -> None:
        """Follow until these jobs are settled or somebody took them back; returns then.

        Where a window is open, that one collects and this only looks on.
        """
        farm: Farm | None = None
        lock: Lock | None = None
        waiting = set(jobs)

        def hear(event: Event) -> None:
            if isinstance(event, Notice) or getattr(event, "job_id", "") in waiting:
                emit(event)

        try:
            while waiting:
                lock = lock or Lock.take(self._lock)
                if lock:
                    farm = farm or self.open(hear, place)
                    farm.step()
                settled = set(self._store.settled(waiting))
                for job_id in settled:
                    waiting.discard(job_id)
                    if farm is None and (entry := self._store.get(job_id)):
                        emit(JobChanged.of(entry))
                waiting -= {job.id for job in self._store.queue() if job.status is JobStatus.QUEUED}
                if waiting:
                    time.sleep(BUSY_S)
        finally:
            if lock:
                lock.release()

    def serve(self, emit: Callable[[Event], None]) -> "FarmLoop":
        """Look after the farm while a window is open; `emit` is called in a thread of its own."""
        return FarmLoop(self, emit)

    def overflow(self) -> list[Job]:
        """The waiting jobs beyond the length of queue that the settings allow, in the order of the queue."""
        over = self._settings().farm_over_queue
        if not over or not is_kept(self._home) or Entitlement.FARM not in self._licence().entitlements:
            return []
        return [job for job in self._store.queue() if job.status is JobStatus.QUEUED and not job.held][over:]

    @property
    def _lock(self) -> Path:
        return self._home.folder / "farm.lock"

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        try:
            lock = Lock.wait_for(self._lock, wait_s=10)
        except TimeoutError as error:
            raise UsageError(
                "Somebody else collects",
                "A window or a command of this computer is busy with the farm.",
                "Press “Take back from the farm” in the window's queue, or end that command first.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def try_alone(self) -> Lock | None:
        """The right to collect, None while another program of this home has it."""
        return Lock.take(self._lock)


class FarmLoop:
    """Collects from the farm, sends what is too much for this computer, until it is closed."""

    def __init__(self, desk: FarmDesk, emit: Callable[[Event], None]) -> None:
        self._desk = desk
        self._emit = emit
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._wants_back = threading.Event()
        self._stays: set[str] = set()
        self._told = ""
        self._farm: Farm | None = None
        self._thread = threading.Thread(target=self._serve, name="farm", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look after the farm now, and at the place that is known now; returns at once."""
        self._wake.set()

    def take_back(self) -> None:
        """Put what is on the farm back into this computer's queue; returns at once."""
        self._wants_back.set()
        self._wake.set()

    def close(self) -> None:
        """End the loop; what is on the farm goes on there and is collected the next time."""
        self._ending.set()
        self._wake.set()
        self._thread.join(CLOSING_S)

    def _serve(self) -> None:
        while not self._ending.is_set():
            pause_s = IDLE_S
            if not self._has_work():
                self._wants_back.clear()
            elif lock := self._desk.try_alone():
                try:
                    pause_s = self._turn()
                finally:
                    lock.release()
            if self._wake.wait(pause_s):
                self._wake.clear()
                self._farm = None

    def _has_work(self) -> bool:
        try:
            return bool(self._desk.under_way() or self._desk.overflow())
        except StudioError:
            return False

    def _turn(self) -> float:
        try:
            farm = self._farm = self._farm or self._desk.open(self._emit)
            if self._wants_back.is_set():
                self._wants_back.clear()
                self._stays |= {job.id for job in farm.under_way}
                farm.take_back()
            farm.hand_over([job for job in self._desk.overflow() if job.id not in self._stays])
            is_busy = farm.step()
        except StudioError as error:
            log.info("The farm waits: %s", error.title)
            if error.title != self._told:
                self._told = error.title
                self._emit(Notice(title=error.title, message=error.message, hint=error.hint))
            return 10 * IDLE_S
        except Exception:
            log.exception("The farm's loop met a fault of the program")
            return 10 * IDLE_S
        self._told = ""
        return BUSY_S if is_busy else IDLE_S


@contextlib.contextmanager
def _broker_errors() -> Generator[None]:
    from kombu.exceptions import OperationalError
    from redis import AuthenticationError, RedisError

    try:
        yield
    except AuthenticationError as error:
        raise password_refused() from error
    except (RedisError, OperationalError, OSError) as error:
        raise EngineError(
            "The farm's broker does not answer",
            f"No Redis server answers there ({type(error).__name__}).",
            "Check its address and that it runs; a firewall may block port 6379.",
            retryable=True,
        ) from error
