"""What must hold whatever happens; each law prints its counts and fails below a floor."""
