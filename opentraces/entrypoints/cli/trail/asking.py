"""What every question about trails begins with: all that is kept is noted, and history searched."""

from collections.abc import Collection
from pathlib import Path

from opentraces.application.open_repository import Opened
from opentraces.domain.errors import (
    BadRequest,
    Corrupt,
    NewerFormat,
    NoRepository,
    RepositoryUnreadable,
    StorageUnavailable,
)
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.output import note
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.container import describing, marking, trail
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_is_behind = lazy("opentraces.entrypoints.container.noting:is_behind")
"""Imported where something is kept: SQLite is."""

_catch_up = lazy("opentraces.entrypoints.cli.freshness:bring_trails_up_to_date")
"""Imported only when something is behind."""


def make_ready(settings: Settings) -> None:
    """Finish what is left undone of what was kept; where it cannot be, say so and go on."""
    if not describing.has_bucket(settings):
        note("opentraces: nothing is kept yet → opentraces import --all")
        return
    note_if_later(settings)
    if _is_behind(settings):
        _finish(settings)


def _finish(settings: Settings) -> None:
    try:
        _catch_up(settings)
    except StorageUnavailable as error:
        note(f"opentraces: an import is not finished yet: {error}")


def folder_of(path: Path | None) -> Path:
    """Return the folder that is asked about: the working directory, or the one that is named.

    Raises BadRequest: it is not there.
    """
    here = working_directory()
    if here is None:
        raise BadRequest("the working directory is not there any more → cd to one that is")
    return here if path is None else here / path


def opened_around(settings: Settings, folder: Path) -> Opened:
    """Open the repository around a folder, and search its history.

    Raises BadRequest, RepositoryUnreadable.
    """
    try:
        opened = trail.open_repository(settings).execute(str(folder))
    except NoRepository as error:
        raise NoRepository(f"{error} → cd to a checkout of one") from error
    search(settings, opened)
    return opened


def search(settings: Settings, opened: Opened) -> None:
    """Look for patches in what a repository has committed; where it cannot be, say so and go on.

    What is found is part of traces, so what follows from them is brought up to date again.
    Raises RepositoryUnreadable.
    """
    if not describing.has_bucket(settings) or describing.later_format(settings) is not None:
        return
    _place_strays(settings, opened)
    before = marking.marked(settings)
    try:
        trail.refresh_trail(settings).execute(opened)
    except StorageUnavailable as error:
        note(f"opentraces: history could not be searched, this is what was known: {error}")
    if marking.marked(settings) - before:
        _finish(settings)


def _place_strays(settings: Settings, opened: Opened) -> None:
    """Find sessions of a repository whose worktree was gone when they were kept, as far as can be.

    What cannot be read for that is for the commands that are about it.
    """
    try:
        placed = trail.place_strays(settings).execute(opened)
    except (StorageUnavailable, Corrupt, NewerFormat):
        return
    if placed:
        _finish(settings)


def search_worktrees(settings: Settings, worktrees: Collection[str]) -> None:
    """Look for patches in the repositories of some worktrees, in each once.

    What is gone, or on a disk that may be away, is left to whoever asks there.
    """
    searched: set[str] = set()
    for path in sorted(worktrees):
        opened = None if trail.is_far(settings, path) else _opened(settings, path)
        if opened is None or opened.key in searched:
            continue
        searched.add(opened.key)
        try:
            search(settings, opened)
        except RepositoryUnreadable as error:
            note(f"opentraces: history could not be searched: {error}")


def note_unread(traces: tuple[str, ...]) -> None:
    """Say which traces could not be read."""
    if traces:
        named = ", ".join(trace[:8] for trace in traces)
        note(f"opentraces: damaged, not counted: {named} → opentraces bucket verify")


def repository_of_session(settings: Settings, worktree: WorktreeSigns | None) -> Opened | None:
    """Open the repository that a session worked in, and search its history.

    None: it is neither where we stand nor where it was; that is said.
    """
    opened = _repository_of(settings, worktree)
    if opened is not None:
        search(settings, opened)
    return opened


def _repository_of(settings: Settings, worktree: WorktreeSigns | None) -> Opened | None:
    """Open the repository that a session worked in: where we stand, or where it was.

    None: it is in neither place; that is said, and what was known of it is told.
    """
    here = working_directory()
    opened = _opened(settings, str(here)) if here is not None else None
    if worktree is None or (
        opened is not None and (opened.key == worktree.key or worktree.path in opened.worktrees)
    ):
        return opened
    opened = _opened(settings, worktree.path)
    if opened is None or opened.key != worktree.key:
        note(
            "opentraces: history is not searched now, this is what was known: the session's "
            f"repository is not at {worktree.path} → cd to a checkout of it"
        )
        return None
    return opened


def _opened(settings: Settings, folder: str) -> Opened | None:
    try:
        return trail.open_repository(settings).execute(folder)
    except (BadRequest, RepositoryUnreadable):
        return None
