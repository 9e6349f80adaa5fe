"""A computer of the farm: a Celery worker that takes what it can do and puts what it made into the shared folder."""

import contextlib
import dataclasses
import importlib
import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from studio import __version__
from studio.bundled import child_command, use_addon
from studio.errors import Cancelled, EngineError, PhotoError, StudioError, UsageError
from studio.farm import tasks
from studio.farm.board import Board, password_refused
from studio.farm.needs import Needs, queue_of, queues_for
from studio.farm.place import Place
from studio.farm.storage import PROTOCOL, THIS_PHOTO, Order, Outcome, Run, Storage, copy_checked, refuse_strangers
from studio.jobs.doing import Engine
from studio.jobs.names import REVIEW_FOLDER
from studio.model import Edits, Failure, Recipe, Shot
from studio.settings import Home

LOG = logging.getLogger(__name__)
DEATHS_ALLOWED = 3
TRIES_ALLOWED = 4
FIRST_RETRY_S = 2.0
BEAT_S = 3.0
WATCH_S = 0.5
# A library that does not yield for so long after a cancel is ended with its process.
YIELD_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Node:
    """How a worker works. memory_mb: for one job. queues: only these, () = what it can do. compiles: whether networks
    are compiled."""

    place: Place
    home: Home
    name: str
    engine: str
    concurrency: int
    memory_mb: int
    abilities: tuple[str, ...]
    facts: dict[str, Any]
    limit_s: int
    queues: tuple[str, ...] = ()
    device: str = "auto"
    compiles: bool = False

    @property
    def listens(self) -> list[str]:
        """The queues that it takes from, the most urgent first."""
        found = queues_for(list(self.abilities), self.memory_mb, __version__)
        return [queue for queue in found if not self.queues or queue.partition("@")[0] in self.queues]


def make_node(
    place: Place,
    home: Home,
    *,
    engine: str,
    name: str = "",
    concurrency: int = 1,
    memory_mb: int = 0,
    queues: tuple[str, ...] = (),
    limit_s: int = 1800,
    compiles: bool = False,
) -> Node:
    """Look what this computer can do. Raises EngineError, OutputError.

    memory_mb: of the whole worker, 0 = what the computer has.
    """
    Storage(place.storage).check()
    command = child_command("studio.farm.probe", str(home.folder))
    try:
        told = subprocess.run(command, stdout=subprocess.PIPE, timeout=120, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(
            "Computer not understood", "What this computer can do could not be found out.", "Run: modamoda doctor"
        ) from error
    facts: dict[str, Any] = json.loads(told)
    total_mb = memory_mb or _memory_mb()
    return Node(
        place=place,
        home=home,
        name=name or f"{socket.gethostname()}-{os.getpid()}",
        engine=engine,
        concurrency=concurrency,
        memory_mb=total_mb // concurrency,
        abilities=tuple(facts.pop("abilities")),
        facts=facts | {"memory_mb": total_mb},
        limit_s=limit_s,
        queues=queues,
        device=os.environ.get("MODAMODA_DEVICE", "auto"),
        compiles=compiles,
    )


def serve(node: Node, *, log_level: str = "INFO") -> None:
    """Work until told to stop; the jobs at hand are finished first.

    Raises UsageError for a name that is in use and for another folder than the other workers have, EngineError for a
    password that the broker refuses.
    """
    use_addon(node.home.addon)
    _meet_the_others(node)
    worker = make_worker_app(node).Worker(
        hostname=f"{node.name}@farm",
        concurrency=node.concurrency,
        queues=list(node.listens),
        loglevel=log_level,
        # No forks on Windows: there a crash ends the worker, and time limits do not hold.
        pool="threads" if sys.platform == "win32" else "prefork",
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()


def make_worker_app(node: Node) -> Any:
    """A Celery app whose workers render for the farm."""
    app = tasks.make_app(node.place.broker, limit_s=node.limit_s, with_results=False)
    # A broker may be away for a night; the worker comes back with it.
    app.conf.update(broker_connection_max_retries=None, worker_redirect_stdouts=False)
    boards: dict[int, Board] = {}

    def work(run_id: str, _report: tasks.ReportProgress) -> dict[str, Any]:
        board = boards.setdefault(os.getpid(), Board(node.place.broker))
        return Bench(node, board, app).run(run_id)

    tasks.register(app, work, Request=_request(node))
    _announce(node)
    return app


class Bench:
    """One run after another, in one process of the worker."""

    def __init__(self, node: Node, board: Board, app: Any) -> None:
        self._node = node
        self._board = board
        self._app = app
        self._storage = Storage(node.place.storage)

    def run(self, run_id: str) -> dict[str, Any]:
        """Do a run if somebody still wants it. Raises Again when it is to be repeated."""
        run = self._storage.run(run_id)
        try:
            self._storage.check()
            order = run.order()
            if order is None or run.outcome() is not None:
                return self._not_wanted(run)
        except (OSError, StudioError) as error:
            raise self._again(run, "storage") from error
        if why := self._reason_against(order):
            return self._pass_on(run, order, why)
        if not self._begin(run):
            return {"status": "somebody_else"}
        try:
            return self._do(run, order)
        finally:
            with _without_broker():
                self._board.let_go(run.id)

    def _not_wanted(self, run: Run) -> dict[str, Any]:
        if run.folder.exists() and run.is_cancelled():
            run.remove()
        return {"status": "not_wanted"}

    def _reason_against(self, order: Order) -> str:
        """Why this worker cannot do an order, "" when it can."""
        if (order.version, order.protocol) != (__version__, PROTOCOL):
            return (
                f"Install one version on all computers: {self._node.name} runs version {__version__}, the job comes "
                f"from {order.version}."
            )
        if order.ability not in self._node.abilities:
            return f"{self._node.name} has not what the job needs ({order.ability})."
        if order.memory_mb > self._node.memory_mb:
            return f"{self._node.name} has {self._node.memory_mb} MB a job, this one needs {order.memory_mb} MB."
        return ""

    def _pass_on(self, run: Run, order: Order, why: str) -> dict[str, Any]:
        """Put a run where only workers look that can do it. Without a broker Celery keeps the job as it is."""
        needs = Needs(ability=order.ability, memory_mb=order.memory_mb)
        LOG.warning("A job was passed on: %s", why)
        self._board.note_refused(run.id, why)
        queue = queue_of(order.priority, needs, order.version)
        tasks.send_to(self._app, run.id, task_id=run.id, queue=queue)
        return {"status": "passed_on"}

    def _begin(self, run: Run) -> bool:
        with _without_broker():
            deaths = int(self._board.facts(run.id).get("deaths", 0))
            if deaths >= DEATHS_ALLOWED:
                self._end(run, Outcome(failure=_poison(), worker=self._node.name))
                return False
            return self._board.begin(run.id, self._node.name)
        return True

    def _do(self, run: Run, order: Order) -> dict[str, Any]:
        started = time.monotonic()
        try:
            with _Pulse(run, self._board, self._node.name) as pulse, _scratch() as folder:
                outcome = self._render(run, order, folder, pulse)
        except Cancelled:
            run.remove()
            return {"status": "cancelled"}
        except StudioError as error:
            if error.retryable:
                raise self._again(run, error.title) from error
            outcome = Outcome(failure=Failure(title=error.title, message=error.message, hint=error.hint))
        except MemoryError:
            outcome = Outcome(failure=_no_memory(self._node.name))
        except Exception as error:
            if type(error).__name__ == "SoftTimeLimitExceeded":
                outcome = Outcome(failure=_too_long(self._node.limit_s))
            elif isinstance(error, OSError) and run.is_cancelled():
                return {"status": "not_wanted"}
            else:
                LOG.exception("A run failed")
                raise self._again(run, type(error).__name__) from error
        seconds = round(time.monotonic() - started, 3)
        self._end(run, dataclasses.replace(outcome, worker=self._node.name, seconds=seconds))
        return {"status": "failed" if outcome.failure else "done"}

    def _end(self, run: Run, outcome: Outcome) -> None:
        try:
            run.end(outcome)
        except OSError as error:
            raise self._again(run, "storage") from error

    def _again(self, run: Run, why: str) -> tasks.Again:
        """Another try after a while, twice as long each time; after the last one the job fails with a sentence."""
        tries = 1
        with _without_broker():
            tries = self._board.count(run.id, "tries")
            self._board.let_go(run.id)
        if tries >= TRIES_ALLOWED:
            failure = Failure(
                title="Farm could not do it",
                message=f"The farm tried this photo {tries} times, the last time on {self._node.name} ({why}).",
                hint="The log of that computer's worker says more. Do the photo again, here or on the farm.",
            )
            try:
                run.end(Outcome(failure=failure, worker=self._node.name))
            except OSError:
                with _without_broker():  # the shared folder is away: its sender sends the run anew
                    self._board.forget(run.id)
        return tasks.Again(FIRST_RETRY_S * 2 ** (tries - 1))

    def _render(self, run: Run, order: Order, folder: Path, pulse: "_Pulse") -> Outcome:
        from studio.engine.stage import StageContext

        shot, recipe = _fetch(run, order, folder)
        made = folder / "made"
        context = StageContext(
            recipe=recipe,
            seed=order.seed,
            destination=made / order.name,
            review_destination=made / REVIEW_FOLDER / order.name,
            copy=order.copy,
            progress=pulse.report,
            cancelled=pulse.is_over,
            edits=Edits.from_json(order.edits),
            models=self._node.home.models,
            device=self._node.device,
            compiled=self._node.home.compiled if self._node.compiles else None,
            credentials=self._node.home.credentials,
        )
        engine = cast("Engine", importlib.import_module(self._node.engine))
        frame = engine.run(shot, context)
        needs_review = frame.needs_review(recipe)
        root = made / REVIEW_FOLDER if needs_review else made
        attempt = f"out-{secrets.token_hex(4)}"
        return Outcome(
            attempt=attempt,
            files=_deliver(run, attempt, root, [(file.path, file.sha256) for file in frame.files], order),
            needs_review=needs_review,
            confidence=frame.confidence,
            warnings=(*frame.review_reasons, *frame.warnings),
            models=tuple(used.id for used in frame.models),
        )


def _fetch(run: Run, order: Order, folder: Path) -> tuple[Shot, Recipe]:
    """Bring photos and pictures to this computer's disk."""
    places: dict[str, Path] = {}
    for role, (name, sha256) in (order.photos | order.pictures).items():
        places[role] = folder / "in" / name
        damaged = PhotoError("Photo arrived damaged", f"{name} is not as it was sent.", retryable=True)
        copy_checked(run.photo(name), places[role], sha256, damaged)
    shot = Shot(
        front=places["front"],
        inside=places.get("inside"),
        plate=places.get("plate"),
        bare=places.get("bare"),
        sku=order.sku,
        view=order.view,
    )
    recipe = Recipe.from_json(order.recipe)
    if background := places.get("background"):
        recipe = dataclasses.replace(recipe, compose=dataclasses.replace(recipe.compose, background=str(background)))
    if (pose := places.get("pose")) and recipe.figure:
        recipe = dataclasses.replace(recipe, figure=dataclasses.replace(recipe.figure, pose=str(pose)))
    return shot, recipe


def _deliver(
    run: Run, attempt: str, root: Path, files: list[tuple[Path, str]], order: Order
) -> tuple[tuple[str, str], ...]:
    """Copy what was made into the shared folder, under names below the folder that the result stands in."""
    damaged = PhotoError("Result arrived damaged", f"{order.name} could not be copied whole.", retryable=True)
    (run.folder / attempt).mkdir()  # fails when nobody wants the run any more
    named = [(path.relative_to(root).as_posix(), path, sha256) for path, sha256 in files]
    for name, path, sha256 in named:
        copy_checked(path, run.folder / attempt / name, sha256, damaged)
    return tuple((name, sha256) for name, _, sha256 in named)


class _Pulse:
    """Says from a thread that a run is alive, and learns there that nobody wants it any more."""

    def __init__(self, run: Run, board: Board, worker: str) -> None:
        self._run = run
        self._board = board
        self._worker = worker
        self._stage = ("", 0.0)
        self._over = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> "_Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def report(self, stage: str, fraction: float) -> None:
        """How far the run is; told with the next beat."""
        self._stage = (stage, fraction)

    def is_over(self) -> bool:
        """Whether the run should stop."""
        return self._over.is_set()

    def _beat(self) -> None:
        told = 0.0
        since = 0.0
        while not self._ending.wait(WATCH_S):
            with contextlib.suppress(OSError):
                if self._run.is_cancelled():
                    self._over.set()
            now = time.monotonic()
            since = since or (now if self._over.is_set() else 0.0)
            if since and now - since > YIELD_S and sys.platform != "win32":
                os._exit(1)  # Celery gives the job to the next process, which finds that nobody wants it
            if now - told > BEAT_S:
                told = now
                with _without_broker():
                    self._board.beat(self._run.id, self._worker, *self._stage)


def _request(node: Node) -> Any:
    """What the worker's main process does when the process of a run dies or takes too long."""
    from billiard.einfo import ExceptionWithTraceback
    from billiard.exceptions import WorkerLostError
    from celery.worker.request import Request

    board = Board(node.place.broker)

    class FarmRequest(Request):
        """A run that the main process has given to one of its children."""

        id: str

        def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
            """Count the death of a child against its run; Celery gives the run to the next one."""
            error: Any = exc_info.exception
            error = cast("Any", error.exc if isinstance(error, ExceptionWithTraceback) else error)
            if isinstance(error, (WorkerLostError, SystemExit)):
                with _without_broker():
                    board.count(self.id, "deaths")
                    board.let_go(self.id)
            return cast("Any", super().on_failure(exc_info, send_failed_event, return_ok))

        def on_timeout(self, soft: bool, timeout: float) -> Any:
            """End a run that did not even heed the soft limit."""
            if not soft:
                with contextlib.suppress(OSError):
                    outcome = Outcome(failure=_too_long(node.limit_s), worker=node.name)
                    Storage(node.place.storage).run(self.id).end(outcome)
            return cast("Any", super().on_timeout(soft, timeout))

    return FarmRequest


def _announce(node: Node) -> None:
    """Have the worker's main process say that it lives, from when it is ready until it ends."""
    from celery import signals

    ending = threading.Event()
    facts = node.facts | {
        "name": node.name,
        "host": socket.gethostname(),
        "farm": Storage(node.place.storage).identity,
        "folder": str(node.place.storage),
        "version": __version__,
        "abilities": list(node.abilities),
        "concurrency": node.concurrency,
        "memory_mb_a_job": node.memory_mb,
        "queues": sorted({queue.partition("@")[0] for queue in node.listens}),
    }

    def tell() -> None:
        board = Board(node.place.broker)
        while True:
            with _without_broker():
                board.tell_worker(node.name, facts)
            if ending.wait(BEAT_S):
                break
        with _without_broker():
            board.forget_worker(node.name)

    def on_ready(**_: Any) -> None:
        threading.Thread(target=tell, name="presence", daemon=True).start()

    def on_end(**_: Any) -> None:
        ending.set()
        time.sleep(0.2)

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutdown.connect(on_end, weak=False)


def _meet_the_others(node: Node) -> None:
    """Refuse what would go wrong beside those who work there. A broker that is away is waited for later."""
    from redis import AuthenticationError

    with _without_broker():
        try:
            others = Board(node.place.broker).workers()
        except AuthenticationError as error:
            raise password_refused() from error
        if any(facts["name"] == node.name for facts in others):
            raise UsageError(
                "Name in use",
                f"A worker named {node.name} is at the farm already.",
                "Give this one another --name, or wait a quarter of a minute if that one has just crashed.",
            )
        refuse_strangers(Storage(node.place.storage), others)


@contextlib.contextmanager
def _without_broker() -> Generator[None]:
    """What is noted on the broker may be lost with it; the run goes on."""
    from kombu.exceptions import OperationalError
    from redis import RedisError

    with contextlib.suppress(RedisError, OperationalError):
        yield


@contextlib.contextmanager
def _scratch() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="modamoda-farm-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory_mb() -> int:
    import psutil

    return psutil.virtual_memory().total // 2**20


def _poison() -> Failure:
    return Failure(
        title="The program crashed on this photo",
        message=f"{THIS_PHOTO} made the farm's workers crash {DEATHS_ALLOWED} times; it was set aside.",
        hint="It may need more memory than there is, or be damaged: try a smaller copy saved by another program.",
    )


def _too_long(limit_s: int) -> Failure:
    return Failure(
        title="Rendering took too long",
        message=f"The farm did not finish this photo in {limit_s} s.",
        hint="Start the workers with a larger --limit, or do the photo on this computer.",
    )


def _no_memory(worker: str) -> Failure:
    return Failure(
        title="Not enough memory",
        message=f"{worker} has not enough free memory for this photo.",
        hint="Start that worker with a smaller --concurrency, or do the photo on another computer.",
    )
