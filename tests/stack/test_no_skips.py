"""A run with a skipped test fails, and names it."""

import subprocess
import sys
from pathlib import Path

import pytest

SKIP = "import pytest\n@pytest.mark.skip\ndef test_a(): pass\n"
XFAIL = "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\n"
MODULE = "import pytest\npytest.skip('all', allow_module_level=True)\n"
GOOD = "def test_a(): pass\n"


@pytest.mark.parametrize(("code", "exit_code"), [(SKIP, 1), (XFAIL, 1), (MODULE, 1), (GOOD, 0)])
def test_skips_fail_the_run(tmp_path: Path, code: str, exit_code: int) -> None:
    (tmp_path / "test_good.py").write_text(GOOD)
    (tmp_path / "test_it.py").write_text(code)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.no_skips",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
    ]
    done = subprocess.run([*command, tmp_path], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == exit_code, done.stdout
    assert ("not allowed to be skipped" in done.stdout) == bool(exit_code)
