"""Who belongs to a room."""
