"""The life of a cloud job in the database, from submission to its end, each step with its credits in one transaction.

Every change of status goes through `_move`, one guarded UPDATE that says whether it won. What the change means for
the credits happens in the same transaction.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from cloud import ledger
from cloud.database import now
from cloud.kinds import JobStatus, ModelType, Priority, TransactionStatus, TransactionType
from cloud.tables import Background, Job, Pose, Result, Transaction

MAX_ATTEMPTS = 4
CREDITS = 1
FINAL = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked for. input_key: the photo in the object store. pose_id, background_id: None = the recipe's own."""

    user_id: uuid.UUID
    tenant_id: uuid.UUID
    model_type: ModelType
    input_key: str
    photo_name: str
    priority: Priority = Priority.DEFAULT
    pose_id: uuid.UUID | None = None
    background_id: uuid.UUID | None = None
    recipe: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a run made, already in the object store. needs_review: a person should look before it is paid for."""

    key: str
    preview_key: str
    sha256: str
    bytes: int
    content_type: str
    width: int
    height: int
    report: dict[str, Any]
    needs_review: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a run failed, for its owner."""

    title: str
    message: str
    hint: str = ""


class Unknown(Exception):
    """An order names a pose or background that its owner cannot see."""


def submit(session: Session, order: Order, job_id: uuid.UUID) -> Job:
    """Queue a job and set its credits aside. Raises ledger.InsufficientCredits or Unknown."""
    for table, key in ((Pose, order.pose_id), (Background, order.background_id)):
        row = session.get(table, key) if key else None
        if key and (row is None or row.tenant_id not in (None, order.tenant_id)):
            raise Unknown(table.__name__.lower())
    job = Job(
        id=job_id,
        task_id=str(uuid.uuid4()),
        status=JobStatus.QUEUED,
        credits=CREDITS,
        **{name: getattr(order, name) for name in order.__dataclass_fields__},
    )
    session.add(job)
    session.flush()
    ledger.reserve(session, job.user_id, job.id, job.credits)
    return job


def claim(session: Session, job_id: uuid.UUID, lease_s: float) -> Job | None:
    """Start a run of a queued job; None = it is not to be run now (running elsewhere, finished, cancelled, waiting)."""
    ready = or_(Job.not_before.is_(None), Job.not_before <= now() + timedelta(seconds=1))
    won = _move(
        session,
        job_id,
        (JobStatus.QUEUED,),
        JobStatus.RUNNING,
        ready,
        attempts=Job.attempts + 1,
        lease_token=str(uuid.uuid4()),
        lease_expires_at=now() + timedelta(seconds=lease_s),
        started_at=now(),
        progress=0,
        stage="",
    )
    return session.get_one(Job, job_id, populate_existing=True) if won else None


def beat(session: Session, job: Job, *, progress: int, stage: str, lease_s: float) -> bool:
    """Say that a run is alive and how far it is (0..100); False = it should stop: cancelled, or no longer its own."""
    row = session.scalar(select(Job).where(Job.id == job.id, Job.lease_token == job.lease_token).with_for_update())
    if row is None or row.status is not JobStatus.RUNNING:
        return False
    row.progress, row.stage = progress, stage
    row.lease_expires_at = now() + timedelta(seconds=lease_s)
    return not row.cancel_requested


def finish(session: Session, job: Job, output: Output) -> bool:
    """Record what a run made; its credit is spent, or waits for its owner's review.

    False = the run had lost its job, or its owner had cancelled it; nothing has changed.
    """
    status = JobStatus.NEEDS_REVIEW if output.needs_review else JobStatus.DONE
    won = _move(
        session,
        job.id,
        (JobStatus.RUNNING,),
        status,
        and_(Job.lease_token == job.lease_token, Job.cancel_requested.is_(False)),
        lease_token=None,
        lease_expires_at=None,
        progress=100,
        stage="",
        output_key=output.key,
        output_type=output.content_type,
        output_bytes=output.bytes,
        output_sha256=output.sha256,
        output_width=output.width,
        output_height=output.height,
        preview_key=output.preview_key,
        report=output.report,
        processing_seconds=output.seconds,
        completed_at=now(),
    )
    if won and status is JobStatus.DONE:
        _deliver(session, job)
    return won


def give_up(session: Session, job: Job, fault: Fault, *, retry_s: float | None) -> JobStatus | None:
    """End a run that failed: queued again after `retry_s`, or failed for good when that is None or it was the last.

    The new status; None = the run had lost its job.
    """
    own = Job.lease_token == job.lease_token
    unwanted = session.scalar(select(Job.cancel_requested).where(Job.id == job.id).with_for_update())
    if retry_s is not None and job.attempts < MAX_ATTEMPTS and not unwanted:
        moved = _move(session, job.id, (JobStatus.RUNNING,), JobStatus.QUEUED, own, **_resting(retry_s))
        return JobStatus.QUEUED if moved else None
    return JobStatus.FAILED if _end(session, job, (JobStatus.RUNNING,), JobStatus.FAILED, own, fault) else None


def stop(session: Session, job: Job) -> bool:
    """End a run whose owner cancelled it; False = the run had lost its job."""
    return _end(session, job, (JobStatus.RUNNING,), JobStatus.CANCELLED, Job.lease_token == job.lease_token, None)


def cancel(session: Session, job: Job) -> JobStatus:
    """Cancel at once what waits, for its turn or a review, ask what runs to stop, leave what is finished.

    The status afterwards.
    """
    if _end(session, job, (JobStatus.QUEUED, JobStatus.NEEDS_REVIEW), JobStatus.CANCELLED, None, None):
        return JobStatus.CANCELLED
    session.execute(update(Job).where(Job.id == job.id, Job.status == JobStatus.RUNNING).values(cancel_requested=True))
    return session.get_one(Job, job.id, populate_existing=True).status


def review(session: Session, job: Job, *, approved: bool) -> bool:
    """Take a doubtful result (its credit is spent) or turn it down (the credit comes back); False = none waits."""
    waiting = (JobStatus.NEEDS_REVIEW,)
    if not approved:
        return _end(session, job, waiting, JobStatus.CANCELLED, None, None)
    won = _move(session, job.id, waiting, JobStatus.DONE, None)
    if won:
        _deliver(session, job)
    return won


def rescue(session: Session) -> list[uuid.UUID]:
    """Put jobs whose run died back into the queue, or fail them after the last attempt; the jobs that wait again."""
    rescued: list[uuid.UUID] = []
    dead = (
        select(Job)
        .where(Job.status == JobStatus.RUNNING, Job.lease_expires_at < now())
        .with_for_update(skip_locked=True)
    )
    for job in session.scalars(dead).all():
        if job.cancel_requested:
            stop(session, job)
            continue
        fault = Fault(
            title="Rendering stopped",
            message=f"The service stopped {job.attempts} times while it worked on {job.photo_name}.",
        )
        if give_up(session, job, fault, retry_s=0) is JobStatus.QUEUED:
            rescued.append(job.id)
    return rescued


def outputs_of(session: Session, result: Result) -> list[str]:
    """The keys of a result's picture and preview, and of the copies that its jobs hold."""
    found = session.execute(select(Job.output_key, Job.preview_key).where(*_shows(result))).all()
    keys = {result.object_key, result.preview_key, *(key for row in found for key in row)}
    return sorted(key for key in keys if key)


def forget_outputs(session: Session, result: Result) -> None:
    """Let a result's jobs forget its picture."""
    session.execute(update(Job).where(*_shows(result)).values(output_key=None, preview_key=None))


def _shows(result: Result) -> tuple[ColumnElement[bool], ...]:
    return (Job.user_id == result.user_id, Job.output_sha256 == result.sha256, Job.status == JobStatus.DONE)


def _move(
    session: Session, job_id: uuid.UUID, sources: tuple[JobStatus, ...], target: JobStatus, guard: Any, **values: Any
) -> bool:
    conditions = [Job.id == job_id, Job.status.in_(sources)] + ([guard] if guard is not None else [])
    changed = session.execute(
        update(Job).where(*conditions).values(status=target, **values).execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue] -- an UPDATE's result has it


def _end(
    session: Session, job: Job, sources: tuple[JobStatus, ...], target: JobStatus, guard: Any, fault: Fault | None
) -> bool:
    words = (
        {
            f"error_{name}": getattr(fault, name)[:limit]
            for name, limit in (("title", 255), ("message", 2000), ("hint", 1000))
        }
        if fault
        else {}
    )
    won = _move(
        session, job.id, sources, target, guard, completed_at=now(), lease_token=None, lease_expires_at=None, **words
    )
    if won:
        ledger.release(session, job.user_id, job.id, job.credits)
    return won


def _deliver(session: Session, job: Job) -> None:
    """Spend a finished job's credit and hand its result over."""
    ledger.spend(session, job.user_id, job.id, job.credits)
    done = session.get_one(Job, job.id, populate_existing=True)
    done.credits_used = done.credits
    session.add(
        Transaction(
            user_id=done.user_id,
            tenant_id=done.tenant_id,
            type=TransactionType.PROCESSING_FEE,
            status=TransactionStatus.SUCCEEDED,
            amount_cents=0,
            credits_amount=-done.credits,
            job_id=done.id,
        )
    )
    if not session.scalar(select(Result.id).where(Result.user_id == done.user_id, Result.sha256 == done.output_sha256)):
        session.add(_result(done))


def _result(job: Job) -> Result:
    return Result(
        user_id=job.user_id,
        tenant_id=job.tenant_id,
        job_id=job.id,
        sha256=job.output_sha256,
        bytes=job.output_bytes,
        content_type=job.output_type,
        name=f"{job.photo_name.rsplit('.', 1)[0]}.{(job.output_key or '').rsplit('.', 1)[-1]}"[-255:],
        width=job.output_width,
        height=job.output_height,
        object_key=job.output_key,
        preview_key=job.preview_key,
    )


def _resting(retry_s: float) -> dict[str, Any]:
    return {
        "lease_token": None,
        "lease_expires_at": None,
        "dispatched_at": None,
        "progress": 0,
        "not_before": now() + timedelta(seconds=retry_s),
    }
