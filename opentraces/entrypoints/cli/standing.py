"""Where the user stands."""

from pathlib import Path

from opentraces.entrypoints.lazy import lazy

_worktrees = lazy("opentraces.entrypoints.container.importing:worktrees")
"""Imported where somebody asks for more than the folder."""


def working_directory() -> Path | None:
    """Return the folder we stand in. None: it is not there any more."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def repository_folders() -> tuple[str, ...]:
    """Return the folders of the repository we stand in, worktrees included; empty: in none."""
    here = working_directory()
    return tuple(map(str, _worktrees(here))) if here else ()
