"""The audit is sealed: origin, before and after, the chain, counted refusals; rows and events cannot be truncated."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import Time

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEEP_WHOLE = """
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seal CONSTANT text[] := ARRAY['number', 'hash', 'sealed_at'];
BEGIN
    IF TG_OP = 'INSERT' AND NEW.number IS NULL THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.number IS NULL AND NEW.number IS NOT NULL
        AND to_jsonb(NEW) - seal = to_jsonb(OLD) - seal THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""
# What the audit shows of a room's log: everything but the talk and the machines' own updates.
AUDITED = "type NOT IN ('MessagePosted', 'MessageEdited', 'ReactionAdded', 'ReactionRemoved', 'OccurrenceChanged')"


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("request_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("audit_log", sa.Column("before", JSONB()))
    op.add_column("audit_log", sa.Column("after", JSONB()))
    op.add_column("audit_log", sa.Column("number", sa.BigInteger()))
    op.add_column("audit_log", sa.Column("hash", sa.LargeBinary()))
    op.add_column("audit_log", sa.Column("sealed_at", Time))
    op.create_unique_constraint(op.f("uq_audit_log_number"), "audit_log", ["number"])
    op.create_check_constraint(
        op.f("ck_audit_log_sealed_whole"), "audit_log", "num_nulls(number, hash, sealed_at) IN (0, 3)"
    )
    op.create_index("ix_audit_log_actor", "audit_log", ["actor_id", "at"])
    op.create_index("ix_audit_log_object", "audit_log", ["object", "at"])
    op.create_index("ix_audit_log_unsealed", "audit_log", ["id"], postgresql_where=sa.text("number IS NULL"))
    op.create_index("ix_room_events_audited", "room_events", ["at"], postgresql_where=sa.text(AUDITED))
    op.create_table(
        "audit_head",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_audit_head_singleton")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_audit_head")),
    )
    op.execute("INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'))")
    op.create_table(
        "audit_refusals",
        sa.Column("minute", Time, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "actor_id", "operation", "code", "ip", name=op.f("pk_audit_refusals")),
    )
    op.execute(KEEP_WHOLE)
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE INSERT OR UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_keep()"
    )
    for table in ("audit_log", "room_events"):
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("DELETE FROM reader_cursors WHERE reader = 'audit'")
    op.execute("DROP TRIGGER room_events_never_emptied ON room_events")
    op.execute("DROP TRIGGER audit_log_never_emptied ON audit_log")
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
    op.execute("DROP FUNCTION audit_keep()")
    op.drop_table("audit_refusals")
    op.drop_table("audit_head")
    op.drop_index("ix_room_events_audited", "room_events")
    op.drop_index("ix_audit_log_unsealed", "audit_log")
    op.drop_index("ix_audit_log_object", "audit_log")
    op.drop_index("ix_audit_log_actor", "audit_log")
    op.drop_constraint("ck_audit_log_sealed_whole", "audit_log")
    op.drop_constraint("uq_audit_log_number", "audit_log")
    for column in ("sealed_at", "hash", "number", "after", "before", "request_id"):
        op.drop_column("audit_log", column)
