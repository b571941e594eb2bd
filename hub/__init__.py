"""Andon Hub: machines open incident rooms, people solve the stop together."""
