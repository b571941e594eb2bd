"""Teams: who works together, on which lines, and which groups of the directory they come from."""
