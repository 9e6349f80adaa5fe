"""Between the rows of the database and the core types: what a column holds, and what it means."""

import functools
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio.jobs.tables import FileRow, JobRow
from studio.model import Failure, HistoryEntry, Job, JobStatus, Recipe, ResultFile, Shot


def now() -> str:
    """The time, as it stands in the database."""
    return datetime.now(UTC).isoformat()


def path_of(raw: bytes) -> Path:
    """The path that stands in the database as bytes."""
    return Path(os.fsdecode(raw))


def file_row(job_id: str, file: ResultFile, *, planned: bool) -> FileRow:
    """The row of a file."""
    return FileRow(job_id=job_id, path=os.fsencode(file.path), sha256=file.sha256, planned=planned)


def error_columns(failure: Failure) -> dict[str, Any]:
    """A failure as columns of its job."""
    return {"error_title": failure.title, "error_message": _text(failure.message), "error_hint": _text(failure.hint)}


def _text(words: str) -> str:
    """Words that SQLite takes: bytes of a file name that are no text become escapes."""
    return words.encode(errors="backslashreplace").decode()


def columns(job: Job) -> dict[str, Any]:
    """A new job as columns."""
    return {
        "id": job.id,
        "front": os.fsencode(job.shot.front),
        "source_hash": job.source_hash,
        "inside_hash": job.inside_hash,
        "plate_hash": job.plate_hash,
        "bare_hash": job.bare_hash,
        **_shot_columns(job.shot),
        "recipe": job.recipe.to_json(),
        "seed": job.seed,
        "destination": os.fsencode(job.destination),
        "review_destination": os.fsencode(job.review_destination),
        "intake_key": job.intake_key,
        "status": job.status,
        "priority": job.priority,
        "created_at": job.created_at.isoformat(),
    }


def _shot_columns(shot: Shot) -> dict[str, Any]:
    photos = {"inside": shot.inside, "plate": shot.plate, "bare": shot.bare}
    paths = {name: os.fsencode(path) if path else None for name, path in photos.items()}
    return paths | {"sku": shot.sku, "view": shot.view}


def _shot(row: JobRow) -> Shot:
    inside, plate, bare = (path_of(raw) if raw else None for raw in (row.inside, row.plate, row.bare))
    return Shot(front=path_of(row.front), inside=inside, plate=plate, bare=bare, sku=row.sku, view=row.view)


def entry_of(row: JobRow) -> HistoryEntry:
    """A job with its finished files. Raises RecipeError for a recipe that this program cannot read."""
    files = tuple(ResultFile(path=path_of(file.path), sha256=file.sha256) for file in row.files if not file.planned)
    return HistoryEntry(
        job=_job(row),
        files=files,
        confidence=row.confidence,
        warnings=tuple(json.loads(row.warnings)),
        copy=row.copy,
        ran_on=row.ran_on,
    )


@functools.lru_cache(maxsize=256)
def _recipe(text: str) -> Recipe:
    """Read once for the many jobs that share it; reading it is most of what a job's row costs."""
    return Recipe.from_json(text)


def _job(row: JobRow) -> Job:
    failed = row.error_title is not None
    return Job(
        id=row.id,
        shot=_shot(row),
        source_hash=row.source_hash,
        inside_hash=row.inside_hash,
        plate_hash=row.plate_hash,
        bare_hash=row.bare_hash,
        recipe=_recipe(row.recipe),
        seed=row.seed,
        destination=path_of(row.destination),
        review_destination=path_of(row.review_destination),
        intake_key=row.intake_key,
        status=JobStatus(row.status),
        priority=row.priority,
        attempts=row.attempts,
        held=row.held,
        created_at=datetime.fromisoformat(row.created_at),
        finished_at=datetime.fromisoformat(row.finished_at) if row.finished_at else None,
        error=Failure(title=row.error_title or "", message=row.error_message or "", hint=row.error_hint or "")
        if failed
        else None,
    )
