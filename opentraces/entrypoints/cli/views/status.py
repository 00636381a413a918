"""A repository: whether it is captured, and what is kept of it."""

from collections.abc import Iterator
from datetime import datetime

from opentraces.application.repository_status import RepositoryState
from opentraces.domain.setup import HooksFound
from opentraces.entrypoints.cli.begun import of_interest
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import ago, count, moment
from opentraces.entrypoints.cli.views.ids import short_ids


def status_lines(state: RepositoryState, now: datetime) -> Iterator[Line]:
    """Show whether it is captured first, then what is kept, and what to do next."""
    yield (Bold(one_line(state.name)), f"  {_answer(state)}  {one_line(state.folder)}")
    project = state.project
    if project is None:
        yield (Bold("Enrolled  "), "no → opentraces init")
    else:
        where = project.remote or "no remote"
        others = count(len(project.paths), "folder") if len(project.paths) > 1 else ""
        facts = (", ".join(project.agents), where, others)
        yield (Bold("Enrolled  "), "  ".join(one_line(fact) for fact in facts if fact))
    for agent, hooks in of_interest(state.hooks).items():
        yield (Bold("Live      "), f"{agent} {_hooks(agent, hooks)}{_waiting(state, agent, now)}")
    yield (Bold("Kept      "), f"{count(state.kept, 'trace')}, {count(state.steps, 'step')}")
    if state.not_kept:
        left = f"{count(state.not_kept, 'session')} found here and not kept → opentraces import"
        yield ("          ", left)
    if state.last is not None:
        short = short_ids([state.last.trace])[state.last.trace]
        title = one_line(state.last.title or "(no title)")
        facts = (title, moment(state.last.ended), count(state.last.steps, "step"))
        yield (Bold("Last      "), f"{short}  ", "  ".join(facts))


def _answer(state: RepositoryState) -> str:
    if state.project is None:
        return "not captured"
    live = [
        hooks
        for agent, hooks in state.hooks.items()
        if agent in state.project.agents
        and hooks.is_installed
        and hooks.interpreter_is_there
        and not hooks.missing
    ]
    if not live:
        return "enrolled, and not captured live"
    is_sure = any(hooks.trusted_by is None for hooks in live)
    return "captured live" if is_sure else "captured live, where the hooks are trusted"


def _hooks(agent: str, hooks: HooksFound) -> str:
    setup = f"opentraces setup {agent}"
    if hooks.problem:
        return f"hooks unknown: {one_line(hooks.problem)}"
    if not hooks.is_installed:
        return f"hooks are not installed → {setup}"
    if not hooks.interpreter_is_there or hooks.missing or not hooks.script_is_ours:
        return f"hooks are installed, and out of order → {setup}"
    if not hooks.is_for_us:
        return f"hooks are installed for {one_line(hooks.home or 'another home')} → {setup}"
    return (
        "hooks installed, to be trusted → opentraces doctor"
        if hooks.trusted_by
        else "hooks installed"
    )


def _waiting(state: RepositoryState, agent: str, now: datetime) -> str:
    waiting = [each.newest for each in state.waiting if each.agent == agent]
    if not waiting:
        return ""
    whose = count(len(waiting), "session")
    return f"; events of {whose} wait, the last of {ago(max(waiting), now)}"
