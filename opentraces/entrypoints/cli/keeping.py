"""Keeping sessions, for the commands that do it when they are told to."""

from opentraces.application.imported import Imported
from opentraces.domain.session import Agent, Scope
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.exit_codes import DONE, UNREADABLE
from opentraces.entrypoints.cli.import_progress import shown_progress
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.container import describing, importing, indexing, ingesting, requests
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_NAMED = 10

_search_worktrees = lazy("opentraces.entrypoints.cli.trail.asking:search_worktrees")
"""Imported where something was kept that a repository may have: Git and SQLite are."""


def keep_sessions(settings: Settings, scope: Scope, agent: Agent | None = None) -> Imported:
    """Keep what changed, of one agent or of all, and look for what it did in what is committed.

    Where nothing did, nothing that could keep it is imported.

    Raises NewerFormat, and StorageUnavailable where it would fill the disk; a worker, which keeps
    one session as it grows, asks for no room.
    """
    describing.refuse_later(settings)
    changes = importing.find_changes(settings, agent).execute(scope)
    is_idle = describing.has_bucket(settings) and not indexing.is_behind(settings)
    is_idle = is_idle and not requests.are_waiting(settings)
    if is_idle and not changes.changed:
        return changes.imported
    importing.head_room(settings).check(changes.changed)
    with shown_progress() as on_bytes:
        imported: Imported = importing.import_sessions(settings).keep(changes, on_bytes)
    if imported.worktrees:
        _search_worktrees(settings, imported.worktrees)
    return imported


def count_unkept(settings: Settings, scope: Scope) -> int:
    """Return how many sessions are not kept, or have changed since; reads next to nothing."""
    return len(importing.find_changes(settings).execute(scope).changed)


def look_again(settings: Settings) -> None:
    """Let the next import compare every session: what was seen of them may be read otherwise."""
    importing.find_changes(settings).cursors.forget()


def note_if_behind(imported: Imported) -> None:
    """Say that not all can be found yet, where that is so."""
    if imported.behind is not None:
        output.note(f"opentraces: not all can be found yet: {imported.behind}")


def keep_what_waits(settings: Settings) -> None:
    """Keep what hooks wrote down before it is looked for no more; says it where that cannot be."""
    problem = ingesting.take_up_now(settings)
    if problem is not None:
        output.note(f"opentraces: what hooks wrote down last is not kept: {one_line(problem)}")


def note_failed(imported: Imported) -> None:
    """Name what could not be read, and files in which nothing was recognised: a few of them."""
    rows = (*imported.failed, *imported.alien)
    for left in rows[:_NAMED]:
        reason = left.reason.removeprefix(f"{left.path}: ")
        output.note(f"opentraces: {one_line(left.path)}: {one_line(reason)}")
    if len(rows) > _NAMED:
        output.note(f"opentraces: … and {len(rows) - _NAMED:,} more: --json lists all")


def exit_code(imported: Imported) -> int:
    """Return what a command that imported ends with."""
    went_well = imported.kept or imported.unchanged or imported.skipped
    return UNREADABLE if imported.failed and not went_well else DONE
