"""What comes in from outside: bad input with its codes, and what operators look at."""
