"""`opentraces ctx resume`."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import click

from opentraces.application.plan_resume import ResumePlan, ResumeRequest
from opentraces.domain.address import parse_address
from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.resume import resume_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.going_on import become, program_of
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.cli.views.resume import command_line, planned_lines, resumed_notes
from opentraces.entrypoints.container import resuming
from opentraces.entrypoints.container.following import note_worktree
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces ctx resume a1f3c2d4 --at-step 17",
        "opentraces ctx resume a1f3c2d4 --at-step 17 --dry-run",
        'eval "$(opentraces ctx resume a1f3c2d4 --no-worktree --print-command)"',
    )
)
@click.argument("trace")
@click.option("--at-step", metavar="N", type=click.IntRange(1), help="Let step N be made anew.")
@click.option("--no-worktree", is_flag=True, help="Go on in the session's folder as it is now.")
@click.option("--dry-run", is_flag=True, help="Only say what would be written and run.")
@click.option("--print-command", is_flag=True, help="Write all, and print what would be run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document; nothing is run.")
def resume(
    trace: str,
    at_step: int | None,
    no_worktree: bool,
    dry_run: bool,
    print_command: bool,
    as_json: bool,
) -> None:
    """Go on with the Claude Code session of TRACE, before its step N or else at its end.

    TRACE is an id, the beginning of one, or the session's own id. Its lines are copied under a new
    id; with the files as they were then, where that is known, in a worktree of its own.
    """
    if as_json and not (dry_run or print_command):
        raise BadRequest("--json runs nothing: add --dry-run or --print-command")
    settings = Settings.from_environment()
    plan = _planned(settings, trace, at_step, wants_worktree=not no_worktree)
    is_run = not (dry_run or print_command)
    program = program_of(plan.command[0], settings) if is_run else ""
    if not dry_run:
        plan = _made(settings, plan)
    if is_run:
        become(program, plan.command, plan.folder)
    elif as_json:
        output.print_json(resume_document(plan, is_written=not dry_run))
    else:
        output.show(planned_lines(plan) if dry_run else [(command_line(plan),)])


def _planned(
    settings: Settings, typed: str, at_step: int | None, *, wants_worktree: bool
) -> ResumePlan:
    note_if_later(settings)
    address, here = parse_address(typed), working_directory()
    if at_step is not None:
        if address.first not in (None, at_step) or address.last is not None:
            raise BadRequest(f"{typed} names another step than --at-step {at_step}")
        address = replace(address, first=at_step)
    request = ResumeRequest(
        address=address,
        session=SessionId(str(uuid4())),
        place=str(settings.resumed),
        here=str(here) if here else None,
        wants_worktree=wants_worktree,
    )
    return resuming.plan_resume(settings).execute(request)


def _made(settings: Settings, plan: ResumePlan) -> ResumePlan:
    """Write all; returns the plan as it came out."""
    made = resuming.resume_session(settings).execute(plan, resuming.destination(settings))
    if plan.worktree is not None:
        note_worktree(settings, Path(plan.worktree.folder))
    for line in resumed_notes(plan, made):
        output.note(line)
    return replace(plan, folder=made.folder)
