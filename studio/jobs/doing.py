"""Doing one claimed job: check its photos, find its place, run the engine, record the end."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio import crash
from studio.engine.stage import StageContext
from studio.errors import Cancelled, PhotoError, StoreError, StudioError
from studio.files import sha256_of
from studio.jobs.intake import UNREADABLE
from studio.jobs.names import out_folder, with_copy
from studio.jobs.places import check_writable, choose_copy, refuse_taken, remove_ours
from studio.jobs.store import Store
from studio.model import Failure, Job, JobStatus, ModelUsed, Recipe, ResultFile, Shot
from studio.settings import Home

log = logging.getLogger(__name__)


class Finished(Protocol):
    """What the worker wants to know of a finished shot; the engine's Frame has it."""

    @property
    def files(self) -> tuple[ResultFile, ...]: ...
    @property
    def confidence(self) -> float: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def review_reasons(self) -> tuple[str, ...]: ...
    @property
    def models(self) -> tuple[ModelUsed, ...]: ...
    def needs_review(self, recipe: Recipe) -> bool:
        """Whether a person should look before a shop does."""
        ...


class Engine(Protocol):
    """A module that finishes shots; `studio.engine.pipeline` is the real one."""

    def run(self, shot: Shot, context: StageContext) -> Finished:
        """Finish one shot and write its files. Raises StudioError or Cancelled."""
        ...

    def megapixels(self, shot: Shot) -> float:
        """How large the photos of a shot are together, from their headers; 0 when that cannot be told."""
        ...


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What a job is done with.

    worker: the id under which the job was claimed. home: where faults are written down. models: the folder of the
    studio engine's networks. device: where they work. compiled: the folder of what is compiled of them, None = they are
    not compiled. credentials: the folder of the key that files are signed with.
    """

    store: Store
    engine: Engine
    worker: str
    home: Home
    models: Path | None = None
    device: str = "auto"
    compiled: Path | None = None
    credentials: Path | None = None


def do(job: Job, bench: Bench, progress: Callable[[str, float], None], cancelled: Callable[[], bool]) -> JobStatus:
    """Do a claimed job to its end and return where it stands then. Raises StoreError only."""
    try:
        return _done(job, bench, progress, cancelled)
    except Cancelled:
        bench.store.put_back(job.id, bench.worker)
        entry = bench.store.get(job.id)
        return entry.job.status if entry else JobStatus.CANCELLED
    except StoreError:
        raise
    except StudioError as error:
        return _failed(job, bench, Failure(title=error.title, message=error.message, hint=error.hint))
    except MemoryError:
        return _failed(job, bench, _no_memory(job))
    except Exception as error:
        report = crash.keep(bench.home.crashes, error, where="worker", logs=bench.home.logs, private=_private(job))
        log.exception("Job %s met a fault of the program", job.id)
        return _failed(job, bench, _fault(job, report or bench.home.logs))


def _done(job: Job, bench: Bench, progress: Callable[[str, float], None], cancelled: Callable[[], bool]) -> JobStatus:
    _check_unchanged(job)
    check_writable(job)
    context = _context(job, bench, progress, cancelled)
    context.checkpoint()
    frame = bench.engine.run(job.shot, context)
    needs_review = frame.needs_review(job.recipe)
    remove_ours(bench.store.leavings(job.id, frame.files), below=out_folder(job))
    bench.store.finish(
        job.id,
        bench.worker,
        files=frame.files,
        confidence=frame.confidence,
        warnings=(*frame.review_reasons, *frame.warnings),
        needs_review=needs_review,
        models=[used.id for used in frame.models],
    )
    return JobStatus.NEEDS_REVIEW if needs_review else JobStatus.DONE


def _context(
    job: Job, bench: Bench, progress: Callable[[str, float], None], cancelled: Callable[[], bool]
) -> StageContext:
    copy = choose_copy(job, bench.worker, bench.store)
    stamps = _stamps(job.shot)

    def before_move(files: tuple[ResultFile, ...]) -> None:
        if _stamps(job.shot) != stamps:
            raise _changed(job.shot.front)
        refuse_taken(files, job, bench.store)
        if not bench.store.plan(job.id, bench.worker, files):
            raise Cancelled

    return StageContext(
        recipe=job.recipe,
        seed=job.seed,
        destination=with_copy(job.destination, copy),
        review_destination=with_copy(job.review_destination, copy),
        copy=copy,
        progress=progress,
        cancelled=cancelled,
        before_move=before_move,
        edits=bench.store.edits_of(job.source_hash),
        models=bench.models,
        device=bench.device,
        compiled=bench.compiled,
        credentials=bench.credentials,
    )


def _check_unchanged(job: Job) -> None:
    shot = job.shot
    photos = (shot.front, shot.inside, shot.plate, shot.bare)
    hashes = (job.source_hash, job.inside_hash, job.plate_hash, job.bare_hash)
    for photo, recorded in zip(photos, hashes, strict=True):
        if photo is None:
            continue
        try:
            found = sha256_of(photo)
        except OSError as error:
            raise _unreadable(photo, error, queued=recorded != UNREADABLE) from error
        if found != recorded:
            raise _changed(photo)


def _stamps(shot: Shot) -> list[tuple[int, int]]:
    photos = (shot.front, shot.inside, shot.plate, shot.bare)
    try:
        return [(found.st_mtime_ns, found.st_size) for found in map(os.stat, filter(None, photos))]
    except OSError as error:
        raise _unreadable(shot.front, error, queued=True) from error


def _unreadable(photo: Path, error: OSError, *, queued: bool) -> PhotoError:
    if isinstance(error, FileNotFoundError) and queued:
        return PhotoError(
            "Photo gone", f"{photo} was moved or deleted while it waited.", "Put it back, then try again."
        )
    # The engine has words for links in a circle, pipes, folders and files of somebody else.
    from studio.engine.image import probe

    try:
        probe(photo)
    except PhotoError as said:
        return said
    return PhotoError(
        "Photograph not readable", f"{photo} cannot be read: {error.strerror}.", "Check the disk or the card."
    )


def _changed(photo: Path) -> PhotoError:
    message = f"{photo} was changed after it was queued, so that its result would not be the one ordered."
    return PhotoError("Photo changed", message, "Process it again to work on the photo as it is now.")


def _failed(job: Job, bench: Bench, failure: Failure) -> JobStatus:
    bench.store.fail(job.id, bench.worker, failure)
    return JobStatus.FAILED


def _no_memory(job: Job) -> Failure:
    return Failure(
        title="Not enough memory",
        message=f"{job.shot.front} needs more memory than is free.",
        hint="Close other programs, then try again.",
    )


def _private(job: Job) -> list[Path]:
    """The paths that a job knows, and the folders they lie in."""
    shot = job.shot
    paths = [path for path in (shot.front, shot.inside, shot.plate, shot.bare, job.destination) if path]
    return [*paths, *(path.parent for path in paths)]


def _fault(job: Job, report: Path) -> Failure:
    return Failure(
        title="Fault of the program",
        message=f"{job.shot.front} could not be finished. This is a fault of the program, not of the photo.",
        hint=f"Please report it with the file {report}.",
    )
