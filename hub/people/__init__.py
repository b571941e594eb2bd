"""Floor 3: people, machines and bots; how they sign in and what they may."""
