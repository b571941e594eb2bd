"""Messages are found by the words in them."""

import sqlalchemy as sa
from alembic import op

from hub.base.db import Time

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_search",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("tokens", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_search")),
    )
    op.create_index(
        "ix_message_search_tokens",
        "message_search",
        ["tokens"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "512"},
    )
    op.create_index("ix_message_search_at", "message_search", ["at", "message_id"])
    op.create_index("ix_message_search_room", "message_search", ["room_id", "at", "message_id"])


def downgrade() -> None:
    op.execute("DELETE FROM reader_cursors WHERE reader = 'search'")  # the next index begins with the first event
    op.drop_table("message_search")
