"""Floor 4d: observations become occurrences, occurrences become incident rooms."""
