"""The tables of watched folders and of corrected pairs. Paths are the file system's bytes."""

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from studio.jobs.tables import Base


class WatchedRow(Base):
    """A watched folder; recipe: JSON."""

    __tablename__ = "watched"
    __table_args__ = (Index("watched_once", "folder", "out", unique=True),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    folder: Mapped[bytes] = mapped_column(LargeBinary)
    out: Mapped[bytes] = mapped_column(LargeBinary)
    recipe: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    inside: Mapped[str | None] = mapped_column(Text)
    plate: Mapped[bytes | None] = mapped_column(LargeBinary)
    bare: Mapped[bytes | None] = mapped_column(LargeBinary)
    settle_s: Mapped[float] = mapped_column(Float)
    is_paused: Mapped[bool] = mapped_column(server_default="0")
    created_at: Mapped[str] = mapped_column(Text)


class WatchedFileRow(Base):
    """A file of a watched folder that was dealt with, so that it is not read again while its stamp stays.

    stamp: sizes and times of the photo and its inside photo. recipe: the fingerprint it was dealt with. job_id: of the
    job it became or, for a duplicate, of the job that did the same. message: why it failed. is_tidied: what the folder
    does with originals after work was done to this one.
    """

    __tablename__ = "watched_files"
    __table_args__ = (
        Index("watched_files_once", "watched_id", "path", unique=True),
        Index("watched_files_job", "job_id"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    watched_id: Mapped[str] = mapped_column(ForeignKey("watched.id", ondelete="CASCADE"))
    path: Mapped[bytes] = mapped_column(LargeBinary)
    stamp: Mapped[str] = mapped_column(Text)
    recipe: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    job_id: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text, server_default="")
    is_tidied: Mapped[bool] = mapped_column(server_default="0")
    at: Mapped[str] = mapped_column(Text)


class MoveRow(Base):
    """An original on its way into `done` or `failed`, or there. state: planned, moved, or back."""

    __tablename__ = "moves"

    number: Mapped[int] = mapped_column(primary_key=True)
    watched_id: Mapped[str] = mapped_column(ForeignKey("watched.id", ondelete="CASCADE"), index=True)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    target: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)


class RoleRow(Base):
    """What a person said that a photo of a shoot is. garment: the SKU or name that its garment goes by."""

    __tablename__ = "roles"

    photo: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    garment: Mapped[str] = mapped_column(Text)
