"""What the GDPR asks for: everything known about a person in one document, and its erasure."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from cloud import identity, jobs, ledger, members
from cloud.database import now
from cloud.kinds import JobStatus
from cloud.objects import Objects
from cloud.tables import (
    ApiKey,
    AuditEntry,
    Background,
    Base,
    Device,
    DeviceGrant,
    IdempotencyKey,
    Invitation,
    Job,
    LedgerTransfer,
    Licence,
    Mail,
    RefreshToken,
    Result,
    Tenant,
    Transaction,
    Upload,
    User,
)

HIDDEN = ("password_hash", "lease_token", "object_key", "input_key", "output_key", "preview_key", "parts")


def export(session: Session, objects: Objects, user_id: uuid.UUID) -> dict[str, Any]:
    """Everything about a user as plain data; files by addresses that work for some minutes."""
    user = session.get_one(User, user_id)
    accounts = [ledger.user_account(user_id, kind) for kind in ledger.USER_KINDS]
    moved = select(LedgerTransfer).where(
        LedgerTransfer.source_id.in_(accounts) | LedgerTransfer.target_id.in_(accounts)
    )
    tables = {table.__tablename__: table for table in (Device, Job, Result, Upload, Transaction, Licence, AuditEntry)}
    return {
        "exported_at": now().isoformat(),
        "user": _plain(user),
        "tenant": _plain(session.get_one(Tenant, user.tenant_id)),
        **{
            name: [_plain(row) for row in session.scalars(select(table).where(table.user_id == user_id))]
            for name, table in tables.items()
        },
        "invitations": [_plain(row) for row in session.scalars(select(Invitation).where(_is_about(user)))],
        "ledger": [_plain(row) for row in session.scalars(moved.order_by(LedgerTransfer.number))],
        "files": _files(session, objects, user_id),
    }


def erase(session: Session, user_id: uuid.UUID) -> list[str]:
    """Remove what is personal and cancel what runs; the keys of the files to delete afterwards.

    The user's row stays without a name, and so do transactions and ledger, which tax law wants kept for years.
    """
    user = session.get_one(User, user_id, with_for_update=True)
    for job in session.scalars(
        select(Job).where(Job.user_id == user_id, Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)))
    ).all():
        jobs.cancel(session, job)
    for job in session.scalars(select(Job).where(Job.user_id == user_id, Job.status == JobStatus.NEEDS_REVIEW)).all():
        jobs.review(session, job, approved=False)
    identity.sign_out_everywhere(session, user_id)
    members.hand_over(session, user)
    keys = _keys(session, user)
    _delete_rows(session, user)
    empty = {
        "photo_name": "erased",
        "input_key": "",
        "output_key": None,
        "preview_key": None,
        "report": None,
        "recipe": {},
        "background_id": None,
    }
    session.execute(update(Job).where(Job.user_id == user_id).values(**empty, error_message=None))
    user.email, user.password_hash = f"erased-{user.id}@erased.invalid", ""
    user.full_name = user.company_name = None
    user.is_active, user.erased_at = False, now()
    return keys


def _delete_rows(session: Session, user: User) -> None:
    devices = select(Device.id).where(Device.user_id == user.id)
    session.execute(delete(RefreshToken).where(RefreshToken.device_id.in_(devices)))
    for table in (DeviceGrant, Device, Result, Upload, IdempotencyKey, Licence):
        session.execute(delete(table).where(table.user_id == user.id))
    session.execute(delete(Mail).where(Mail.recipient == user.email))
    session.execute(delete(Invitation).where(_is_about(user)))
    if _is_last(session, user):
        session.execute(update(Job).where(Job.tenant_id == user.tenant_id).values(background_id=None))
        for table in (ApiKey, Background):
            session.execute(delete(table).where(table.tenant_id == user.tenant_id))


def _is_about(user: User) -> ColumnElement[bool]:
    return (Invitation.email == user.email) | (Invitation.invited_by == user.id)


def _keys(session: Session, user: User) -> list[str]:
    rows = [
        *session.execute(select(Job.input_key, Job.output_key, Job.preview_key).where(Job.user_id == user.id)),
        *session.execute(select(Result.object_key, Result.preview_key).where(Result.user_id == user.id)),
        *session.scalars(select(Upload.parts).where(Upload.user_id == user.id)),
    ]
    if _is_last(session, user):
        rows += session.execute(select(Background.object_key).where(Background.tenant_id == user.tenant_id)).all()
    return sorted({key for row in rows for key in row if key})


def _is_last(session: Session, user: User) -> bool:
    others = (User.tenant_id == user.tenant_id, User.id != user.id, User.erased_at.is_(None))
    return session.scalar(select(User.id).where(*others).limit(1)) is None


def _files(session: Session, objects: Objects, user_id: uuid.UUID) -> list[dict[str, str]]:
    results = session.scalars(select(Result).where(Result.user_id == user_id)).all()
    inputs = session.execute(select(Job.input_key, Job.photo_name).where(Job.user_id == user_id, Job.input_key != ""))
    listed = [(result.object_key, result.name, result.content_type) for result in results]
    listed += [(key, name, "application/octet-stream") for key, name in inputs]
    return [{"name": name, "url": objects.url(key, name=name, content_type=kind)} for key, name, kind in listed]


def _plain(row: Base) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in HIDDEN]
    return {name: value if isinstance(value := getattr(row, name), int | dict | None) else str(value) for name in names}
