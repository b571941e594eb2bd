"""Who is online, and broadcasts with who has seen them."""

import sqlalchemy as sa
from alembic import op

from hub.base.db import NOW, Time

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presence_user_id")),
        sa.PrimaryKeyConstraint("user_id", "hub_id", name=op.f("pk_presence")),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("ix_presence_hub_id", "presence", ["hub_id"])
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("room_id", sa.Uuid()),
        sa.Column("line", sa.Text()),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.Column("expires_at", Time, nullable=False),
        sa.CheckConstraint("scope IN ('person', 'room', 'line', 'everybody')", name=op.f("ck_broadcasts_scope")),
        sa.CheckConstraint(
            "severity IN ('critical', 'high', 'medium', 'low', 'diagnostic')", name=op.f("ck_broadcasts_severity")
        ),
        sa.CheckConstraint(
            "(scope = 'person') = (user_id IS NOT NULL) AND (scope = 'room') = (room_id IS NOT NULL) "
            "AND (scope = 'line') = (line IS NOT NULL)",
            name=op.f("ck_broadcasts_target"),
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_broadcasts_sender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_broadcasts_user_id")),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_broadcasts_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index("ix_broadcasts_expires_at", "broadcasts", ["expires_at"])
    op.create_table(
        "broadcast_seen",
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", Time, nullable=False, server_default=NOW),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_broadcast_seen_broadcast_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_broadcast_seen_user_id")),
        sa.PrimaryKeyConstraint("broadcast_id", "user_id", name=op.f("pk_broadcast_seen")),
    )


def downgrade() -> None:
    op.drop_table("broadcast_seen")
    op.drop_table("broadcasts")
    op.drop_table("presence")
