"""The tables. Keys are UUIDs, moments carry their zone, money is whole cents, credits are whole numbers."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from cloud.database import UtcDateTime, now
from cloud.kinds import (
    AccountKind,
    DisputeStatus,
    JobStatus,
    MailKind,
    ModelType,
    Priority,
    Role,
    TransactionStatus,
    TransactionType,
    TransferKind,
    UserType,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _enum(kind: type[enum.StrEnum]) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        length=30,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
        name=kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    """What every table shares: types of columns by annotation, and names of constraints."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute
        uuid.UUID: Uuid(),
        datetime: UtcDateTime(),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[str]: JSON().with_variant(JSONB(), "postgresql"),
        **{
            kind: _enum(kind)
            for kind in (
                UserType,
                Role,
                JobStatus,
                ModelType,
                Priority,
                TransactionType,
                TransactionStatus,
                DisputeStatus,
                AccountKind,
                TransferKind,
                MailKind,
            )
        },
    }


class Keyed:
    """A random UUID key and the moment a row was made."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Tenant(Keyed, Base):
    """A company or a person: what authorisation beyond the single row goes by."""

    __tablename__ = "tenants"
    kind: Mapped[UserType]
    plan: Mapped[str] = mapped_column(String(30), default="free")
    plan_until: Mapped[datetime | None]


class User(Keyed, Base):
    """A person with an account. An erased user keeps the row, without anything personal (erased_at is set).

    email_verified_at: None = nobody has followed a link that was mailed to the address.
    """

    __tablename__ = "users"
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str | None] = mapped_column(String(255))
    company_name: Mapped[str | None] = mapped_column(String(255))
    user_type: Mapped[UserType] = mapped_column(index=True)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"), index=True)
    role: Mapped[Role] = mapped_column(default=Role.OWNER)
    is_active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    erased_at: Mapped[datetime | None]
    email_verified_at: Mapped[datetime | None]


class Invitation(Keyed, Base):
    """An address asked to join a tenant. accepted_at: None = it has not yet."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("tenant_id", "email"),)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"))
    invited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class Mail(Keyed, Base):
    """A mail that waits to be sent; the row goes when it was. Its text and token are made at that moment, not stored.

    recipient may be an address without an account: asking is noted alike for both, sending decides. about: the
    invitation it is for; None = none. attempts: how often it was tried.
    """

    __tablename__ = "mails"
    kind: Mapped[MailKind]
    recipient: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2))
    about: Mapped[uuid.UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=now, index=True)


class Device(Keyed, Base):
    """One signed-in computer or browser; revoked_at ends its tokens at once."""

    __tablename__ = "devices"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]


class RefreshToken(Keyed, Base):
    """A refresh token by its sha256; used_at set = it was exchanged, and seeing it again is theft."""

    __tablename__ = "refresh_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class DeviceGrant(Keyed, Base):
    """A desktop's wish to be signed in (RFC 8628), until a person approves its code in the browser.

    user_id: None = nobody has decided yet. denied: the person said no.
    """

    __tablename__ = "device_grants"
    device_code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_code: Mapped[str] = mapped_column(String(9), unique=True)
    device_name: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    polled_at: Mapped[datetime | None]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    denied: Mapped[bool] = mapped_column(default=False)
    redeemed_at: Mapped[datetime | None]


class Pose(Keyed, Base):
    """A pose preset for a human figure. tenant_id: None = for everyone."""

    __tablename__ = "poses"
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenants.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(255), default="")


class Background(Keyed, Base):
    """A backdrop: a colour, or a picture in the object store. tenant_id: None = for everyone."""

    __tablename__ = "backgrounds"
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenants.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    colour: Mapped[str | None] = mapped_column(String(11))
    object_key: Mapped[str | None] = mapped_column(String(255))


class Job(Keyed, Base):
    """A cloud rendering.

    lease_token names the run that may finish it and lease_expires_at says until when it is believed alive; both
    None = nobody works on it. not_before: a retry waits until then. dispatched_at: None = the queue has not been told.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_user_id_created_at", "user_id", "created_at"),
        Index("ix_jobs_status_lease_expires_at", "status", "lease_expires_at"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("credits_used >= 0", name="credits_used"),
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"), index=True)
    task_id: Mapped[str] = mapped_column(String(36), unique=True)
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    model_type: Mapped[ModelType]
    pose_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("poses.id"))
    background_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("backgrounds.id"))
    recipe: Mapped[dict[str, Any]] = mapped_column(default=dict)
    priority: Mapped[Priority] = mapped_column(default=Priority.DEFAULT)
    credits: Mapped[int] = mapped_column(default=1)
    credits_used: Mapped[int] = mapped_column(default=0)
    photo_name: Mapped[str] = mapped_column(String(255))
    input_key: Mapped[str] = mapped_column(String(255))
    output_key: Mapped[str | None] = mapped_column(String(255))
    output_type: Mapped[str | None] = mapped_column(String(60))
    output_bytes: Mapped[int | None] = mapped_column(BigInteger)
    output_sha256: Mapped[str | None] = mapped_column(String(64))
    output_width: Mapped[int | None]
    output_height: Mapped[int | None]
    preview_key: Mapped[str | None] = mapped_column(String(255))
    report: Mapped[dict[str, Any] | None]
    progress: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(String(30), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_expires_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    error_title: Mapped[str | None] = mapped_column(String(255))
    error_message: Mapped[str | None] = mapped_column(String(2000))
    error_hint: Mapped[str | None] = mapped_column(String(1000))
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None] = mapped_column(index=True)
    processing_seconds: Mapped[float | None]


class Result(Keyed, Base):
    """A finished file kept for a user, named by its content."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("user_id", "sha256"),
        Index("ix_results_user_id_created_at", "user_id", "created_at"),
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"), index=True)
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jobs.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int]
    height: Mapped[int]
    object_key: Mapped[str] = mapped_column(String(255))
    preview_key: Mapped[str] = mapped_column(String(255))


class Upload(Keyed, Base):
    """A file on its way in, chunk by chunk; received_bytes of it stand in the object store under its parts."""

    __tablename__ = "uploads"
    __table_args__ = (UniqueConstraint("user_id", "sha256"),)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    parts: Mapped[list[str]] = mapped_column(default=list)
    name: Mapped[str] = mapped_column(String(255))
    touched_at: Mapped[datetime] = mapped_column(default=now, index=True)


class LedgerAccount(Base):
    """An account of the ledger. Its balance is nowhere stored: it is what came in less what went out.

    user_id: None = an account of the house.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[AccountKind]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class LedgerTransfer(Base):
    """Credits moved from one account to another: both entries in one row, so the ledger sums to zero by its shape.

    Rows are only ever added; triggers refuse anything else. settles: `reserve` or `settle` for a job, so that spending
    and releasing one reservation exclude each other; a number counting up for a purchase.
    """

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        UniqueConstraint("job_id", "settles"),
        UniqueConstraint("transaction_id", "settles"),
        Index("ix_ledger_transfers_source_id_number", "source_id", "number"),
        Index("ix_ledger_transfers_target_id_number", "target_id", "number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("source_id <> target_id", name="two_accounts"),
    )
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    kind: Mapped[TransferKind]
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_accounts.id"))
    target_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_accounts.id"))
    amount: Mapped[int]
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jobs.id"))
    transaction_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("transactions.id"))
    settles: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Transaction(Keyed, Base):
    """Money: a purchase of credits with what Stripe has said about it, a refund of one, or a job's fee.

    paid, refunded_cents, dispute: facts that only grow, so that events may come in any order and any number.
    parent_id: the purchase that a refund belongs to.
    """

    __tablename__ = "transactions"
    __table_args__ = (
        Index("ix_transactions_user_id_created_at", "user_id", "created_at"),
        CheckConstraint("amount_cents >= 0", name="amount_cents"),
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"), index=True)
    type: Mapped[TransactionType]
    status: Mapped[TransactionStatus] = mapped_column(default=TransactionStatus.PENDING)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    credits_amount: Mapped[int] = mapped_column(default=0)
    package_id: Mapped[str | None] = mapped_column(String(40))
    stripe_payment_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    stripe_session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    stripe_refund_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("transactions.id"), index=True)
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jobs.id"), unique=True)
    paid: Mapped[bool] = mapped_column(default=False)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    dispute: Mapped[DisputeStatus] = mapped_column(default=DisputeStatus.NONE)


class WebhookEvent(Base):
    """An event of Stripe, once: its facts without anything personal. applied: False = its payment is not known yet."""

    __tablename__ = "webhook_events"
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]]
    payment_id: Mapped[str | None] = mapped_column(String(255), index=True)
    applied: Mapped[bool] = mapped_column(default=False, index=True)
    received_at: Mapped[datetime] = mapped_column(default=now)


class IdempotencyKey(Keyed, Base):
    """A call that was made once and answers the same for ever. answer: None = it has not finished."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    resource_id: Mapped[uuid.UUID]
    answer: Mapped[dict[str, Any] | None]


class Licence(Keyed, Base):
    """A computer that holds a licence of a tenant; released_at frees its seat.

    installation: the name the desktop app gave its own installation.
    """

    __tablename__ = "licences"
    __table_args__ = (UniqueConstraint("tenant_id", "installation"),)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    installation: Mapped[str] = mapped_column(String(64))
    device_name: Mapped[str] = mapped_column(String(100))
    plan: Mapped[str] = mapped_column(String(30))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class ApiKey(Keyed, Base):
    """A tenant's own key for a foreign provider, under envelope encryption.

    wrapped_key: the data key, encrypted by the master key named in `wrapper`.
    """

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("tenant_id", "provider"),)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenants.id"))
    provider: Mapped[str] = mapped_column(String(60))
    wrapper: Mapped[str] = mapped_column(String(255))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    last_four: Mapped[str] = mapped_column(String(4))


class AuditEntry(Keyed, Base):
    """Who did what to what. Never a name, an address or a secret. user_id: None = the service itself."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_tenant_id_created_at", "tenant_id", "created_at"),)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenants.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100), default="")
