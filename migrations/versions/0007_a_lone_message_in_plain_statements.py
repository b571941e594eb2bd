"""A batch of one by plain statements: setting up the plan for many takes longer than a lone message's whole write.

Does what `post_messages` does for one posting (0006); tests run the same stories through both.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION post_message(
            wait boolean, ended text[], silent text[],
            room uuid, sender uuid, key text, id uuid, type text, content text, metadata text,
            fingerprint_given bytea, facts text,
            OUT place bigint, OUT status text, OUT role text,
            OUT message_id uuid, OUT seq bigint, OUT at timestamptz, OUT fingerprint bytea, OUT fresh boolean
        )
        RETURNS SETOF record
        LANGUAGE plpgsql VOLATILE AS $$
        #variable_conflict use_variable
        BEGIN
            -- Each statement sees what was committed before it began, so the checks see what happened during the wait.
            IF wait THEN
                SELECT r.status INTO status FROM incident_rooms r WHERE r.room_id = room FOR NO KEY UPDATE;
            ELSE
                SELECT r.status INTO status FROM incident_rooms r WHERE r.room_id = room FOR NO KEY UPDATE SKIP LOCKED;
                IF status IS NULL AND EXISTS (SELECT FROM incident_rooms r WHERE r.room_id = room) THEN
                    RETURN;  -- somebody holds it
                END IF;
            END IF;
            place := 1;
            SELECT m.message_id, m.sequence_number, m.created_at, m.body_sha256 INTO message_id, seq, at, fingerprint
            FROM messages m WHERE m.sender_id = sender AND m.client_msg_id = key;
            SELECT p.role INTO role
            FROM room_members p WHERE p.room_id = room AND p.user_id = sender AND p.to_seq IS NULL;
            fresh := coalesce(seq IS NULL AND role <> ALL (silent) AND status <> ALL (ended), false);
            IF fresh THEN
                at := hub_now();
                message_id := id;
                UPDATE room_heads h SET last_seq = h.last_seq + 1, moved = pg_current_xact_id()
                WHERE h.room_id = room RETURNING h.last_seq INTO seq;
                INSERT INTO room_events (room_id, seq, type, actor_id, body, at)
                VALUES (room, seq, 'MessagePosted', sender, facts::jsonb, at);
                INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata,
                                      client_msg_id, body_sha256, created_at)
                VALUES (id, room, seq, sender, type, content, metadata::jsonb, key, fingerprint_given, at);
            END IF;
            RETURN NEXT;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION post_message")
