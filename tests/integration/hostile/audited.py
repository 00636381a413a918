"""Runs commands one after the other in a process, and says which connections they began.

`python -m … COMMANDS`, a JSON list of command lines; prints the audit events of sockets, and the
programs that were run.
"""

import json
import sys
from typing import Any

from click.testing import CliRunner

from opentraces.entrypoints.cli.main import cli

_RUNS = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system", "os.spawn")


def main(commands: str) -> None:
    """Run them."""
    events: list[str] = []
    programs: list[str] = []

    def hear(name: str, told: tuple[Any, ...]) -> None:
        if name.startswith(("socket.", "urllib.", "http.", "ssl.", "ftplib.", "smtplib.")):
            events.append(name)
        if name in _RUNS:
            programs.append(str(told[0]))

    sys.addaudithook(hear)
    lines: list[list[str]] = json.loads(commands)
    codes = [CliRunner().invoke(cli, each, prog_name="opentraces").exit_code for each in lines]
    sys.stdout.write(json.dumps({"codes": codes, "events": events, "programs": programs}))


if __name__ == "__main__":
    main(sys.argv[1])
