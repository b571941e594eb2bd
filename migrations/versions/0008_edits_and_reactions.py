"""A message has versions and reactions."""

import sqlalchemy as sa
from alembic import op

from hub.base.db import NOW, Time

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.create_table(
        "message_reactions",
        sa.Column("reaction_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.ForeignKeyConstraint(["message_id"], ["messages.message_id"], name=op.f("fk_message_reactions_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_message_reactions_user_id")),
        sa.PrimaryKeyConstraint("reaction_id", name=op.f("pk_message_reactions")),
        sa.UniqueConstraint(
            "message_id", "user_id", "emoji", name=op.f("uq_message_reactions_message_id_user_id_emoji")
        ),
    )
    op.create_table(
        "message_edit_history",
        sa.Column("edit_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("original_content", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", Time, nullable=False, server_default=NOW),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.message_id"], name=op.f("fk_message_edit_history_message_id")
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["users.id"], name=op.f("fk_message_edit_history_edited_by")),
        sa.PrimaryKeyConstraint("edit_id", name=op.f("pk_message_edit_history")),
        sa.UniqueConstraint("message_id", "version", name=op.f("uq_message_edit_history_message_id_version")),
    )


def downgrade() -> None:
    op.drop_table("message_edit_history")
    op.drop_table("message_reactions")
    op.drop_column("messages", "version")
