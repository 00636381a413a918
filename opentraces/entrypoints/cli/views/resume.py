"""How a session is gone on with."""

import shlex
from collections.abc import Iterator

from opentraces.application.past_worktree import PlannedWorktree
from opentraces.application.plan_resume import ResumePlan
from opentraces.application.resume_session import Resumable
from opentraces.entrypoints.cli.output import Bold, Dim, Line, Odd
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ids import short_ids

_SHOWN = 20


def planned_lines(plan: ResumePlan) -> Iterator[Line]:
    """Say what would be written, and what would be run."""
    title = one_line(plan.title or "(no title)")
    yield (Bold(_address(plan)), f" · {title} · ", Dim("nothing is written"))
    yield ()
    kept = "all lines" if plan.end is None else f"the {plan.end:,} lines before the step"
    yield (Bold("session   "), one_line(plan.file))
    yield ("          ", Dim(f"{kept}, as session {plan.session}; readable by you alone"))
    if plan.worktree is not None:
        yield from _worktree_lines(plan.worktree)
    elif plan.reason is not None:
        yield (Bold("worktree  "), Odd(f"none: {one_line(plan.reason)}"))
    yield (Bold("then      "), command_line(plan))


def command_line(plan: ResumePlan) -> str:
    """Return what is run, as a shell takes it."""
    return f"cd {shlex.quote(plan.folder)} && {shlex.join(plan.command)}"


def resumed_notes(plan: ResumePlan, made: Resumable) -> Iterator[str]:
    """Say what is not as it was, and how the worktree goes again."""
    planned = plan.worktree
    if plan.reason is not None:
        yield f"opentraces: in {plan.folder} as it is now: {one_line(plan.reason)}"
    if planned is None:
        return
    again = ("git", "-C", planned.checkout, "worktree", "remove", "--force", planned.folder)
    yield f"opentraces: a worktree at {planned.commit[:8]}; to remove it → {shlex.join(again)}"
    left = {each.path for each in planned.left} | {each.path for each in planned.dirty}
    paths = sorted(left | {*made.left})
    if paths:
        yield f"opentraces: not as they were then: {_listed(paths)}"


def _worktree_lines(planned: PlannedWorktree) -> Iterator[Line]:
    at = "the session began at" if planned.is_start else "was checked out then"
    yield (Bold("worktree  "), one_line(planned.folder))
    yield ("          ", Dim(f"at the commit that {at}, {planned.commit}"))
    yield ("          ", one_line(shlex.join(planned.command)))
    for each in planned.files:
        word = "deletes " if each.content is None else "writes  "
        yield ("          ", f"{word}{one_line(each.path)}")
    for left in planned.left:
        yield ("          ", Odd(f"leaves  {one_line(left.path)}: {left.reason}"))
    for dirty in planned.dirty:
        why = "was not committed when the session began, what it held is not known"
        yield ("          ", Odd(f"leaves  {one_line(dirty.path)}: {why}"))


def _address(plan: ResumePlan) -> str:
    trace = short_ids([plan.trace])[plan.trace]
    return trace if plan.step is None else f"{trace}:{plan.step}"


def _listed(paths: list[str]) -> str:
    more = f", and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(one_line(path) for path in paths[:_SHOWN]) + more
