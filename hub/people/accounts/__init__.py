"""Accounts: people, machines and bots as admins look after them, local passwords, and API tokens."""
