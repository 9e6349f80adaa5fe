"""Doing one run of the farm: from the shared folder, through the engine, and back into it."""

import contextlib
import dataclasses
import importlib
import logging
import os
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

from studio import __version__
from studio.errors import Cancelled, PhotoError, StudioError
from studio.farm import tasks
from studio.farm.board import BEAT_S, Board, without_broker
from studio.farm.needs import Needs, queue_of
from studio.farm.node import Node
from studio.farm.storage import PROTOCOL, THIS_PHOTO, Order, Outcome, Run, Storage, copy_checked
from studio.jobs.doing import Engine
from studio.jobs.names import REVIEW_FOLDER
from studio.model import Edits, Failure, Recipe, Shot

LOG = logging.getLogger(__name__)
DEATHS_ALLOWED = 3
TRIES_ALLOWED = 4
FIRST_RETRY_S = 2.0
WATCH_S = 0.5
# A library that does not yield for so long after a cancel is ended with its process.
YIELD_S = 3.0


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
            with without_broker():
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
        with without_broker():
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
                outcome = Outcome(failure=too_long(self._node.limit_s))
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
        with without_broker():
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
                with without_broker():  # the shared folder is away: its sender sends the run anew
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
                with without_broker():
                    self._board.beat(self._run.id, self._worker, *self._stage)


@contextlib.contextmanager
def _scratch() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="modamoda-farm-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _poison() -> Failure:
    return Failure(
        title="The program crashed on this photo",
        message=f"{THIS_PHOTO} made the farm's workers crash {DEATHS_ALLOWED} times; it was set aside.",
        hint="It may need more memory than there is, or be damaged: try a smaller copy saved by another program.",
    )


def too_long(limit_s: int) -> Failure:
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
