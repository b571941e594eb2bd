"""How much a benchmark does: rounds, and seconds of each measurement. Small values are for a quick look."""

import os

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
