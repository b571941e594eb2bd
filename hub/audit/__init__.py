"""Floor 2: who did what. Room actions are audited by their events; this table holds everything else."""
