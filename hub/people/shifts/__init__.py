"""Who works when: shift patterns, rosters, overrides, the plant calendar."""
