"""Floor 4c: messages and the timeline of a room."""
