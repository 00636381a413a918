"""`opentraces remove`."""

import click

from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.agents import agent_option
from opentraces.entrypoints.cli.documents.enrolled import ended_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.keeping import keep_what_waits
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.cli.views.enrolled import ended_lines
from opentraces.entrypoints.container import enrolling
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces remove",
        "opentraces remove --agent claude-code",
    )
)
@agent_option("Only for this agent")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def remove(agents: tuple[str, ...], as_json: bool) -> None:
    """Capture nothing more of what agents do in this repository, in all its worktrees.

    What was kept stays. Other repositories are not affected, and hooks stay installed.
    """
    here = working_directory()
    if here is None:
        raise BadRequest("the working directory is gone")
    settings = Settings.from_environment()
    unenrol = enrolling.unenrol(settings)
    keep_what_waits(settings)
    ended = unenrol.execute(str(here), agents)
    if as_json:
        output.print_json(ended_document(ended))
    else:
        output.show(ended_lines(ended))
