"""Alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
    )
    op.create_table(
        "alarms",
        sa.Column("alarm_key", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("grouping_key", sa.Text(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("last_source_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("alarm_key", name=op.f("pk_alarms")),
    )
    op.create_index(
        "ix_alarms_scope", "alarms", ["source_id", "scope"], unique=False, postgresql_where=sa.text("scope IS NOT NULL")
    )
    op.create_table(
        "occurrences",
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("alarm_key", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("(room_id IS NULL) = (message_id IS NULL)", name=op.f("ck_occurrences_in_room")),
        sa.ForeignKeyConstraint(["alarm_key"], ["alarms.alarm_key"], name=op.f("fk_occurrences_alarm_key")),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_occurrences_room_id")),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("message_id", name=op.f("uq_occurrences_message_id")),
    )
    op.create_index("ix_occurrences_alarm", "occurrences", ["alarm_key", "raised_at"], unique=False)
    op.create_index("ix_occurrences_room", "occurrences", ["room_id"], unique=False)
    op.create_index(
        "uq_occurrences_active", "occurrences", ["alarm_key"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "alarm_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("inbox_key", sa.Text(), nullable=True),
        sa.Column("alarm_key", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("source_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('opened', 'joined', 'updated', 'folded', 'suppressed', 'shelved', 'logged', 'late', 'duplicate')",
            name=op.f("ck_alarm_inbox_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_inbox")),
    )
    op.create_index("ix_alarm_inbox_alarm", "alarm_inbox", ["alarm_key", "id"], unique=False)
    op.create_index(
        "uq_alarm_inbox_key",
        "alarm_inbox",
        ["source_id", "inbox_key"],
        unique=True,
        postgresql_where=sa.text("inbox_key IS NOT NULL"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_at", "quarantine", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("quarantine")
    op.drop_table("alarm_inbox")
    op.drop_table("occurrences")
    op.drop_table("alarms")
    op.drop_table("sources")
