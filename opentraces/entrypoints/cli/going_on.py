"""Becoming another program: this process goes on as it."""

import os
import signal
import sys
from collections.abc import Sequence
from shutil import which
from typing import NoReturn

from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.settings import Settings

_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def program_of(name: str, settings: Settings) -> str:
    """Return where a program is. Raises BadRequest: it is on no folder of PATH."""
    found = which(name, path=settings.search_path)
    if found is None:
        raise BadRequest(
            f"{name} is not on PATH, nothing was written → install it, or see what it would be "
            "told: --dry-run"
        )
    return os.path.abspath(found)  # noqa: PTH100 - no link is resolved


def become(program: str, command: Sequence[str], folder: str) -> NoReturn:
    """Go on as a program in a folder, with the environment and the terminal that we have."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(folder)
    for number in _IGNORED_BY_PYTHON:
        signal.signal(number, signal.SIG_DFL)
    os.execv(program, [*command])  # noqa: S606 - without a shell
