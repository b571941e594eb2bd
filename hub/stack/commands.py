"""The product's own commands as children: one-shot (`andon db upgrade`) and lasting (`andon hub`)."""

import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial

import httpx

from hub.stack.plan import Plan
from hub.stack.process import Child, StackError, run, wait_until
from hub.stack.seed import Command

READY_SECONDS = 60
PROGRAM = (sys.executable, "-m", "hub.cli")


def andon_command(plan: Plan, environment: Mapping[str, str]) -> Command:
    """A function that runs one short `andon` command to its end; all it says goes to `setup.log`."""

    def andon(words: Sequence[str], stdin: str) -> None:
        done = run([*PROGRAM, *words], env=environment, stdin=stdin)
        with (plan.logs / "setup.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%FT%T')} andon {' '.join(words[:2])}\n{done.stdout}{done.stderr}")
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            raise StackError(f"`andon {' '.join(words[:2])}` failed ({last}): see {plan.logs / 'setup.log'}")

    return andon


def start_andon(name: str, plan: Plan, environment: Mapping[str, str]) -> Child:
    """Start a lasting command, with its own log."""
    return Child([*PROGRAM, name], plan.logs / f"{name}.log", env=environment)


def wait_ready(plan: Plan, hub: Child) -> None:
    """Wait until the hub says that it is ready; raises StackError with its last line when it is not."""
    if wait_until(partial(_ready, plan.hub_url), hub, READY_SECONDS):
        return
    last = (hub.output().strip().splitlines() or ["no word"])[-1]
    state = "is not ready" if hub.alive else f"ended with exit code {hub.exit_code}"
    raise StackError(f"the hub {state} ({last[:300]}): see {plan.logs / 'hub.log'}")


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
