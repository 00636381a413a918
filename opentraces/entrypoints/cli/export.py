"""`opentraces export`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import make_ready, repository_of_session
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings

AGENT_TRACE = "agent-trace"


@click.command(
    epilog=examples(
        "opentraces export a1f3c2d4 --format agent-trace",
        "opentraces export a1f3c2d4 9be071aa --format agent-trace > records.jsonl",
    )
)
@click.argument("names", metavar="TRACE...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice([AGENT_TRACE]),
    required=True,
    help="agent-trace: which lines of which commits it wrote, as Agent Trace 0.1.0.",
)
def export(names: tuple[str, ...], form: str) -> None:
    """Print each TRACE in a form that other programs read, one JSON document a line.

    As agent-trace, a line is one commit with the lines of it that the trace wrote, oldest first;
    only lines for which there is evidence. Without any, nothing is printed, and that is said.
    """
    settings = Settings.from_environment()
    make_ready(settings)
    for name in names:
        _print(settings, name)


def _print(settings: Settings, name: str) -> None:
    trace = trail.resolve_trace(settings).execute(name)
    repository_of_session(settings, traces(settings).envelope(trace).header.worktree)
    count = 0
    for count, record in enumerate(trail.export_agent_trace(settings).execute(trace), 1):  # noqa: B007
        output.print_json(record)
    if not count:
        output.note(f"opentraces: no commit is known that holds lines of {name}")
