"""The demo plant: a believable line, and the replay of alarm logs, both through the broker like any real machine."""
