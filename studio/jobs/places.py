"""Where a job's files may stand: never over a stranger's file, always over our own earlier one."""

import contextlib
import errno
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

from studio.engine.templates.files import channel_file, separate_channels
from studio.errors import Cancelled, OutputError
from studio.files import TEMPORARY_PREFIX, output_errors, sha256_of
from studio.jobs.names import REPORT, with_copy
from studio.jobs.store import Store
from studio.model import Job, Recipe, ResultFile

LAYERS = ("garment.png", "mannequin.png", "inner.png", "result_full.png")


def result_paths(destination: Path, recipe: Recipe, copy: int = 1) -> list[Path]:
    """Every file that a job with this recipe writes at `destination`, which names the copy already."""
    plain = [
        destination.with_name(f"{destination.name}.{recipe.output.format}"),
        destination.with_name(f"{destination.name}{REPORT}"),
    ]
    layers = destination.with_name(f"{destination.name}.layers")
    plain += [destination.parent / channel_file(template, copy) for template in separate_channels(recipe)]
    return plain + ([layers / name for name in LAYERS] if recipe.output.layers else [])


def choose_copy(job: Job, worker: str, store: Store) -> int:
    """Reserve the first copy number whose names are free or ours.

    Raises OutputError when nothing can be written, Cancelled when the job is not this worker's any more.
    """
    with output_errors(_result(job)):
        for copy in itertools.count(1):
            places = [with_copy(place, copy) for place in (job.destination, job.review_destination)]
            paths = [path for place in places for path in result_paths(place, job.recipe, copy)]
            if not all(is_free(path, job, store) for path in paths):
                continue
            if store.reserve(job.id, worker, copy):
                return copy
            if all(entry.job.id != job.id for entry in store.running_under(worker)):
                raise Cancelled
    raise AssertionError("itertools.count does not end")


def is_free(path: Path, job: Job, store: Store) -> bool:
    """Whether nothing stands at `path`, or a file that we wrote there for this photo and nobody changed since."""
    if not os.path.lexists(path):
        return True
    if path.is_symlink() or not path.is_file():
        return False
    return sha256_of(path) in store.our_hashes(path, job.shot.front)


def check_writable(job: Job) -> None:
    """Raise OutputError now rather than after the work, when the destination's folder takes no files."""
    folder = next(folder for folder in job.destination.parents if os.path.exists(folder))
    with output_errors(_result(job)):
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{folder} is a file, not a folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "Permission denied")


def _result(job: Job) -> Path:
    return job.destination.with_name(f"{job.destination.name}.{job.recipe.output.format}")


def refuse_taken(files: Iterable[ResultFile], job: Job, store: Store) -> None:
    """Raise OutputError when a stranger's file took one of the names while the job was running."""
    for file in files:
        if not is_free(file.path, job, store):
            raise OutputError(
                "Name taken meanwhile",
                f"Another program wrote {file.path} while {job.shot.front} was worked on; it was left as it is.",
                "Process it again: the result takes a new name.",
                retryable=True,
            )


def sweep(job: Job, owner: str) -> None:
    """Remove the temporary files that the dead process `owner` left where this job writes."""
    for place in (job.destination, job.review_destination):
        channels = [place.parent / template.name for template in job.recipe.channels]
        for folder in (place.parent, *channels, *place.parent.glob(f"{_escaped(place.name)}*.layers")):
            for leaving in folder.glob(f"{TEMPORARY_PREFIX}{owner}-*"):
                with contextlib.suppress(OSError):
                    leaving.unlink()


def remove_ours(files: Iterable[ResultFile], *, below: Path) -> None:
    """Remove those of the files that are still as we wrote them, and folders that this empties, up to `below`."""
    for file in files:
        with contextlib.suppress(OSError):
            if sha256_of(file.path) == file.sha256:
                file.path.unlink()
        remove_empty_folders(file.path.parent, below=below)


def remove_empty_folders(folder: Path, *, below: Path) -> None:
    """Remove `folder` and its parents while they are empty and lie below `below`."""
    with contextlib.suppress(OSError):
        while folder != below and folder.is_relative_to(below):
            folder.rmdir()
            folder = folder.parent


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
