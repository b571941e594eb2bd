"""Rooms and their log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hub.base.db import Xid8

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_rooms",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fault", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("grouping_key", sa.Text(), nullable=True),
        sa.Column("accepting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active_alarms", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("first_raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_site_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("monitoring_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "category IN ('machine', 'quality', 'material', 'process', 'maintenance', 'safety', 'utility', 'it', 'comm', 'planned')",
            name=op.f("ck_incident_rooms_category"),
        ),
        sa.CheckConstraint(
            "severity IN ('critical', 'high', 'medium', 'low', 'diagnostic')", name=op.f("ck_incident_rooms_severity")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm')",
            name=op.f("ck_incident_rooms_status"),
        ),
        sa.CheckConstraint("visibility IN ('members', 'line', 'plant')", name=op.f("ck_incident_rooms_visibility")),
        sa.CheckConstraint("NOT accepting OR grouping_key IS NOT NULL", name=op.f("ck_incident_rooms_accepting")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_incident_rooms_owner_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_incident_rooms")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_rooms_number")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_incident_rooms_status", "incident_rooms", ["status", "opened_at"], unique=False)
    op.create_index(
        "uq_incident_rooms_accepting",
        "incident_rooms",
        ["grouping_key"],
        unique=True,
        postgresql_where=sa.text("accepting"),
    )
    op.create_table(
        "room_members",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("to_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('owner', 'lead', 'responder', 'viewer', 'guest')", name=op.f("ck_room_members_role")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_room_members_room_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_room_members_user_id")),
        sa.PrimaryKeyConstraint("room_id", "user_id", "from_seq", name=op.f("pk_room_members")),
    )
    op.create_index("ix_room_members_user", "room_members", ["user_id"], unique=False)
    op.create_index(
        "uq_room_members_present",
        "room_members",
        ["room_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("to_seq IS NULL"),
    )
    op.create_table(
        "read_marks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("last_read_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_read_marks_room_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_read_marks_user_id")),
        sa.PrimaryKeyConstraint("user_id", "room_id", name=op.f("pk_read_marks")),
    )
    op.create_table(
        "room_heads",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("moved", Xid8(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_room_heads_room_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room_heads")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("ix_room_heads_moved", "room_heads", ["moved"], unique=False)
    op.create_table(
        "room_events",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_room_events_room_id")),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_room_events")),
        sa.UniqueConstraint("room_id", "key", name=op.f("uq_room_events_room_id_key")),
    )
    op.create_table(
        "hub_epoch",
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_hub_epoch")),
    )
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("sequence_number", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("message_type", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("client_msg_id", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("hub_now()"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "message_type IN ('text', 'image_ref', 'file_ref', 'system', 'incident_data')",
            name=op.f("ck_messages_message_type"),
        ),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_messages_room_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_messages_sender_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_messages")),
        sa.UniqueConstraint("room_id", "sequence_number", name=op.f("uq_messages_room_id_sequence_number")),
        sa.UniqueConstraint("sender_id", "client_msg_id", name=op.f("uq_messages_sender_id_client_msg_id")),
    )
    op.create_index(
        "ix_messages_room_created", "messages", ["room_id", sa.literal_column("created_at DESC")], unique=False
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER room_events_append_only BEFORE UPDATE OR DELETE ON room_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute("INSERT INTO hub_epoch (epoch) VALUES (gen_random_uuid())")


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("hub_epoch")
    op.drop_table("room_events")
    op.drop_table("room_heads")
    op.drop_table("read_marks")
    op.drop_table("room_members")
    op.drop_table("incident_rooms")
    op.execute("DROP FUNCTION refuse_change()")
