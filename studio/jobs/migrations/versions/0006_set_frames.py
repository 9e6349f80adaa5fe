"""The sixth schema: a watched folder knows the frames of its set."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    for name in ("plate", "bare"):
        op.add_column("watched", sa.Column(name, sa.LargeBinary(), nullable=True))
