"""What a setup changed, or would."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.application.set_up_agent import SetUp
from opentraces.domain.setup import FileChange
from opentraces.entrypoints.cli.diffs import diff_lines
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count

INDENT = " " * 10
"""Before what belongs to the line above."""


def set_up_lines(done: SetUp, agent: str, user: Path) -> Iterator[Line]:
    """Show what was done, file by file, and the next step; `user`: the user's home folder."""
    yield (Bold("Hooks     "), agent, " ", _answer(done, short(done.found.settings, user)))
    for change in done.plan.changes:
        if done.request.is_dry_run and change.is_shared:
            yield from ((line,) for line in diff_lines(change))
        else:
            yield (INDENT, change_line(change, user))
    found = done.found
    yield from ((Bold("Left      "), one_line(each)) for each in _left(done))
    if found.backup and not done.request.is_dry_run:
        yield (Bold("Backup    "), short(found.backup, user))
    if found.is_switched_off and not done.request.is_removal:
        yield (
            Bold("Off       "),
            "the settings say disableAllHooks: no hook runs until that is gone",
        )
    if found.trusted_by is not None and not done.request.is_removal:
        yield (Bold("Trust     "), f"{agent} runs no hook unasked: {found.trusted_by}")
    yield from _next(done, agent)


def _left(done: SetUp) -> Iterator[str]:
    """Yield what was not touched, and what follows from it."""
    if done.found.obstacles and not done.request.is_removal:
        yield from done.found.obstacles
        yield "nothing is lost without a hook: commits are found when a trail is asked for"


def _answer(done: SetUp, settings: str) -> str:
    if done.request.is_removal:
        if not done.plan.changes:
            return "not installed; nothing to do"
        return f"{_did(done, 'removed')} from {settings}"
    events = count(len(done.found.events) or len(done.found.missing), "event")
    if not done.found.is_installed and not done.plan.changes:
        return f"not installed → {settings}"
    if not done.plan.changes:
        return f"installed already: {events} → {settings}; nothing to do"
    did = _did(done, "brought up to date" if done.was_installed else "installed")
    return f"{did}: {events} → {settings}"


def _did(done: SetUp, what: str) -> str:
    return f"would be {what}" if done.request.is_dry_run else what


def change_line(change: FileChange, user: Path) -> str:
    """Say in a line what became of a file."""
    path = short(change.path, user)
    if change.after is None:
        return f"- {path}"
    return f"{'+' if change.before is None else '~'} {path} ({count(len(change.after), 'byte')})"


def _next(done: SetUp, agent: str) -> Iterator[Line]:
    request = done.request
    if request.is_dry_run and done.plan.changes:
        option = " --remove" if request.is_removal else ""
        yield (Bold("Next      "), f"opentraces setup {agent}{option}")
    elif not request.is_removal:
        yield (
            Bold("Next      "),
            "opentraces init",
            Dim("     in each repository whose sessions are to be kept"),
        )


def short(path: str, user: Path) -> str:
    """Return a path with `~` for the user's home folder: a shell reads it back."""
    home = f"{user}/"
    return one_line(f"~/{path.removeprefix(home)}" if path.startswith(home) else path)
