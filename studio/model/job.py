"""Shots, the jobs made of them, and the history they leave."""

import enum
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studio.model.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Shot:
    """The photos of one garment from one view. inside: None = no photo of the inside exists.

    plate, bare: the empty set and the bare mannequin on it as photographed once for the set, None = they were not. sku:
    the garment's number as its card or name tells it, "" = unknown. view: "front" or "back".
    """

    front: Path
    inside: Path | None = None
    plate: Path | None = None
    bare: Path | None = None
    sku: str = ""
    view: str = "front"


class JobStatus(enum.StrEnum):
    """Where a job stands; done, failed and cancelled are final, but for a verdict that is taken back at once."""

    QUEUED = "queued"
    RUNNING = "running"
    NEEDS_REVIEW = "needs_review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether no later status is possible."""
        return self in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a job failed, as a person reads it."""

    title: str
    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A recipe on one shot, with everything needed to do it: source, destination, seed.

    source_hash, inside_hash, plate_hash, bare_hash: hexadecimal sha256 of the files' bytes when the job was made, None
    = there is no such photo. destination: absolute path of the result without its suffix; a doubtful result stands
    under review_destination instead. attempts: deaths of a worker whose parent lived. held: it waits until a person
    lets it go on.
    """

    id: str
    shot: Shot
    source_hash: str
    inside_hash: str | None
    plate_hash: str | None = None
    bare_hash: str | None = None
    recipe: Recipe
    seed: int
    destination: Path
    review_destination: Path
    intake_key: str
    status: JobStatus = JobStatus.QUEUED
    priority: int = 0
    attempts: int = 0
    held: bool = False
    created_at: datetime
    finished_at: datetime | None = None
    error: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class ResultFile:
    """One finished file and the hexadecimal sha256 of its bytes."""

    path: Path
    sha256: str


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """A job with what became of it.

    files: its finished files where they stand now, empty before it is done or in review. confidence: None = it never
    got that far. copy: above 1 the files carry `-copy` behind their name, because a stranger's file held it.
    ran_on: where it was done, "" = on this computer.
    """

    job: Job
    files: tuple[ResultFile, ...] = ()
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    copy: int = 1
    ran_on: str = ""


class HistoryOrder(enum.StrEnum):
    """What the history is sorted by. ARRIVED: when the job was ordered. WHEN: when it ended, or else was ordered."""

    ARRIVED = "arrived"
    NAME = "name"
    STATUS = "status"
    RECIPE = "recipe"
    CONFIDENCE = "confidence"
    WHEN = "when"
    WHERE = "where"


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """What to look for in the history; None = no limit of that kind.

    text: part of a file's or a recipe's name. since, until: when the job ended, or was ordered while it has not; since
    is included, until is not. model: the id of a network that took part. order, is_rising: what comes first; what has
    nothing to be sorted by comes last either way, and of two that are equal the newer one comes first.
    """

    text: str = ""
    status: JobStatus | None = None
    since: datetime | None = None
    until: datetime | None = None
    model: str | None = None
    order: HistoryOrder = HistoryOrder.ARRIVED
    is_rising: bool = False
