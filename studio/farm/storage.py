"""The shared folder of a farm: each job sent there has a folder of its own with its photos, its order and its outcome.

    runs/RUN/order.json       what to do; written last, so that a run without one was never sent
    runs/RUN/in/…             the photos
    runs/RUN/out-ATTEMPT/…    the files that one attempt made
    runs/RUN/outcome.json     how it ended, and which attempt's files count; written once, whole
    runs/RUN/cancel           nobody wants it any more

The folder is the truth about a run; the broker only says who does it when. Names in it are relative to it, because
computers see it under different paths.
"""

import contextlib
import dataclasses
import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.errors import OutputError, StudioError, UsageError
from studio.files import sha256_of, write_atomically
from studio.model import Failure

PROTOCOL = 1
MARK = ".modamoda-farm"
# How a worker's failure calls the photo, whose place at its sender it does not know.
THIS_PHOTO = "This photo"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a worker is told of a job. Photos and pictures are names below `in/`, with their sha256.

    version: of the program that ordered. photos: by role. pictures: files that the recipe names, by its own words for
    them. name: of the result, without suffix. copy: above 1 the name says so already.
    """

    version: str
    protocol: int = PROTOCOL
    priority: str
    ability: str
    memory_mb: int
    photos: dict[str, tuple[str, str]]
    pictures: dict[str, tuple[str, str]]
    recipe: str
    edits: str
    seed: int
    name: str
    copy: int
    sku: str = ""
    view: str = "front"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended: with files or with a failure.

    files: name below the attempt's folder, and sha256. models: the ids of the networks that took part.
    """

    attempt: str = ""
    files: tuple[tuple[str, str], ...] = ()
    needs_review: bool = False
    confidence: float = 0.0
    warnings: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    failure: Failure | None = None
    worker: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Run:
    """A run's folder."""

    folder: Path

    @property
    def id(self) -> str:
        """The run's name on the broker."""
        return self.folder.name

    @property
    def job_id(self) -> str:
        """The job at its sender's."""
        return self.folder.name.partition(".")[0]

    def photo(self, name: str) -> Path:
        """Where a photo of that name stands."""
        return self.folder / "in" / name

    def order(self) -> Order | None:
        """What to do, None when nobody wants it any more. Raises OSError when the folder is out of reach."""
        data = _read(self.folder / "order.json")
        if data is None or self.is_cancelled():
            return None
        known = {entry.name for entry in dataclasses.fields(Order)}
        for name in ("photos", "pictures"):
            data[name] = {role: (pair[0], pair[1]) for role, pair in data[name].items()}
        return Order(**{name: value for name, value in data.items() if name in known})

    def write_order(self, order: Order) -> None:
        """Complete the run. Raises OSError."""
        _write(self.folder / "order.json", dataclasses.asdict(order))

    def outcome(self) -> Outcome | None:
        """How it ended, None = not yet. Raises OSError."""
        data = _read(self.folder / "outcome.json")
        if data is None:
            return None
        failure = Failure(**data.pop("failure")) if data["failure"] else data.pop("failure")
        files = tuple((name, sha256) for name, sha256 in data.pop("files"))
        words = {name: tuple(data.pop(name, ())) for name in ("warnings", "models")}
        return Outcome(files=files, failure=failure, **words, **data)

    def end(self, outcome: Outcome) -> bool:
        """Record how it ended unless somebody did; False when it is over or not wanted any more. Raises OSError."""
        if not self.folder.is_dir() or self.outcome() is not None or self.is_cancelled():
            return False
        _write(self.folder / "outcome.json", dataclasses.asdict(outcome))
        return True

    def cancel(self) -> None:
        """Say that nobody wants it any more."""
        with contextlib.suppress(OSError):
            (self.folder / "cancel").touch()

    def is_cancelled(self) -> bool:
        """Whether nobody wants it any more."""
        return (self.folder / "cancel").exists() or not self.folder.exists()

    def remove(self) -> None:
        """Delete the folder; what somebody still has open may stay until the next time."""
        with contextlib.suppress(OSError):
            (self.folder / "order.json").unlink(missing_ok=True)  # first: half a run is no run
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Storage:
    """The shared folder."""

    folder: Path
    _runs: str = field(default="runs", repr=False)

    def check(self) -> None:
        """Raise OutputError where the folder is not there or takes no files; it is never made by itself.

        A network drive that is away often leaves an empty, writable folder behind: one that is a farm's is marked.
        """
        if (self.folder / MARK).exists() and os.access(self.folder / self._runs, os.W_OK):
            return
        raise OutputError(
            "Farm folder out of reach",
            f"{self.folder} is not there, or is no folder of a farm.",
            "Connect the network drive. For a new farm run once: modamoda farm set-up",
            retryable=True,
        )

    @property
    def identity(self) -> str:
        """What tells this folder from another farm's; "" where it is out of reach, or marked by an older version."""
        try:
            return (self.folder / MARK).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def strangers(self, workers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those of the workers, by the facts they tell, that have another folder than this one."""
        own = self.identity
        return [facts for facts in workers if own and facts.get("farm") and facts["farm"] != own]

    def set_up(self) -> None:
        """Make the folder a farm's; the folder above it must be there. Raises OutputError."""
        try:
            self.folder.mkdir(exist_ok=True)
            (self.folder / self._runs).mkdir(exist_ok=True)
            if not self.identity:
                write_atomically(self.folder / MARK, secrets.token_hex(8).encode())
        except OSError as error:
            raise OutputError(
                "Farm folder not writable", f"{self.folder}: {error.strerror}.", "Choose another shared folder."
            ) from error

    def new_run(self, job_id: str) -> Run:
        """A folder for a job, without an order yet. Raises OSError."""
        run = Run(self.folder / self._runs / f"{job_id}.{secrets.token_hex(4)}")
        (run.folder / "in").mkdir(parents=True)
        return run

    def run(self, run_id: str) -> Run:
        """The run of that name, whether or not it is there."""
        return Run(self.folder / self._runs / Path(run_id).name)

    def runs(self) -> dict[str, Run]:
        """The runs that were ordered, by the job of their sender. Raises OSError."""
        found = [Run(path) for path in sorted((self.folder / self._runs).iterdir())]
        return {run.job_id: run for run in found if (run.folder / "order.json").exists()}


def refuse_strangers(shared: Storage, workers: Sequence[Mapping[str, Any]]) -> None:
    """Raise UsageError where a worker has another folder: each would take jobs from the queues that it cannot find."""
    for facts in shared.strangers(workers):
        raise UsageError(
            "Another farm folder",
            f"{shared.folder} is not the folder that {facts['name']} on {facts['host']} works with: {facts['folder']}.",
            "Connect the network drive and name the folder that all share. To move the farm, first: modamoda farm stop",
        )


def copy_checked(source: Path, target: Path, sha256: str, problem: StudioError) -> None:
    """Copy a file and compare what arrived; raises `problem` when it is another. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if sha256_of(target) != sha256:
        target.unlink()
        raise problem


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _write(path: Path, data: dict[str, Any]) -> None:
    """Write JSON whole or not at all, without ever making its folder."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(data, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
