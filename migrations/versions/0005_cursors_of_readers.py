"""Cursors of readers that outlive a process."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reader_cursors",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_reader_cursors_room_id")),
        sa.PrimaryKeyConstraint("reader", "room_id", name=op.f("pk_reader_cursors")),
    )


def downgrade() -> None:
    op.drop_table("reader_cursors")
