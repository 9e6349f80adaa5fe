"""Deleting what was kept long enough: photos of finished jobs, results, and rows that nothing needs any more.

Objects go first, their rows after them: a stop in between is made good by the next look, and no file is left that no
row names.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from cloud import audit, jobs
from cloud.database import now
from cloud.services import Services
from cloud.tables import IdempotencyKey, Invitation, Job, JobStatus, RefreshToken, Result

BATCH = 200
KEEP_KEYS = timedelta(days=90)
KEEP_INVITATIONS = timedelta(days=30)


def tidy(services: Services) -> int:
    """Delete a batch of everything whose time is over; how many photos, pictures and results that were."""
    settings = services.settings
    gone = _turned_down(services)
    if settings.keep_photos_days:
        gone += _photos(services, timedelta(days=settings.keep_photos_days))
    if settings.keep_results_days:
        gone += _results(services, timedelta(days=settings.keep_results_days))
    with services.database.write() as session:
        _rows(session)
    return gone


def _photos(services: Services, kept: timedelta) -> int:
    """The photographs that were sent to jobs which ended long ago; one that is a result stays with the result."""
    ended = (Job.status.in_(jobs.FINAL), Job.completed_at < now() - kept)
    own = (Job.input_key.contains("/inputs/"), *ended)
    with services.database.read() as session:
        old = session.execute(select(Job.id, Job.input_key).where(*own).limit(BATCH)).all()
    for _, key in old:
        services.objects.delete(key)
    with services.database.write() as session:
        session.execute(update(Job).where(Job.id.in_([job_id for job_id, _ in old])).values(input_key=""))
    return len(old)


def _results(services: Services, kept: timedelta) -> int:
    """Results made long ago, and doubtful ones that nobody looked at in all that time: their credit comes back."""
    long_ago = now() - kept
    with services.database.write() as session:
        unseen = select(Job).where(Job.status == JobStatus.NEEDS_REVIEW, Job.completed_at < long_ago).limit(BATCH)
        for job in session.scalars(unseen.with_for_update(skip_locked=True)).all():
            jobs.review(session, job, approved=False)
    made_again = exists().where(Job.output_key == Result.object_key, Job.completed_at >= long_ago)
    with services.database.read() as session:
        old = session.scalars(select(Result).where(Result.created_at < long_ago, ~made_again).limit(BATCH)).all()
    for result in old:
        _delete(services, result.object_key, result.preview_key)
    with services.database.write() as session:
        for result in old:
            _forget(session, result.object_key)
            audit.note(session, None, "result.expired", result.id)
        session.execute(delete(Result).where(Result.id.in_([result.id for result in old])))
    return len(old)


def _turned_down(services: Services) -> int:
    """Pictures of cancelled jobs: turned down by their owner, and named by no result nor any other job that stands."""
    with services.database.read() as session:
        left = session.execute(
            select(Job.id, Job.output_key, Job.preview_key)
            .where(Job.status == JobStatus.CANCELLED, Job.output_key.is_not(None), ~_is_wanted())
            .limit(BATCH)
        ).all()
    for _, output_key, preview_key in left:
        _delete(services, output_key, preview_key)
    with services.database.write() as session:
        for job_id, _, _ in left:
            session.execute(update(Job).where(Job.id == job_id).values(output_key=None, preview_key=None))
    return len(left)


def _is_wanted() -> ColumnElement[bool]:
    other = Job.__table__.alias("other")
    standing = (JobStatus.RUNNING, JobStatus.NEEDS_REVIEW, JobStatus.DONE)
    return or_(
        exists().where(Result.object_key == Job.output_key),
        exists()
        .where(other.c.user_id == Job.user_id, other.c.id != Job.id, other.c.status.in_(standing))
        .where(or_(other.c.output_key == Job.output_key, other.c.status == JobStatus.RUNNING)),
    )


def _rows(session: Session) -> None:
    """Rows that have done their work."""
    session.execute(delete(RefreshToken).where(RefreshToken.expires_at < now()))
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEEP_KEYS))
    session.execute(delete(Invitation).where(Invitation.expires_at < now() - KEEP_INVITATIONS))


def _forget(session: Session, key: str) -> None:
    session.execute(update(Job).where(Job.output_key == key).values(output_key=None, preview_key=None))


def _delete(services: Services, *keys: str | None) -> None:
    for key in keys:
        if key:
            services.objects.delete(key)
