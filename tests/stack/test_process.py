"""Children: bound to us, stopped in time, their words kept."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from hub.stack.process import Child, free_port, port_is_free, program_of

STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.1; done"


def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    child = Child(["/bin/sh", "-c", STUBBORN], tmp_path / "child.log")
    while "ready" not in child.output():
        assert child.alive
    child.stop(grace=0.2)
    assert (child.alive, child.exit_code) == (False, -signal.SIGKILL)


def test_a_restarted_child_is_a_new_one_with_words_of_its_own(tmp_path: Path) -> None:
    child = Child(["/bin/sh", "-c", "echo $$"], tmp_path / "child.log")
    assert child.wait(5)
    first = child.output()
    child.restart()
    assert child.wait(5)
    assert first.strip() != child.output().strip()
    assert (tmp_path / "child.log").read_text() == first + child.output()


def test_ctrl_c_at_the_terminal_does_not_reach_children(tmp_path: Path) -> None:
    child = Child(["/bin/sleep", "60"], tmp_path / "child.log")
    assert os.getsid(child.pid) == child.pid != os.getsid(0)
    child.kill()


def test_a_zombie_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it ended, and nobody has asked yet
    assert Path(f"/proc/{process.pid}").exists()
    assert program_of(process.pid) is None
    process.wait()


def test_we_know_the_program_of_a_process() -> None:
    process = subprocess.Popen(["/bin/sleep", "60"])
    assert program_of(process.pid) in ("sleep", "python", "python3.11")  # before its exec it is still us
    process.kill()
    process.wait()
    assert program_of(process.pid) is None


def test_a_free_port_is_free() -> None:
    assert port_is_free(free_port())
