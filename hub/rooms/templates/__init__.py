"""Templates: what a room gets when it opens: its name, its people, its checklist, a welcome."""
