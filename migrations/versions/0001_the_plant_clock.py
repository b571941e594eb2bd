"""The plant clock: `hub_now()` tells plant time everywhere, so that demos and tests can shift and speed it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_clock",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("anchor_plant", sa.DateTime(timezone=True), nullable=False),
        sa.Column("anchor_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rate", sa.Double(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_hub_clock_singleton")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_hub_clock_rate")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_hub_clock")),
    )
    op.execute("INSERT INTO hub_clock (anchor_plant, anchor_wall) VALUES (clock_timestamp(), clock_timestamp())")
    op.execute(
        """
        CREATE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT anchor_plant + (clock_timestamp() - anchor_wall) * rate FROM hub_clock
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION hub_now()")
    op.drop_table("hub_clock")
