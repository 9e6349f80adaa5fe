"""The fifth schema: jobs that wait for a person's word, and the networks that took part in a result."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the column and the table."""
    op.add_column("jobs", sa.Column("held", sa.Boolean(), nullable=False, server_default="0"))
    op.create_table(
        "models_used",
        sa.Column("model", sa.Text(), primary_key=True),
        sa.Column("job_number", sa.Integer(), sa.ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_models_used_job_number", "models_used", ["job_number"])
