"""The mapping language: topic and payload in, observations out. Pure; only `language.load` reads files."""
