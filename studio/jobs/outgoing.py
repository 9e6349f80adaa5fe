"""What the account remembers, and what is to be told to its service, beside the jobs it concerns.

It stands in the same database as the jobs, so that a result and the message about it are recorded in one transaction.
Nothing here talks to a network; `studio.sync` does. Paths are the file system's bytes, times ISO 8601 in UTC.
"""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Float, ForeignKey, LargeBinary, Select, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from studio.jobs.rows import now, path_of
from studio.jobs.tables import Base, FileRow, JobRow

UPLOAD = "upload"
CANCEL_CLOUD = "cancel-cloud"
# Under this name a running job is the service's: no local worker holds it, none may free it.
CLOUD_WORKER = "cloud"
# Where a job was done, as the history says it.
CLOUD = "cloud"
# The same for the studio's other computers, its render farm.
FARM_WORKER = "farm"
FARM = "farm"
ELSEWHERE = {CLOUD_WORKER: CLOUD, FARM_WORKER: FARM}
# What the service keeps: pictures that every computer shows. Reports name folders; layers are this computer's work.
SENT_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"})
LAYERS_SUFFIX = ".layers"


class OutboxRow(Base):
    """A message that the service has not taken yet.

    account: of whom it may be sent, by the service's id of the user. payload: JSON. not_before: seconds since 1970.
    refused_*: the service does not want it; it is kept until a person has seen that.
    """

    __tablename__ = "outbox"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    account: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    created_at: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[float] = mapped_column(Float, server_default="0")
    refused_title: Mapped[str | None] = mapped_column(Text)
    refused_message: Mapped[str | None] = mapped_column(Text)
    refused_hint: Mapped[str | None] = mapped_column(Text)


class ConsentRow(Base):
    """A shoot whose results its photographer wants synced, with that account and no other."""

    __tablename__ = "consents"

    folder: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    given_at: Mapped[str] = mapped_column(Text)


class FactRow(Base):
    """What the service last said, or what the account must remember, by name. value: JSON."""

    __tablename__ = "account_facts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[str] = mapped_column(Text)


class PurchaseRow(Base):
    """A purchase that was begun. key: of the call that begins it. state: opening, waiting, paid, failed, given-up."""

    __tablename__ = "purchases"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    package_id: Mapped[str] = mapped_column(Text)
    credits: Mapped[int]
    transaction_id: Mapped[str | None] = mapped_column(Text)
    checkout_url: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[str | None] = mapped_column(Text)


class SyncedRow(Base):
    """A file that stands on both sides. path: where it is or was put on this computer."""

    __tablename__ = "synced"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    path: Mapped[bytes] = mapped_column(LargeBinary)
    result_id: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(Text)


class CloudJobRow(Base):
    """A job that the service renders.

    remote_id: None = not sent yet, "" = sent, but no answer came. progress: percent, -1 = waits for a decision.
    """

    __tablename__ = "cloud_jobs"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    price: Mapped[int]
    remote_id: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[str] = mapped_column(Text)


def report_results(session: Session, job_id: str) -> None:
    """Put the finished files of a job into the outbox, in the caller's transaction, where its shoot has consent."""
    session.flush()
    front = session.scalar(select(JobRow.front).where(JobRow.id == job_id))
    for consent in session.scalars(select(ConsentRow)):
        if front is not None and front.startswith(consent.folder + os.fsencode(os.sep)):
            report_files(session, job_id, consent.account)


def withdraw_results(session: Session, job_id: str) -> None:
    """Take the files of a job that were not sent yet out of the outbox, in the caller's transaction."""
    session.execute(delete(OutboxRow).where(OutboxRow.job_id == job_id, OutboxRow.kind == UPLOAD))


def sent_results(paths: Iterable[Path]) -> Select[str]:
    """Asks for those of the files that stand on the service's side too."""
    return select(SyncedRow.result_id).where(SyncedRow.path.in_([os.fsencode(path) for path in paths]))


def report_files(session: Session, job_id: str, account: str) -> None:
    """Put the finished pictures of a job into the outbox of an account."""
    files = select(FileRow).where(FileRow.job_id == job_id, FileRow.planned.is_(False)).order_by(FileRow.number)
    for file in session.scalars(files).all():
        path = path_of(file.path)
        if path.suffix.lower() in SENT_SUFFIXES and path.parent.suffix != LAYERS_SUFFIX:
            payload = {"path": file.path.hex(), "sha256": file.sha256}
            session.add(message(account, UPLOAD, payload, job_id=job_id))


def message(account: str, kind: str, payload: dict[str, str], *, job_id: str | None = None) -> OutboxRow:
    """A new message with a key of its own."""
    return OutboxRow(
        key=secrets.token_hex(16),
        account=account,
        kind=kind,
        payload=json.dumps(payload),
        job_id=job_id,
        created_at=now(),
    )
