"""What is written down when an incident is closed."""
