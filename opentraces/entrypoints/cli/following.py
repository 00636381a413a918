"""Keeping up with the checkout that a command is run in, and with what a crash left behind."""

from collections.abc import Sequence
from pathlib import Path

from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.container.following import note_worktree
from opentraces.entrypoints.container.left_behind import take_up_backlog
from opentraces.entrypoints.settings import Settings

_BESIDE = ("ingest", "completion", "doctor", "uninstall")
"""Commands that only look, take us off the machine, or are run by no person where they stand."""

_TAKES_UP = "import"
"""The command that takes up events itself."""

_HELP = {"-h", "--help"}


def keep_up(arguments: Sequence[str]) -> None:
    """Follow the checkout we stand in, and start what takes up events that wait; never fails.

    Does nothing where a command line only asks for help.
    """
    command = next((word for word in arguments if not word.startswith("-")), "")
    if command in _BESIDE or _HELP & {*arguments}:
        return
    try:
        settings, here = Settings.from_environment(), Path.cwd()
    except (OpentracesError, OSError):
        return  # the command will say it, if it matters to it
    note_worktree(settings, here)
    if command != _TAKES_UP:
        take_up_backlog(settings)
