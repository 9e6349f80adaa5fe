"""What is told while the program works."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from studio.model.job import Failure, HistoryEntry, JobStatus


@dataclass(frozen=True, kw_only=True)
class AccountChanged:
    """Something of the account is different: look again."""


@dataclass(frozen=True, kw_only=True)
class JobChanged:
    """A job reached another status. skipped jobs have no event of their own: intake returns them."""

    job_id: str
    photo: Path
    status: JobStatus
    files: tuple[Path, ...] = ()
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    error: Failure | None = None

    @classmethod
    def of(cls, entry: HistoryEntry) -> Self:
        """The event that says where a job stands."""
        return cls(
            job_id=entry.job.id,
            photo=entry.job.shot.front,
            status=entry.job.status,
            files=tuple(file.path for file in entry.files),
            confidence=entry.confidence,
            warnings=entry.warnings,
            error=entry.job.error,
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a job is: fraction 0..1 over all its stages."""

    job_id: str
    photo: Path
    stage: str
    fraction: float


# What notices are about that say whether the account can be used, and whether its service can be reached.
ACCOUNT = "account"
CONNECTION = "connection"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a person should know that concerns no single job. is_news: nothing is wrong and nothing to be done.

    about: what it speaks of, where that may change: the next notice about the same takes its place. "" = nothing else
    does.
    """

    title: str
    message: str
    hint: str = ""
    is_news: bool = False
    about: str = ""


Event = JobChanged | Progress | Notice | AccountChanged
