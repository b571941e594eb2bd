"""Rooms that have to do with each other, merged rooms, and the archive."""
