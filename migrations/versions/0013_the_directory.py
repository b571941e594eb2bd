"""What the plant's directory tells of people, and how the last look at it went."""

import sqlalchemy as sa
from alembic import op

from hub.base.db import Time

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXTS = ("mail", "department", "employee_number", "phone")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("users", sa.Column(name, sa.Text()))
    op.add_column(
        "users", sa.Column("let_go_by_directory", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("users", sa.Column("checked_at", Time))
    op.create_table(
        "user_photos",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_photos_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_photos")),
    )
    op.create_table(
        "directory_guesses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_guesses")),
    )
    op.create_index("ix_directory_guesses_person", "directory_guesses", ["person", "at"])
    op.create_table(
        "directory_sync",
        sa.Column("id", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("looked_at", Time),
        sa.Column("succeeded_at", Time),
        sa.Column("held", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fault", sa.Text()),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_sync_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_sync")),
    )
    op.execute("INSERT INTO directory_sync (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("directory_sync")
    op.drop_table("directory_guesses")
    op.drop_table("user_photos")
    for name in ("checked_at", "let_go_by_directory", *reversed(TEXTS)):
        op.drop_column("users", name)
