"""Floor 4e: a word to a person, a room, a line or everybody, until it expires."""
