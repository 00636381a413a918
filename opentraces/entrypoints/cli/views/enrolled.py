"""What is captured from now on, and what is not any more."""

from collections.abc import Iterator

from opentraces.application.enrol import Enrolled, Unenrolled
from opentraces.domain.enrolment import Project
from opentraces.domain.setup import HooksFound
from opentraces.entrypoints.cli.begun import Begun, of_interest, reach_us
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count
from opentraces.entrypoints.cli.views.imported import imported_lines

_INDENT = " " * 10
_GAP = " " * 5
_SHORT = 7
_SHOWN = 10


def begun_lines(begun: Begun) -> Iterator[Line]:
    """Show what was enrolled, whether anything will reach us, and what to do next."""
    yield from _enrolled_lines(begun.enrolled)
    shown = of_interest(begun.hooks)
    for agent, hooks in shown.items():
        yield (Bold("Hooks     "), f"{agent} {_state(agent, hooks)}")
    if begun.imported is not None:
        yield from imported_lines(begun.imported)
    elif begun.not_kept:
        many = f"{count(begun.not_kept, 'session')} not kept yet, or grown since"
        yield (Bold("Sessions  "), f"{many}{_GAP}→ opentraces import")
    elif all(map(reach_us, shown.values())):
        yield (Bold("Next      "), "opentraces status")


def ended_lines(ended: Unenrolled) -> Iterator[Line]:
    """Show what is not captured any more, and what stays."""
    agents = ", ".join(ended.agents)
    many = "is" if len(ended.agents) == 1 else "are"
    yield (Bold("Removed   "), f"{_name(ended.project)}: {agents} {many} not captured any more")
    yield from _path_lines(ended.project)
    for reason in ended.still_excluded:
        yield (_INDENT, f".opentraces/ is still excluded: {one_line(reason)}")
    if ended.remaining:
        yield (Bold("Captured  "), f"{', '.join(ended.remaining)}, as before")
    yield (Bold("Kept      "), f"what was kept stays{_GAP}→ opentraces trace query")


def _state(agent: str, hooks: HooksFound) -> str:
    if hooks.problem is not None:
        return f"not known: {one_line(hooks.problem)}"
    if hooks.is_switched_off:
        return "switched off in the agent's settings"
    if reach_us(hooks):
        return f"installed{f'; to run, {hooks.trusted_by}' if hooks.trusted_by else ''}"
    state = "out of order, or for another home" if hooks.is_installed else "not installed yet"
    return f"{state}{_GAP}→ opentraces setup {agent}"


def _enrolled_lines(enrolled: Enrolled) -> Iterator[Line]:
    already = " already" if enrolled.was_enrolled else ""
    repository = enrolled.seen.own.repository
    is_excluded = repository is not None and enrolled.not_excluded is None
    yield (
        Bold("Enrolled  "),
        f"{_name(enrolled.project)}{already}  ({_identity(enrolled)})",
        f"{_GAP}.opentraces/ → {_list_of(repository)}" if is_excluded else "",
    )
    if enrolled.not_excluded is not None:
        yield (_INDENT, f".opentraces/ is not excluded: {one_line(enrolled.not_excluded)}")
    yield from _path_lines(enrolled.project)


def _identity(enrolled: Enrolled) -> str:
    project = enrolled.project
    if not enrolled.seen.is_repository:
        return "a folder in no repository"
    known = [f"root {project.root_commit[:_SHORT]}"] if project.root_commit else []
    known += [one_line(project.remote)] if project.remote else []
    known += [f"root not known: {enrolled.no_root}"] if enrolled.no_root else []
    return ", ".join(known)


def _list_of(repository: str | None) -> str:
    is_usual = repository is not None and repository.endswith("/.git")
    return f"{'.git' if is_usual else one_line(repository or '')}/info/exclude"


def _path_lines(project: Project) -> Iterator[Line]:
    for path in project.paths[:_SHOWN]:
        yield (_INDENT, Dim(path))
    if len(project.paths) > _SHOWN:
        yield (_INDENT, Dim(f"… and {len(project.paths) - _SHOWN:,} more: --json lists all"))


def _name(project: Project) -> str:
    return one_line(project.name)
