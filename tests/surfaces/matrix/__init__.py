"""Who may do what: every operation for everybody, over the two hubs."""
