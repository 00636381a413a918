"""`opentraces setup`."""

from pathlib import Path

import click

from opentraces.application.set_up_agent import SetUpRequest
from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.agents import LIVE
from opentraces.entrypoints.cli.capture_otlp.setting_up import set_up_telemetry
from opentraces.entrypoints.cli.documents.setup import set_up_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.setup import set_up_lines
from opentraces.entrypoints.container import media, setting_up
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces setup claude-code --dry-run",
        "opentraces setup codex-cli",
        "opentraces setup git",
        "opentraces setup capture-otlp --port 4319",
        "opentraces setup claude-code --remove",
    )
)
@click.argument("agent", type=click.Choice((*LIVE, setting_up.GIT, setting_up.TELEMETRY)))
@click.option("--dry-run", is_flag=True, help="Change nothing; show what would be changed.")
@click.option("--remove", is_flag=True, help="Take our hooks out again.")
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(1, 65535),
    help="With capture-otlp: where to listen.",
)
@click.option("--systemd", is_flag=True, help="With capture-otlp: also a unit that runs it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def setup(
    agent: str, dry_run: bool, remove: bool, port: int | None, systemd: bool, as_json: bool
) -> None:
    """Install the hooks that tell us what AGENT does, or bring them up to date.

    They are merged into the agent's own settings: whatever else stands there stays as it is, byte
    for byte. They write nothing down before you run `opentraces init` in a repository. With `git`
    for AGENT, this repository's hooks note what is committed; with `capture-otlp`, Claude Code
    tells our receiver what it sends and is answered.
    """
    settings = Settings.from_environment()
    if not (dry_run or remove):
        media.refuse_unwritable(settings)
    request = SetUpRequest(is_removal=remove, is_dry_run=dry_run)
    if agent == setting_up.TELEMETRY:
        set_up_telemetry(settings, request, port, has_unit=systemd, as_json=as_json)
        return
    if port or systemd:
        raise BadRequest("--port and --systemd go with capture-otlp")
    done = setting_up.set_up_agent(settings, agent, Path.cwd()).execute(request)
    if as_json:
        output.print_json(set_up_document(done, agent))
    else:
        output.show(set_up_lines(done, agent, settings.user))
