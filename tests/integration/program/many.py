"""Run many command lines in one process: `python many.py`, with a list of them on standard input.

Prints a list: of each its exit code, its output and its errors. What a command does, it does as in
a process of its own; only the interpreter is started once.
"""

import json
import os
import sys

from click.testing import CliRunner

from opentraces.entrypoints.cli.main import cli


def ran(arguments: list[str]) -> tuple[int, str, str]:
    """Run one, with nobody at a terminal."""
    done = CliRunner().invoke(cli, arguments, prog_name="opentraces")
    return done.exit_code, text(done.stdout_bytes), text(done.stderr_bytes)


def text(said: bytes) -> str:
    """Return bytes as JSON can say them."""
    return said.decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    os.umask(0o077)
    sys.stdout.write(json.dumps([ran(arguments) for arguments in json.load(sys.stdin)]))
