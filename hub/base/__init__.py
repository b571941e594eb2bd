"""Floor 1: settings, clock, database, errors, text rules, telemetry, health."""
