"""Tries to sign in, accounts of our own with more rules, and API tokens with a name and a last use."""

import sqlalchemy as sa
from alembic import op

from hub.base.db import Time

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NO = sa.text("false")


def upgrade() -> None:
    op.drop_table("login_failures")
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index("ix_login_attempts_account", "login_attempts", ["account", "at"])
    op.create_index("ix_login_attempts_address", "login_attempts", ["address", "at"])
    op.create_index("ix_login_attempts_at", "login_attempts", ["at"])
    for name in ("must_change", "break_glass", "kiosk"):
        op.add_column("users", sa.Column(name, sa.Boolean(), nullable=False, server_default=NO))
    op.add_column("api_tokens", sa.Column("label", sa.Text(), nullable=False, server_default=""))
    op.add_column("api_tokens", sa.Column("last_used_at", Time))


def downgrade() -> None:
    op.drop_column("api_tokens", "last_used_at")
    op.drop_column("api_tokens", "label")
    for name in ("kiosk", "break_glass", "must_change"):
        op.drop_column("users", name)
    op.drop_table("login_attempts")
    op.create_table(
        "login_failures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    op.create_index("ix_login_failures_username", "login_failures", ["username", "at"])
