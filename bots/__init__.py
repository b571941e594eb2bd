"""Bots: users like everybody else, through the same door."""
