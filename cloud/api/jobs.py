"""Rendering: submit a photo, see how its job stands, cancel, review."""

import contextlib
import json
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import audit, idempotency, jobs, ledger, pictures
from cloud.api.wiring import IdempotencyHeader, SignedIn, WithLimiter, WithQueue, WithServices
from cloud.identity import Principal
from cloud.kinds import JobStatus, ModelType, Priority
from cloud.problems import Problem, documented, not_found
from cloud.queues import dispatch
from cloud.services import Services
from cloud.tables import Job, Result

router = APIRouter(tags=["rendering"])
MAX_RECIPE_CHARACTERS = 20_000
MAX_RECIPE_DEPTH = 20
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class Submitted(BaseModel):
    """A job that stands in the queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"job_id": _ID, "task_id": _ID}]})
    job_id: uuid.UUID
    task_id: str


class JobError(BaseModel):
    """Why a job failed."""

    title: str
    message: str
    hint: str = ""


class JobView(BaseModel):
    """How a job stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": _ID,
                    "task_id": _ID,
                    "status": "done",
                    "progress": 100,
                    "stage": "",
                    "output_url": "https://account.example.com/api/v1/objects/tenants/...",
                    "preview_url": "https://account.example.com/api/v1/objects/tenants/...",
                    "processing_time": 4.2,
                    "model_type": "invisible",
                    "priority": "default",
                    "photo_name": "blouse-07.jpg",
                    "pose_id": None,
                    "background_id": None,
                    "credits_used": 1,
                    "report": {"confidence": 0.93},
                    "error": None,
                    "created_at": "2026-11-23T20:00:00Z",
                    "completed_at": "2026-11-23T20:00:05Z",
                }
            ]
        }
    )
    job_id: uuid.UUID
    task_id: str
    status: JobStatus
    progress: int = Field(ge=0, le=100, description="Percent.")
    stage: str = Field(description="The step of the engine that is at work; empty when none is.")
    output_url: str | None = Field(description="The finished picture, for some minutes; null until the job is done.")
    preview_url: str | None = Field(description="A small copy, for some minutes; also while the job waits for review.")
    processing_time: float | None = Field(description="Seconds of the run that finished.")
    model_type: ModelType
    priority: Priority
    photo_name: str
    pose_id: uuid.UUID | None
    background_id: uuid.UUID | None
    credits_used: int
    report: dict[str, Any] | None
    error: JobError | None
    created_at: datetime
    completed_at: datetime | None


class Page(BaseModel):
    """A page of jobs, the newest first. next: pass it as `before` to get the page after; null = this is the last."""

    items: list[JobView]
    next: datetime | None


class Withdrawal(BaseModel):
    """An order that is not wanted any more, by the Idempotency-Key that it was sent with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"order": "blouse-07-order-1"}]})
    order: Annotated[str, Field(min_length=8, max_length=255, pattern=r"^[\x21-\x7e]+$")]


class Submission(BaseModel):
    """The form of POST /process."""

    model_type: ModelType = ModelType.INVISIBLE
    pose_id: uuid.UUID | None = None
    background_id: uuid.UUID | None = None
    priority: Priority = Priority.DEFAULT
    recipe: dict[str, Any] = Field(default_factory=dict[str, Any])


def _submission(
    model_type: Annotated[
        ModelType, Form(description="An invisible mannequin, or a human figure.")
    ] = ModelType.INVISIBLE,
    pose_id: Annotated[uuid.UUID | None, Form(description="A pose of GET /poses, for a human figure.")] = None,
    background_id: Annotated[uuid.UUID | None, Form(description="A background of GET /backgrounds.")] = None,
    priority: Annotated[Priority, Form()] = Priority.DEFAULT,
    recipe: Annotated[
        str, Form(max_length=MAX_RECIPE_CHARACTERS, description="A recipe as JSON; every field has a default.")
    ] = "{}",
) -> Submission:
    try:
        wanted = json.loads(recipe)
        # PostgreSQL's JSON holds no numbers without end and no half characters; this refuses both, and NUL is below.
        json.dumps(wanted, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        wanted = None
    if not isinstance(wanted, dict) or "\\u0000" in recipe or _depth(wanted) > MAX_RECIPE_DEPTH:
        raise Problem(422, "invalid_recipe", "Not understood", "The recipe is not a JSON object.")
    return Submission(
        model_type=model_type, pose_id=pose_id, background_id=background_id, priority=priority, recipe=wanted
    )


def _depth(value: object) -> int:
    """How many objects and lists stand within each other in plain data."""
    depth, level = 0, [value]
    while level := [part for part in level if isinstance(part, dict | list)]:
        depth += 1
        level = [inner for part in level for inner in (part.values() if isinstance(part, dict) else part)]
    return depth


@router.post("/process", responses=documented(401, 402, 404, 413, 415, 422, 429, 503))
def process(
    principal: SignedIn,
    services: WithServices,
    queue: WithQueue,
    limiter: WithLimiter,
    idempotency_key: IdempotencyHeader,
    submission: Annotated[Submission, Depends(_submission)],
    file: Annotated[UploadFile | None, File(description="The photograph: JPEG, PNG, TIFF, WebP or HEIC.")] = None,
    result_id: Annotated[
        uuid.UUID | None, Form(description="Instead of `file`: a picture uploaded under /results.")
    ] = None,
) -> Submitted:
    """Queue a rendering. One credit is set aside; it is spent when the job is done and comes back otherwise."""
    limiter.check(services.settings.submit_limit, "process", str(principal.user_id))
    if (file is None) == (result_id is None):
        raise Problem(422, "invalid", "Not understood", "Send either a file or the result_id of an uploaded picture.")
    if file:
        _check_credits(services, principal, idempotency_key)
    photo = _take_file(services, principal, file) if file else _find_upload(services, principal, result_id)
    answer, job = _order(services, principal, idempotency_key, photo, submission)
    if job is not None:
        dispatch(services.database, queue, job)
    return answer


@router.post("/process/withdraw", responses=documented(401, 422, 429, 503))
def withdraw(body: Withdrawal, principal: SignedIn, services: WithServices, limiter: WithLimiter) -> JobView | None:
    """Take an order back of which nobody knows whether it arrived: its job is cancelled as by /jobs/{id}/cancel.

    null: it never arrived. Should it arrive after this it is refused, so that nothing is rendered that nobody awaits.
    """
    limiter.check(services.settings.submit_limit, "withdraw", str(principal.user_id))
    with services.database.write() as session:
        job = session.get(Job, idempotency.close(session, principal.user_id, body.order))
        if job is None or job.user_id != principal.user_id:
            return None
        jobs.cancel(session, job)
        audit.note(session, principal, "job.cancelled", job.id)
    return get_job(job.id, principal, services)


@router.get("/jobs", responses=documented(401, 422, 503))
def list_jobs(
    principal: SignedIn,
    services: WithServices,
    status: JobStatus | None = None,
    before: Annotated[datetime | None, Query(description="Only jobs made before this moment.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The jobs of this account, the newest first."""
    conditions = [Job.user_id == principal.user_id]
    conditions += [Job.status == status] if status else []
    conditions += [Job.created_at < aware(before)] if before else []
    with services.database.read() as session:
        found = session.scalars(select(Job).where(*conditions).order_by(Job.created_at.desc()).limit(limit)).all()
    return Page(
        items=[view(services, job) for job in found], next=found[-1].created_at if len(found) == limit else None
    )


@router.get("/jobs/{job_id}", responses=documented(401, 404, 422, 503))
def get_job(job_id: uuid.UUID, principal: SignedIn, services: WithServices) -> JobView:
    """How a job stands."""
    with services.database.read() as session:
        return view(services, _own(session, principal, job_id))


@router.post("/jobs/{job_id}/cancel", responses=documented(401, 404, 422, 503))
def cancel_job(job_id: uuid.UUID, principal: SignedIn, services: WithServices) -> JobView:
    """Cancel what waits at once and what runs between two steps; what is finished stays finished."""
    with services.database.write() as session:
        jobs.cancel(session, _own(session, principal, job_id))
        audit.note(session, principal, "job.cancelled", job_id)
    return get_job(job_id, principal, services)


@router.post("/jobs/{job_id}/approve", responses=documented(401, 404, 409, 422, 503))
def approve_job(job_id: uuid.UUID, principal: SignedIn, services: WithServices) -> JobView:
    """Take a result that needs review: it is done, and its credit spent."""
    return _review(services, principal, job_id, approved=True)


@router.post("/jobs/{job_id}/reject", responses=documented(401, 404, 409, 422, 503))
def reject_job(job_id: uuid.UUID, principal: SignedIn, services: WithServices) -> JobView:
    """Turn a result that needs review down: the job is cancelled, and its credit comes back."""
    return _review(services, principal, job_id, approved=False)


def view(services: Services, job: Job) -> JobView:
    """A job as its owner sees it."""
    stem = job.photo_name.rsplit(".", 1)[0]
    output = job.output_key if job.status is JobStatus.DONE else None
    kind = job.output_type or ""
    suffix = Path(job.output_key or "").suffix
    preview = job.preview_key if job.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW) else None
    return JobView(
        job_id=job.id,
        output_url=services.objects.url(output, name=f"{stem}{suffix}", content_type=kind) if output else None,
        preview_url=services.objects.url(preview, name=f"{stem}.jpg", content_type="image/jpeg", inline=True)
        if preview
        else None,
        processing_time=job.processing_seconds,
        error=JobError(title=job.error_title, message=job.error_message or "", hint=job.error_hint or "")
        if job.error_title
        else None,
        **{name: getattr(job, name) for name in JobView.model_fields if name in Job.__table__.columns},
    )


@contextlib.contextmanager
def received(file: UploadFile) -> Iterator[Path]:
    """An uploaded file on this machine's disk, while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="modamoda-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as target:
            while block := file.file.read(2**20):
                target.write(block)
        yield path


def unreadable(name: str, error: pictures.BadPicture) -> Problem:
    """The answer to an upload that is no picture."""
    return Problem(
        415,
        "bad_picture",
        "Unsupported file",
        f"{name} is not accepted: {error}.",
        "Send a JPEG, PNG, TIFF, WebP or HEIC file.",
    )


def clean_name(name: str | None) -> str:
    """The last part of a file's name, without control characters, at most 200 characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-200:] or "photo"


def aware(moment: datetime) -> datetime:
    """The moment in UTC. Raises Problem for one without a zone, or that no calendar in UTC holds."""
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except OverflowError:
        pass
    raise Problem(422, "invalid", "Not understood", "The moment needs a zone, such as 2026-11-23T20:00:00Z.")


@dataclass(frozen=True, kw_only=True)
class Photo:
    """The photo of an order in the object store. content: what it shows, however often it was sent.

    is_ours: it was stored for this order alone and goes when there is none.
    """

    key: str
    name: str
    content: str
    is_ours: bool


def _order(
    services: Services, principal: Principal, key: str, photo: Photo, submission: Submission
) -> tuple[Submitted, Job | None]:
    """Queue an order once; the answer to it, and its job (None = it was queued before)."""
    request = ["process", photo.content, photo.name, submission.model_dump(mode="json")]
    order = jobs.Order(
        user_id=principal.user_id,
        tenant_id=principal.tenant_id,
        input_key=photo.key,
        photo_name=photo.name,
        **dict(submission),
    )
    job: Job | None = None
    try:
        with services.database.write() as session:
            claim = idempotency.claim(session, principal.user_id, key, request)
            if claim.answer is not None:
                return Submitted(**claim.answer), None
            job = _submit(session, order, claim.resource_id)
            answer = Submitted(job_id=job.id, task_id=job.task_id)
            idempotency.settle(claim, answer.model_dump(mode="json"))
            audit.note(session, principal, "job.submitted", job.id)
        return answer, job
    finally:
        if job is None and photo.is_ours:
            services.objects.delete(photo.key)


def _check_credits(services: Services, principal: Principal, key: str) -> None:
    """Refuse a photo that cannot be paid for before it is decoded, which costs this machine seconds. Raises Problem."""
    with services.database.read() as session:
        available = ledger.balance(session, principal.user_id).available
        if available < jobs.CREDITS and not idempotency.is_known(session, principal.user_id, key):
            raise _poor(ledger.InsufficientCredits(jobs.CREDITS, available))


def _take_file(services: Services, principal: Principal, file: UploadFile) -> Photo:
    name = clean_name(file.filename)
    with received(file) as path:
        try:
            picture = pictures.inspect(path, max_pixels=services.settings.max_pixels)
        except pictures.BadPicture as error:
            raise unreadable(name, error) from error
        content = pictures.sha256_of(path)
        key = f"tenants/{principal.tenant_id}/inputs/{principal.user_id}/{uuid.uuid4()}{picture.suffix}"
        services.objects.put(key, path, picture.content_type)
    return Photo(key=key, name=name, content=content, is_ours=True)


def _find_upload(services: Services, principal: Principal, result_id: uuid.UUID | None) -> Photo:
    with services.database.read() as session:
        result = session.get(Result, result_id)
    if result is None or result.user_id != principal.user_id:
        raise not_found("result")
    return Photo(key=result.object_key, name=result.name, content=result.object_key, is_ours=False)


def _submit(session: Session, order: jobs.Order, job_id: uuid.UUID) -> Job:
    try:
        return jobs.submit(session, order, job_id)
    except jobs.Unknown as error:
        raise not_found(str(error)) from error
    except ledger.InsufficientCredits as error:
        raise _poor(error) from error


def _poor(error: ledger.InsufficientCredits) -> Problem:
    detail = f"This job needs {error.needed} credit; {error.available} are available."
    return Problem(
        402, "insufficient_credits", "Not enough credits", detail, "Buy a package under /api/v1/credits/packages."
    )


def _review(services: Services, principal: Principal, job_id: uuid.UUID, *, approved: bool) -> JobView:
    with services.database.write() as session:
        if not jobs.review(session, _own(session, principal, job_id), approved=approved):
            raise Problem(409, "nothing_to_review", "Conflict", "This job has no result that waits for review.")
        audit.note(session, principal, "job.approved" if approved else "job.rejected", job_id)
    return get_job(job_id, principal, services)


def _own(session: Session, principal: Principal, job_id: uuid.UUID) -> Job:
    job = session.get(Job, job_id)
    if job is None or job.user_id != principal.user_id:
        raise not_found("job")
    return job
