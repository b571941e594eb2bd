"""Signing in, sessions, tokens, tickets."""
