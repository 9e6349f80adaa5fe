"""Jobs of this computer on the farm: handed over, followed, and recorded like those that ran here.

A job that is on the farm is `running` under the worker `farm` in this computer's database, and its run's folder stands
in the shared one. From these two everything can be found again after the program was killed.
"""

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from studio import __version__
from studio.engine import pipeline
from studio.errors import Cancelled, OutputError, PhotoError, StoreError, StudioError
from studio.farm import tasks
from studio.farm.board import Board
from studio.farm.needs import Needs, needs_of, priority_of, queue_of
from studio.farm.place import Place, without_password
from studio.farm.storage import THIS_PHOTO, Order, Outcome, Run, Storage, copy_checked
from studio.files import move_into_place, output_errors, sha256_of, temporary_beside
from studio.jobs.names import with_copy
from studio.jobs.outgoing import FARM_WORKER
from studio.jobs.places import check_writable, choose_copy, refuse_taken
from studio.jobs.store import Store
from studio.model import Event, Failure, Job, JobChanged, Notice, Progress, ResultFile

LIMIT_S = 1800
# A worker that is busy with a run of which the broker forgot everything, or that took it from its queue, says so
# within this time.
FORGOTTEN_S = 10.0
LOSSES_ALLOWED = 10


class Farm:
    """The way to a farm; `step` moves this computer's jobs on by as much as is possible now. For one thread."""

    def __init__(self, place: Place, store: Store, emit: Callable[[Event], None]) -> None:
        self.place = place
        self._store = store
        self._emit = emit
        self._storage = Storage(place.storage)
        self._board = Board(place.broker)
        self._app = tasks.make_app(place.broker, limit_s=LIMIT_S, with_results=False)
        self._unknown_since: dict[str, float] = {}
        self._queues: dict[str, tuple[str, ...]] = {}
        self._told: set[str] = set()
        self._is_away = False

    def hand_over(self, jobs: Iterable[Job]) -> list[Job]:
        """Give waiting jobs to the farm; returns those that nobody else took before."""
        taken = [job for job in jobs if self._store.claim(job.id, FARM_WORKER)]
        for job in taken:
            self._tell(job)
        return taken

    @property
    def under_way(self) -> list[Job]:
        """This computer's jobs on the farm."""
        return [entry.job for entry in reversed(self._store.running_under(FARM_WORKER))]

    def step(self) -> bool:
        """Send, follow and collect; True while there are jobs on the farm. Raises StoreError."""
        jobs = self.under_way
        if not jobs:
            return False
        try:
            self._storage.check()
            runs = self._storage.runs()
        except (OSError, StudioError) as error:
            self._say_once(
                Notice(
                    title="Farm folder out of reach",
                    message=f"{len(jobs)} photos wait: {_words(error)}",
                    hint=_hint(error),
                )
            )
            return True
        self._told.discard("Farm folder out of reach")
        unwanted = self._store.to_stop(FARM_WORKER)
        followed: list[tuple[Job, Run]] = []
        for job in jobs:
            run = runs.get(job.id)
            if job.id in unwanted:
                self._take_back(job, run)
            elif run is None:
                self._guarded(job, lambda job=job: self._order(job))
            elif (outcome := self._outcome(run)) is not None:
                self._guarded(job, lambda job=job, run=run, outcome=outcome: self._collect(job, run, outcome))
            else:
                followed.append((job, run))
        self._follow(followed)
        return bool(self.under_way)

    def take_back(self) -> int:
        """Put every job of this computer that is on the farm back into its own queue; how many there were."""
        jobs = self.under_way
        runs: dict[str, Run] = {}
        with contextlib.suppress(OSError):  # what workers make of these is never collected then
            runs = self._storage.runs()
        for job in jobs:
            self._take_back(job, runs.get(job.id))
        return len(jobs)

    def _order(self, job: Job) -> None:
        """Lay a job into the shared folder and into its queue."""
        check_writable(job)
        copy = choose_copy(job, FARM_WORKER, self._store)
        needs = needs_of(job, pipeline.megapixels(job.shot))
        run = self._storage.new_run(job.id)
        try:
            photos, pictures = _photos(job), _pictures(job)
            names = {role: _sent_name(role, path) for role, (path, _) in photos.items()}
            for role, (path, sha256) in photos.items():
                copy_checked(path, run.photo(names[role]), sha256, _changed(path))
            run.write_order(
                Order(
                    version=__version__,
                    priority=priority_of(job),
                    ability=needs.ability,
                    memory_mb=needs.memory_mb,
                    photos={role: (names[role], sha256) for role, (_, sha256) in photos.items()},
                    pictures={role: _lay(run, role, path) for role, path in pictures.items()},
                    recipe=job.recipe.to_json(),
                    edits=self._store.edits_of(job.source_hash).to_json(),
                    seed=job.seed,
                    name=with_copy(job.destination, copy).name,
                    copy=copy,
                    sku=job.shot.sku,
                    view=job.shot.view,
                )
            )
        except BaseException:
            run.remove()
            raise
        self._send(run)

    def _send(self, run: Run) -> None:
        """Put a run into its queue; a broker that is away gets it when it is back."""
        order = run.order()
        if order is None:
            return
        queue = queue_of(order.priority, Needs(ability=order.ability, memory_mb=order.memory_mb))

        def put() -> None:
            tasks.send_to(self._app, run.id, task_id=run.id, queue=queue)
            self._board.note_sent(run.id)

        if self._with_broker(put):
            self._unknown_since.pop(run.id, None)

    def _follow(self, followed: list[tuple[Job, Run]]) -> None:
        """Hear how far the runs are, and send those anew that a broker or a worker lost."""
        found: list[tuple[dict[str, str], dict[str, object] | None]] = []
        ids = [run.id for _, run in followed]
        if not ids or not self._with_broker(lambda: found.extend(self._board.look(ids))):
            return
        waiting = self._waiting([run for (_, run), (_, pulse) in zip(followed, found, strict=True) if pulse is None])
        for (job, run), (notes, pulse) in zip(followed, found, strict=True):
            if pulse is not None:
                self._unknown_since.pop(run.id, None)
                self._progress(job, pulse)
            elif "begun" in notes:
                self._lost(job, run, notes["begun"])
            elif "sent" in notes and run.id in waiting:
                self._unknown_since.pop(run.id, None)
            elif time.monotonic() - self._since(run) > FORGOTTEN_S:
                self._name_strangers()
                self._guarded(job, lambda run=run: self._send(run))
            if "refused" in notes:
                self._say_once(
                    Notice(
                        title="A worker passed photos on",
                        message=notes["refused"],
                        hint="They wait for a worker that can do them.",
                    )
                )

    def _name_strangers(self) -> None:
        """Say which workers look into another folder: what they take from a queue they do not find."""
        workers: list[dict[str, object]] = []
        self._with_broker(lambda: workers.extend(self._board.workers()))
        for facts in self._storage.strangers(workers):
            self._say_once(
                Notice(
                    title="A worker uses another folder",
                    message=f"{facts['name']} on {facts['host']} looks for photos in {facts['folder']}, which is not "
                    f"this farm's {self.place.storage}. What it takes from the queue is sent again.",
                    hint="Run on that computer: modamoda farm set-up, with the folder that all share.",
                )
            )

    def _waiting(self, runs: Iterable[Run]) -> set[str]:
        """The runs in whose queues something waits; all of them while the broker is away.

        A worker that is killed with a message in its hands, before it began the run, has taken it out of the queue.
        """
        queues: dict[str, list[str]] = {}
        for run in runs:
            for queue in self._queues_of(run):
                queues.setdefault(queue, []).append(run.id)
        depths: dict[str, int] = {}
        if queues and not self._with_broker(lambda: depths.update(self._board.depths(list(queues)))):
            return {run_id for run_ids in queues.values() for run_id in run_ids}
        return {run_id for queue in depths for run_id in queues[queue]}

    def _queues_of(self, run: Run) -> tuple[str, ...]:
        """Where a run may wait: for anybody, or, passed on, for a worker of its version."""
        if run.id not in self._queues:
            try:
                order = run.order()
            except OSError:
                return ()
            if order is None:
                return ()
            needs = Needs(ability=order.ability, memory_mb=order.memory_mb)
            self._queues[run.id] = tuple(queue_of(order.priority, needs, version) for version in ("", order.version))
        return self._queues[run.id]

    def _since(self, run: Run) -> float:
        return self._unknown_since.setdefault(run.id, time.monotonic())

    def _lost(self, job: Job, run: Run, worker: str) -> None:
        """A worker is gone with its run: another one does it."""
        losses: list[int] = []
        if not self._with_broker(
            lambda: (losses.append(self._board.count(run.id, "losses")), self._board.let_go(run.id))
        ):
            return
        if losses[0] >= LOSSES_ALLOWED:
            failure = Failure(
                title="Workers lost",
                message=f"{losses[0]} workers were lost while they worked on {job.shot.front}; it was set aside.",
                hint="It may need more memory than the farm's computers have: try a smaller copy.",
            )
            self._fail(job, failure)
            self._remove(run)
            return
        self._emit(
            Notice(
                title="A worker of the farm was lost",
                message=f"{worker} does not answer any more; {job.shot.front.name} is given to another one.",
                is_news=True,
            )
        )
        self._send(run)

    def _progress(self, job: Job, pulse: dict[str, object]) -> None:
        stage, fraction = str(pulse["stage"]), float(str(pulse["fraction"]))
        self._emit(Progress(job_id=job.id, photo=job.shot.front, stage=stage or "farm", fraction=fraction))

    def _outcome(self, run: Run) -> Outcome | None:
        try:
            return run.outcome()
        except (OSError, ValueError):
            return None  # seen half, as some network drives show a file that is just written

    def _collect(self, job: Job, run: Run, outcome: Outcome) -> None:
        """Bring the files of a run to where the job wants them, and record them."""
        if outcome.failure:
            self._fail(job, _about(job, outcome.failure))
        else:
            self._place(job, run, outcome)
            self._tell(job)
        self._remove(run)

    def _place(self, job: Job, run: Run, outcome: Outcome) -> None:
        folder = (job.review_destination if outcome.needs_review else job.destination).parent
        files = tuple(ResultFile(path=folder / name, sha256=sha256) for name, sha256 in outcome.files)
        parts: dict[Path, Path] = {}
        try:
            for file, (name, sha256) in zip(files, outcome.files, strict=True):
                with output_errors(file.path):
                    parts[file.path] = part = temporary_beside(file.path)
                    copy_checked(run.folder / outcome.attempt / name, part, sha256, _damaged(job))
            refuse_taken(files, job, self._store)
            if not self._store.plan(job.id, FARM_WORKER, files):
                raise Cancelled
            for file in reversed(files):  # the picture itself last, as the engine does
                move_into_place(parts[file.path], file.path)
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)
        self._store.finish(
            job.id,
            FARM_WORKER,
            files=files,
            confidence=outcome.confidence,
            warnings=outcome.warnings,
            needs_review=outcome.needs_review,
            models=outcome.models,
        )

    def _guarded(self, job: Job, act: Callable[[], None]) -> None:
        """Act for one job; what concerns it alone ends it alone. Raises StoreError."""
        try:
            act()
        except Cancelled:
            pass
        except StoreError:
            raise
        except OSError as error:
            self._say_once(
                Notice(
                    title="Farm folder out of reach",
                    message=f"Photos wait: {_words(error)}",
                    hint="Connect the network drive.",
                )
            )
        except StudioError as error:
            self._fail(job, Failure(title=error.title, message=error.message, hint=error.hint))
            runs = self._storage.runs()
            if job.id in runs:
                self._remove(runs[job.id])

    def _take_back(self, job: Job, run: Run | None) -> None:
        if run is not None:
            run.cancel()
            known: list[tuple[dict[str, str], dict[str, object] | None]] = []
            reached = self._with_broker(lambda: known.extend(self._board.look([run.id])))
            if reached and known[0][1] is None:
                self._remove(run)  # nobody is at it: a worker that meets its message finds nothing to do
        self._store.put_back(job.id, FARM_WORKER)
        self._tell(job)

    def _remove(self, run: Run) -> None:
        run.remove()
        self._unknown_since.pop(run.id, None)
        self._queues.pop(run.id, None)
        self._with_broker(lambda: self._board.forget(run.id))

    def _fail(self, job: Job, failure: Failure) -> None:
        self._store.fail(job.id, FARM_WORKER, failure)
        self._tell(job)

    def _with_broker(self, act: Callable[[], object]) -> bool:
        """Do something with the broker; False, and said once, when it is away."""
        from kombu.exceptions import OperationalError
        from redis import RedisError

        try:
            act()
        except (RedisError, OperationalError, OSError):
            if not self._is_away:
                self._is_away = True
                self._emit(
                    Notice(
                        title="The farm's broker does not answer",
                        message=f"{without_password(self.place.broker)} is away; the photos on the farm wait for it.",
                        hint="To do them on this computer instead: modamoda farm take-back",
                    )
                )
            return False
        if self._is_away:
            self._is_away = False
            message = "The photos on the farm go on."
            self._emit(Notice(title="The farm's broker answers again", message=message, is_news=True))
        return True

    def _say_once(self, notice: Notice) -> None:
        key = notice.title if notice.title.startswith("Farm folder") else notice.message
        if key not in self._told:
            self._told.add(key)
            self._emit(notice)

    def _tell(self, job: Job) -> None:
        if entry := self._store.get(job.id):
            self._emit(JobChanged.of(entry))


def _photos(job: Job) -> dict[str, tuple[Path, str]]:
    """The photos of a job by role, with the content it was ordered for."""
    shot = job.shot
    paths = {"front": shot.front, "inside": shot.inside, "plate": shot.plate, "bare": shot.bare}
    hashes = {"front": job.source_hash, "inside": job.inside_hash, "plate": job.plate_hash, "bare": job.bare_hash}
    return {role: (path, hashes[role] or "") for role, path in paths.items() if path}


def _sent_name(role: str, path: Path) -> str:
    """The front photo keeps its name, which the report says; the others may have the same one in another folder."""
    return path.name if role == "front" else f"{role}-{path.name}"


def _pictures(job: Job) -> dict[str, Path]:
    """The files of this computer that a recipe names."""
    named = {"background": job.recipe.compose.background}
    if job.recipe.figure:
        named["pose"] = job.recipe.figure.pose
    return {role: Path(words) for role, words in named.items() if Path(words).is_file()}


def _lay(run: Run, role: str, path: Path) -> tuple[str, str]:
    name, sha256 = f"{role}{path.suffix}", sha256_of(path)
    copy_checked(path, run.photo(name), sha256, _changed(path))
    return name, sha256


def _about(job: Job, failure: Failure) -> Failure:
    """A failure with the photo's own path for the place it had on a worker."""
    words = [str(job.shot.front) if "modamoda-farm-" in word else word for word in failure.message.split(" ")]
    return dataclasses.replace(failure, message=" ".join(words).replace(THIS_PHOTO, str(job.shot.front), 1))


def _changed(path: Path) -> PhotoError:
    return PhotoError(
        "Photo changed",
        f"{path} was changed after it was queued, so that its result would not be the one ordered.",
        "Process it again to work on the photo as it is now.",
    )


def _damaged(job: Job) -> OutputError:
    return OutputError(
        "Result arrived damaged",
        f"The result of {job.shot.front} is not as the farm made it.",
        "Check the shared folder's disk, then try again.",
        retryable=True,
    )


def _words(error: Exception) -> str:
    return error.message if isinstance(error, StudioError) else str(error)


def _hint(error: Exception) -> str:
    return error.hint if isinstance(error, StudioError) else "Connect the network drive."
