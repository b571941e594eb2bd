"""Floor 4a: incident rooms, their members and their life."""
