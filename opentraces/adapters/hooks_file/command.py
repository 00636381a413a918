"""What an agent is told to run, and at which of its events."""

import shlex
from collections.abc import Iterable
from typing import NamedTuple

from opentraces.adapters.hooks_file.hooks_text import FOLDER
from opentraces.adapters.hooks_file.merging import Group, Groups
from opentraces.adapters.hooks_file.writing import Json
from opentraces.domain.setup import HookPoint


class Command(NamedTuple):
    """One run of our script."""

    python: str
    """The interpreter, absolute."""

    script: str
    """The script, absolute."""

    home: str
    """The folder it writes to, absolute."""

    def line(self) -> str:
        """Return it for a shell: whatever is missing, it prints nothing and ends with 0.

        Also not when it is killed, which bash itself says, to where its own errors go: so they are
        sent away for as long. An `exec` would do that, too, and end with 2 where it cannot.
        """
        python, script, home = map(shlex.quote, self)
        return f"{{ {python} -I -S {script} {home} ; }} >/dev/null 2>&1 || :"


def read_command(line: str) -> Command | None:
    """Return the run that a line for a shell stands for. None: it is no line of ours.

    Setups of before wrote it without the braces.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if words[:1] == ["{"]:
        del words[0]
    script = next((number for number, word in enumerate(words) if FOLDER in word), 0)
    if not 0 < script < len(words) - 1:
        return None
    return Command(words[0], words[script], words[script + 1])


def groups_of(command: Command, points: Iterable[HookPoint]) -> Groups:
    """Return what has to stand in the settings, by event.

    Not `async`: Claude Code kills such a hook when it ends, and then leaves out SessionEnd.
    """
    return {point.event: Group(_handler(command, point), point.matcher) for point in points}


def _handler(command: Command, point: HookPoint) -> dict[str, Json]:
    return {"type": "command", "command": command.line(), "timeout": point.timeout_s}
