"""Floor 2: every room is a numbered log. Append under the room's lock, read by cursor, follow live."""
