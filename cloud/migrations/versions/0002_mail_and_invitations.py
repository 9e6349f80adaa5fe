"""Verified addresses, mails that wait to be sent, and invitations into a tenant."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
KINDS = ("verify_email", "address_in_use", "reset_password", "password_changed", "invitation")


def upgrade() -> None:
    """Go to this version."""
    op.add_column("users", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "mails",
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="mailkind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_not_before"), "mails", ["not_before"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "member", name="role", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by_users")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_invitations_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("tenant_id", "email", name=op.f("uq_invitations_tenant_id_email")),
    )
    op.create_index(op.f("ix_jobs_completed_at"), "jobs", ["completed_at"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(op.f("ix_jobs_completed_at"), table_name="jobs")
    op.drop_table("invitations")
    op.drop_table("mails")
    op.drop_column("users", "email_verified_at")
