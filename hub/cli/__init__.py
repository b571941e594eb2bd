"""`andon`: every command of the product. Imports are lazy: a command pays only for what it uses."""

import hub.cli.keeping
import hub.cli.people
import hub.cli.running  # noqa: F401 - a command is there once its module is read
from hub.cli.common import main

__all__ = ["main"]
