"""`opentraces init`."""

import click

from opentraces.domain.errors import BadRequest
from opentraces.domain.session import Scope
from opentraces.entrypoints.cli import keeping, output
from opentraces.entrypoints.cli.agents import agent_option
from opentraces.entrypoints.cli.begun import Begun
from opentraces.entrypoints.cli.documents.enrolled import begun_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.exit_codes import DONE
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.cli.views.enrolled import begun_lines
from opentraces.entrypoints.container import enrolling, setting_up
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces init",
        "opentraces init --agent claude-code --import-existing",
    )
)
@agent_option("Only for this agent")
@click.option("--import-existing", is_flag=True, help="Also keep the sessions that are there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def init(ctx: click.Context, agents: tuple[str, ...], import_existing: bool, as_json: bool) -> None:
    """Capture what agents do in this repository, from now on; outside of one, in this folder.

    Nothing that a repository says can enrol it: only this command does. What is enrolled stands in
    projects.json in your own folder of opentraces; in the repository, `.opentraces/` is added to
    .git/info/exclude, and `opentraces remove` takes it away again.
    """
    begun = _begin(Settings.from_environment(), agents, import_existing)
    if as_json:
        output.print_json(begun_document(begun))
    else:
        output.show(begun_lines(begun))
    if begun.imported is not None:
        keeping.note_failed(begun.imported)
        keeping.note_if_behind(begun.imported)
    ctx.exit(keeping.exit_code(begun.imported) if begun.imported else DONE)


def _begin(settings: Settings, agents: tuple[str, ...], import_existing: bool) -> Begun:
    here = working_directory()
    if here is None:
        raise BadRequest("the working directory is gone")
    enrolled = enrolling.enrol(settings).execute(str(here), agents)
    scope = Scope(folders=tuple(checkout.path for checkout in enrolled.seen.checkouts))
    imported = keeping.keep_sessions(settings, scope) if import_existing else None
    setups = setting_up.agent_setups(settings)
    return Begun(
        enrolled=enrolled,
        hooks={agent: setups[agent].inspect() for agent in agents},
        imported=imported,
        not_kept=len(imported.failed) if imported else keeping.count_unkept(settings, scope),
    )
