"""Runs commands one after the other in a process, and says what each ended with.

`python -m … COMMANDS`, a JSON list of command lines; prints their exit codes, what they printed,
and the most memory that the process ever held, in bytes.
"""

import json
import resource
import sys
from pathlib import Path

from click.testing import CliRunner

from opentraces.entrypoints.cli.main import cli

_ADDRESSES = 6 << 30
"""What would take far more than the test allows ends here, and not with the machine."""


def main(commands: str) -> None:
    """Run them."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    codes: list[int | str] = []
    outputs: list[str] = []
    for command in json.loads(commands):
        result = CliRunner().invoke(cli, command, prog_name="opentraces")
        is_ours = result.exception is None or isinstance(result.exception, SystemExit)
        codes.append(result.exit_code if is_ours else repr(result.exception))
        outputs.append(result.stdout)
    sys.stdout.write(json.dumps({"codes": codes, "outputs": outputs, "most": _most()}))


def _most() -> int:
    """Return the most that was held since this program began.

    What the system accounts to a process also counts whoever started it, before it did.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(sys.argv[1])
