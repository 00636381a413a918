"""What was taken off the machine, or would be."""

from collections.abc import Iterator

from opentraces.application.uninstall import Uninstalled
from opentraces.domain.setup import FileChange
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size


def uninstalled_lines(done: Uninstalled) -> Iterator[Line]:
    """Show what went first, then what stays, and how it goes."""
    hooks = [change for changes in done.changes.values() for change in changes]
    names = ", ".join(agent for agent, changes in done.changes.items() if changes)
    did = "removed" if done.is_done else "would be removed"
    yield (Bold("Hooks     "), f"{names} {did}" if hooks else "none were installed")
    yield from (("          ", one_line(_change(each))) for each in hooks)
    if done.projects:
        ended = ", ".join(one_line(project.name) for project in done.projects)
        yield (Bold("Enrolled  "), f"no more: {ended}" if done.is_done else f"until now: {ended}")
    yield from ((Bold("Left      "), one_line(problem)) for problem in done.still_excluded)
    yield from _kept_lines(done)
    yield (
        Bold("Program   "),
        "stays → uv tool uninstall opentraces, or pipx or pip uninstall opentraces",
    )


def _kept_lines(done: Uninstalled) -> Iterator[Line]:
    if not done.kept:
        return
    total = size(sum(part.size for part in done.kept))
    if done.is_purged:
        yield (Bold("Purged    " if done.is_done else "Purge     "), total)
    else:
        yield (Bold("Kept      "), f"{total} stay → opentraces uninstall --purge")
    yield from (("          ", f"{one_line(p.path)}  {size(p.size)}") for p in done.kept)


def _change(change: FileChange) -> str:
    if change.after is None:
        return f"- {change.path}"
    return f"~ {change.path}  {count(len(change.after), 'byte')}"
