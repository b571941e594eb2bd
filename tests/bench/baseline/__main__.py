"""Run the baseline on stock uvicorn: `python -m tests.bench.baseline`."""

import uvicorn

from tests.bench.baseline.app import app, settings

if __name__ == "__main__":
    uvicorn.run(app, port=settings.port)
