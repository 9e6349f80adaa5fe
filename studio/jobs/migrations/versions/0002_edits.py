"""The second schema: corrections of photographs, and finding the jobs of a folder."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of corrections and the index."""
    op.create_table(
        "edits",
        sa.Column("source_hash", sa.Text(), primary_key=True),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
    )
    op.create_index("jobs_front", "jobs", ["front", "number"])
