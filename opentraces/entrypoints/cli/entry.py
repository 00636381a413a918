"""The console script: answers at once what needs no click, and starts click for all else."""

import gc
import sys
from importlib import import_module

from opentraces import __version__
from opentraces.entrypoints.cli.commands import overview
from opentraces.entrypoints.cli.exit_codes import DONE, INTERRUPTED

_OBJECTS = 50_000
"""Start-up makes tens of thousands of objects that stay; looking for garbage among them is vain."""


def main() -> int:
    """Run the program; returns what the process ends with."""
    said = _said_at_once(sys.argv[1:])
    try:
        if said is None:
            return _run()
        sys.stdout.write(said)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _said_at_once(arguments: list[str]) -> str | None:
    """Return what these arguments print. None: a command is to be run.

    No arguments at all may be a shell that asks for completions, which click answers.
    """
    if arguments in (["--help"], ["-h"]):
        return overview()
    if arguments == ["--version"]:
        return f"opentraces {__version__}\n"
    return None


def _run() -> int:
    gc.set_threshold(_OBJECTS, 20, 100)
    code: int = import_module("opentraces.entrypoints.cli.main").run()
    return code
