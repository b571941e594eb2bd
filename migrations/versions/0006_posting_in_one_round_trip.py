"""Posting a batch of messages is one statement: see docs/decisions/0011-posting-is-one-statement.md."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNNEEDED = [
    ("room_events", "fk_room_events_room_id"),
    ("messages", "fk_messages_room_id"),
    ("messages", "fk_messages_sender_id"),
]


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION post_messages(
            wait boolean, ended text[], silent text[],
            rooms uuid[], senders uuid[], keys text[], ids uuid[], types text[], contents text[], metadatas text[],
            fingerprints bytea[], facts text[]
        )
        RETURNS TABLE (
            place bigint, status text, role text,
            message_id uuid, seq bigint, at timestamptz, fingerprint bytea, fresh boolean
        )
        LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
        #variable_conflict use_column
        DECLARE
            locked uuid[];
            now_at timestamptz;
        BEGIN
            -- The lock is a statement of its own. VOLATILE gives the next statement a snapshot taken after the wait,
            -- so what it checks cannot be forbidden any more before this commits.
            IF wait THEN
                locked := ARRAY(
                    SELECT r.room_id FROM incident_rooms r WHERE r.room_id = ANY (rooms)
                    ORDER BY r.room_id FOR NO KEY UPDATE);
            ELSE
                locked := ARRAY(
                    SELECT r.room_id FROM incident_rooms r WHERE r.room_id = ANY (rooms)
                    ORDER BY r.room_id FOR NO KEY UPDATE SKIP LOCKED);
            END IF;
            now_at := hub_now();
            RETURN QUERY
            WITH given AS (
                SELECT * FROM unnest(rooms, senders, keys, ids, types, contents, metadatas, fingerprints, facts)
                WITH ORDINALITY AS g(room, sender, key, id, type, content, metadata, fingerprint, facts, place)
            ), checked AS (
                SELECT g.*, r.status, p.role,
                       d.message_id AS first_id, d.sequence_number AS first_seq,
                       d.created_at AS first_at, d.body_sha256 AS first_fingerprint,
                       g.room = ANY (locked) AND d.message_id IS NULL
                       AND p.role <> ALL (silent) AND r.status <> ALL (ended) AS fresh
                FROM given g
                LEFT JOIN incident_rooms r ON r.room_id = g.room
                LEFT JOIN room_members p ON p.room_id = g.room AND p.user_id = g.sender AND p.to_seq IS NULL
                -- LATERAL: looked up by the index, one by one, also when the plan was made while the table was empty.
                LEFT JOIN LATERAL (
                    SELECT m.message_id, m.sequence_number, m.created_at, m.body_sha256 FROM messages m
                    WHERE m.sender_id = g.sender AND m.client_msg_id = g.key LIMIT 1
                ) d ON true
                WHERE r.room_id IS NULL OR g.room = ANY (locked)
            ), moved AS (
                UPDATE room_heads h SET last_seq = h.last_seq + c.n, moved = pg_current_xact_id()
                FROM (SELECT room, count(*) AS n FROM checked WHERE fresh GROUP BY room) c
                WHERE h.room_id = c.room RETURNING h.room_id, h.last_seq - c.n AS base
            ), numbered AS (
                SELECT c.*, m.base + row_number() OVER (PARTITION BY c.room ORDER BY c.place) AS seq
                FROM checked c JOIN moved m ON m.room_id = c.room WHERE c.fresh
            ), logged AS (
                INSERT INTO room_events (room_id, seq, type, actor_id, body, at)
                SELECT room, seq, 'MessagePosted', sender, facts::jsonb, now_at FROM numbered
            ), stored AS (
                INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata,
                                      client_msg_id, body_sha256, created_at)
                SELECT id, room, seq, sender, type, content, metadata::jsonb, key, fingerprint, now_at FROM numbered
            )
            SELECT c.place, c.status, c.role, coalesce(c.first_id, c.id), coalesce(c.first_seq, n.seq),
                   coalesce(c.first_at, now_at), c.first_fingerprint, coalesce(c.fresh, false)
            FROM checked c LEFT JOIN numbered n ON n.place = c.place;
        END $$
        """
    )
    # Every writer holds the room's lock and has found the sender among its members, and neither rooms nor users are
    # ever deleted; checking each row again, and locking the sender's row for it, took a quarter of the write.
    for table, name in UNNEEDED:
        op.drop_constraint(name, table, type_="foreignkey")


def downgrade() -> None:
    op.create_foreign_key("fk_messages_sender_id", "messages", "users", ["sender_id"], ["id"])
    op.create_foreign_key("fk_messages_room_id", "messages", "incident_rooms", ["room_id"], ["room_id"])
    op.create_foreign_key("fk_room_events_room_id", "room_events", "incident_rooms", ["room_id"], ["room_id"])
    op.execute("DROP FUNCTION post_messages")
