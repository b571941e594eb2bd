"""Floor 2b: who did what. Rows are written plainly with the change and sealed into a hash chain a second later.

Room actions are audited by their events; the chain seals their digests.
"""
