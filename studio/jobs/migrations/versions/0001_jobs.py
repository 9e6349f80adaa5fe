"""The first schema: jobs, their files, and orders on their way into the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("front", sa.LargeBinary(), nullable=False),
        sa.Column("inside", sa.LargeBinary()),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.Column("inside_hash", sa.Text()),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("destination", sa.LargeBinary(), nullable=False),
        sa.Column("review_destination", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("intake_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("worker", sa.Text()),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text()),
        sa.Column("finished_at", sa.Text()),
        sa.Column("confidence", sa.Float()),
        sa.Column("warnings", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("error_title", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_hint", sa.Text()),
    )
    op.create_index("jobs_status", "jobs", ["status", "number"])
    op.create_index("jobs_intake_key", "jobs", ["intake_key"])
    op.create_index(
        "jobs_open_once", "jobs", ["intake_key"], unique=True, sqlite_where=sa.text("status IN ('queued', 'running')")
    )
    op.create_table(
        "files",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("job_id", sa.Text(), sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
    )
    op.create_index("ix_files_job_id", "files", ["job_id"])
    op.create_index("files_path", "files", ["path"])
