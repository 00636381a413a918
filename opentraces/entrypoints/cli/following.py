"""Keeping up with the checkout that a command is run in."""

from collections.abc import Sequence
from pathlib import Path

from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.container.following import note_worktree
from opentraces.entrypoints.settings import Settings

_BESIDE = ("ingest", "completion")
"""Commands that no person runs where they stand."""

_HELP = {"-h", "--help"}


def keep_up(arguments: Sequence[str]) -> None:
    """Follow the checkout we stand in, unless a command line only asks for help; never fails."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    if command in _BESIDE or _HELP & {*arguments}:
        return
    try:
        settings, here = Settings.from_environment(), Path.cwd()
    except (OpentracesError, OSError):
        return  # the command will say it, if it matters to it
    note_worktree(settings, here)
