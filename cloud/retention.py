"""Deleting what was kept long enough: photos of finished jobs, results, and rows that nothing needs any more.

Objects go first, their rows after them: a stop in between is made good by the next look, and no file is left that no
row names.
"""

from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from cloud import audit, jobs
from cloud.database import now
from cloud.kinds import JobStatus
from cloud.services import Services
from cloud.tables import IdempotencyKey, Invitation, Job, RefreshToken, Result

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
    made_again = exists().where(
        Job.user_id == Result.user_id,
        Job.output_sha256 == Result.sha256,
        Job.status == JobStatus.DONE,
        Job.completed_at >= long_ago,
    )
    old = select(Result).where(Result.created_at < long_ago, ~made_again).limit(BATCH)
    with services.database.read() as session:
        found = session.scalars(old).all()
        keys = [key for result in found for key in jobs.outputs_of(session, result)]
    for key in keys:
        services.objects.delete(key)
    with services.database.write() as session:
        for result in found:
            jobs.forget_outputs(session, result)
            audit.note(session, None, "result.expired", result.id)
        session.execute(delete(Result).where(Result.id.in_([result.id for result in found])))
    return len(found)


def _turned_down(services: Services) -> int:
    """Pictures of cancelled jobs: turned down by their owner."""
    turned_down = (Job.status == JobStatus.CANCELLED, Job.output_key.is_not(None))
    with services.database.read() as session:
        left = session.execute(select(Job.id, Job.output_key, Job.preview_key).where(*turned_down).limit(BATCH)).all()
    for _, *keys in left:
        for key in filter(None, keys):
            services.objects.delete(key)
    with services.database.write() as session:
        gone = Job.id.in_([job_id for job_id, _, _ in left])
        session.execute(update(Job).where(gone).values(output_key=None, preview_key=None))
    return len(left)


def _rows(session: Session) -> None:
    """Rows that have done their work."""
    session.execute(delete(RefreshToken).where(RefreshToken.expires_at < now()))
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEEP_KEYS))
    session.execute(delete(Invitation).where(Invitation.expires_at < now() - KEEP_INVITATIONS))
