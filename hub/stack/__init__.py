"""The top floor: starts and watches the processes a small plant or a test needs. Nothing below imports it."""
