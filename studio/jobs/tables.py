"""The tables of the history and the queue: a new database gets them as they stand; `migrations/` change older ones.

Paths are kept as the file system's bytes, because a name may hold bytes that are no text. Times are ISO 8601 in UTC.
"""

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

SCHEMA = 6


class Base(DeclarativeBase):
    """The root of all rows."""


class FileRow(Base):
    """A file of a job: `planned` before it gets its final name, so that a killed program recognises its own."""

    __tablename__ = "files"
    __table_args__ = (Index("files_path", "path"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    path: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Text)
    planned: Mapped[bool]


class OrderRow(Base):
    """An order whose photos are not all in the queue yet: a program killed meanwhile goes on there. plan: JSON."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class EditsRow(Base):
    """What a person corrected on a photograph, by the photograph's content. edits: JSON of `model.Edits`."""

    __tablename__ = "edits"

    source_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    edits: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[str] = mapped_column(Text)


class ModelUsedRow(Base):
    """A network that took part in the newest result of a job, by its id. Kept in the order in which it is searched."""

    __tablename__ = "models_used"
    __table_args__ = ({"sqlite_with_rowid": False},)

    model: Mapped[str] = mapped_column(Text, primary_key=True)
    job_number: Mapped[int] = mapped_column(ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True, index=True)


class JobRow(Base):
    """A job.

    number gives the order of arrival. destination and review_destination are what was asked for; copy > 1 says that
    the files stand under `NAME-copy`, because a stranger's file held the name; 0 = it holds no names yet. worker: whose
    lock guards a running job, NULL = nobody. cancel_asked: a person wants the running job stopped. held: a person wants
    it to wait. warnings: JSON list of sentences. ran_on: where it was done, "" = on this computer.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("jobs_status", "status", "number"),
        Index("jobs_intake_key", "intake_key"),
        Index("jobs_front", "front", "number"),
        Index("jobs_source", "source_hash"),
        Index("jobs_open_once", "intake_key", unique=True, sqlite_where=text("status IN ('queued', 'running')")),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    front: Mapped[bytes] = mapped_column(LargeBinary)
    inside: Mapped[bytes | None] = mapped_column(LargeBinary)
    source_hash: Mapped[str] = mapped_column(Text)
    inside_hash: Mapped[str | None] = mapped_column(Text)
    plate: Mapped[bytes | None] = mapped_column(LargeBinary)
    plate_hash: Mapped[str | None] = mapped_column(Text)
    bare: Mapped[bytes | None] = mapped_column(LargeBinary)
    bare_hash: Mapped[str | None] = mapped_column(Text)
    sku: Mapped[str] = mapped_column(Text, server_default="")
    view: Mapped[str] = mapped_column(Text, server_default="front")
    recipe: Mapped[str] = mapped_column(Text)
    seed: Mapped[int]
    destination: Mapped[bytes] = mapped_column(LargeBinary)
    review_destination: Mapped[bytes] = mapped_column(LargeBinary)
    copy: Mapped[int] = mapped_column(server_default="1")
    intake_key: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    worker: Mapped[str | None] = mapped_column(Text)
    cancel_asked: Mapped[bool] = mapped_column(server_default="0")
    held: Mapped[bool] = mapped_column(server_default="0")
    created_at: Mapped[str] = mapped_column(Text)
    started_at: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column(Float)
    warnings: Mapped[str] = mapped_column(Text, server_default="[]")
    ran_on: Mapped[str] = mapped_column(Text, server_default="")
    error_title: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)

    files: Mapped[list[FileRow]] = relationship(order_by=FileRow.number, lazy="selectin", viewonly=True)
