"""`opentraces import`."""

from pathlib import Path

import click

from opentraces.domain.errors import BadRequest
from opentraces.domain.session import Agent, Scope
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.imported import imported_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.keeping import (
    exit_code,
    keep_sessions,
    note_failed,
    note_if_behind,
)
from opentraces.entrypoints.cli.standing import repository_folders
from opentraces.entrypoints.cli.views.imported import imported_lines
from opentraces.entrypoints.settings import Settings


@click.command(
    "import",
    epilog=examples(
        "opentraces import",
        "opentraces import --all",
        "opentraces import --project ~/src/widgets",
        "opentraces import --agent codex-cli --all",
        "opentraces import /mnt/old-laptop/.claude/projects",
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option(
    "--agent",
    type=click.Choice([agent.value for agent in Agent]),
    metavar="NAME",
    help=f"Only sessions of this agent: {', '.join(agent.value for agent in Agent)}.",
)
@click.option("--all", "every", is_flag=True, help="Every session on this machine.")
@click.option(
    "--project", metavar="NAME", help="Only sessions in this project: a folder, or its name."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def import_sessions(
    ctx: click.Context,
    paths: tuple[str, ...],
    agent: str | None,
    every: bool,
    project: str | None,
    as_json: bool,
) -> None:
    """Keep the sessions of this repository, or outside of one all; or those in PATHs.

    Run it as often as you like: what did not change costs next to nothing, what grew costs what
    was added. The agents' own files are only read.
    """
    settings = Settings.from_environment()
    only = Agent(agent) if agent else None
    imported = keep_sessions(settings, _scope(paths, every, project), only)
    if as_json:
        output.print_json(imported_document(imported))
    else:
        output.show(imported_lines(imported))
    note_failed(imported)
    note_if_behind(imported)
    ctx.exit(exit_code(imported))


def _scope(paths: tuple[str, ...], every: bool, project: str | None) -> Scope:
    """Return which sessions are meant. Raises BadRequest when that is said twice."""
    if sum(map(bool, (paths, every, project))) > 1:
        raise BadRequest("--all, --project and PATH exclude each other")
    if paths:
        return Scope(places=tuple(str(Path(path).resolve()) for path in paths))
    if project:
        is_path = "/" in project or project in (".", "..")
        return Scope(project=str(Path(project).resolve()) if is_path else project)
    return Scope() if every else Scope(folders=repository_folders())
