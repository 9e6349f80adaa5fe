"""Watched folders as plain data: what is watched, what arrived there, what became of it."""

import enum
from dataclasses import dataclass
from pathlib import Path

from studio.model import Failure, Job, JobStatus, Recipe

SETTLE_S = 2.0


class After(enum.StrEnum):
    """What becomes of an original once it is worked on: nothing, a move into `done` or `failed`, a tag in a sidecar."""

    LEAVE = "leave"
    MOVE = "move"
    TAG = "tag"


@dataclass(frozen=True, kw_only=True)
class WatchedFolder:
    """A folder that is watched, and what is made of the photos that arrive in it.

    folder, out: absolute. inside: name pattern of inside photos, None = there are none. plate, bare: absolute, the
    empty set and the bare mannequin on it, which serve all photos that arrive; None = they were not photographed.
    settle_s: how many seconds size and time of a file must rest before it is looked at. is_paused: nothing is taken
    until a person says so.
    """

    id: str
    folder: Path
    out: Path
    recipe: Recipe
    after: After = After.LEAVE
    inside: str | None = None
    plate: Path | None = None
    bare: Path | None = None
    settle_s: float = SETTLE_S
    is_paused: bool = False


class Outcome(enum.StrEnum):
    """What a watched folder made of a file: a job, nothing (known already), a failure, or it waits for its return."""

    QUEUED = "queued"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A photo became a job, or was one already that is not finished."""

    job: Job


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """A photo that needs nothing: the same content was done with the same recipe, under the name `of`."""

    photo: Path
    of: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A file that rested for long and still is no photograph."""

    photo: Path
    failure: Failure


Arrival = Queued | Duplicate | Unreadable


@dataclass(frozen=True, kw_only=True)
class LastEvent:
    """The newest thing known of a file of a watched folder. at: ISO 8601, UTC. status: None = it never became a job."""

    photo: Path
    outcome: Outcome
    status: JobStatus | None
    at: str
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class FolderState:
    """A watched folder as a person sees it: how many files stand where, and what happened last, the newest first.

    is_watched: whether a program watches it at the moment; a second folder without a licence is only set up. is_away:
    it or its output cannot be reached.
    """

    watched: WatchedFolder
    counts: dict[str, int]
    last: tuple[LastEvent, ...]
    is_watched: bool = False
    is_away: bool = False


@dataclass(frozen=True, kw_only=True)
class Move:
    """An original that was moved, or is about to be. sha256: of its bytes, hexadecimal."""

    number: int
    source: Path
    target: Path
    sha256: str
