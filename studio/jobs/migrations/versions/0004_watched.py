"""The fourth schema: watched folders, what arrived in them, corrected pairs, plates, and finding jobs by content."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables, the columns and the index."""
    for name in ("plate", "bare"):
        op.add_column("jobs", sa.Column(name, sa.LargeBinary()))
        op.add_column("jobs", sa.Column(f"{name}_hash", sa.Text()))
    op.add_column("jobs", sa.Column("sku", sa.Text(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("view", sa.Text(), nullable=False, server_default="front"))
    op.create_index("jobs_source", "jobs", ["source_hash"])
    _watched()
    op.create_table(
        "moves",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("watched_id", sa.Text(), sa.ForeignKey("watched.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_index("ix_moves_watched_id", "moves", ["watched_id"])
    op.create_table(
        "roles",
        sa.Column("photo", sa.LargeBinary(), primary_key=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("garment", sa.Text(), nullable=False),
    )


def _watched() -> None:
    op.create_table(
        "watched",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("folder", sa.LargeBinary(), nullable=False),
        sa.Column("out", sa.LargeBinary(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("inside", sa.Text()),
        sa.Column("settle_s", sa.Float(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("created_at", sa.Text(), nullable=False),
    )
    op.create_index("watched_once", "watched", ["folder", "out"], unique=True)
    op.create_table(
        "watched_files",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("watched_id", sa.Text(), sa.ForeignKey("watched.id", ondelete="CASCADE"), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_tidied", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("at", sa.Text(), nullable=False),
    )
    op.create_index("watched_files_once", "watched_files", ["watched_id", "path"], unique=True)
    op.create_index("watched_files_job", "watched_files", ["job_id"])
