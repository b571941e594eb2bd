"""A room's checklist: what is to be done, by whom, until when, and what has been."""
