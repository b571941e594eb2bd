"""The design the specification describes, kept to compare with. Frozen: see README.md."""
