"""`opentraces trail show`."""

import click

from opentraces.application.open_repository import Opened
from opentraces.application.show_trail import ShownTrail
from opentraces.domain.address import parse_address
from opentraces.domain.errors import BadRequest, Corrupt, RepositoryUnreadable
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trail import shown_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.cli.trail.asking import make_ready, search
from opentraces.entrypoints.cli.views.trail_show import shown_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trail show a1f3c2d4",
        "opentraces trail show a1f3c2d4:17",
        "opentraces trail show a1f3c2d4:10-24 --json",
    )
)
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(address: str, as_json: bool) -> None:
    """Show what the trace at ADDRESS changed in files, and what became of it in Git.

    ADDRESS is an id, the beginning of one, or the session's own id; after it :17, :10-24 or :last
    for steps. Of one step, the changed lines are shown, too.
    """
    shown = _shown(Settings.from_environment(), address)
    if as_json:
        output.print_json(shown_document(shown))
    else:
        output.page(shown_lines(shown))


def _shown(settings: Settings, typed: str) -> ShownTrail:
    address = parse_address(typed)
    make_ready(settings)
    trace = trail.resolve_trace(settings).execute(address.trace)
    opened = _repository_of(settings, traces(settings).envelope(trace).header.worktree)
    if opened is not None:
        search(settings, opened)
    try:
        return trail.show_trail(settings).execute(trace, address, opened)
    except Corrupt as error:
        raise Corrupt(f"{error} → opentraces bucket repair") from error


def _repository_of(settings: Settings, worktree: WorktreeSigns | None) -> Opened | None:
    """Open the repository that a session worked in: where we stand, or where it was.

    None: it is in neither place; that is said, and what was known of it is told.
    """
    here = working_directory()
    opened = _opened(settings, str(here)) if here is not None else None
    if worktree is None or (
        opened is not None and (opened.key == worktree.key or worktree.path in opened.worktrees)
    ):
        return opened
    opened = _opened(settings, worktree.path)
    if opened is None or opened.key != worktree.key:
        output.note(
            "opentraces: history is not searched now, this is what was known: the session's "
            f"repository is not at {worktree.path} → cd to a checkout of it"
        )
        return None
    return opened


def _opened(settings: Settings, folder: str) -> Opened | None:
    try:
        return trail.open_repository(settings).execute(folder)
    except (BadRequest, RepositoryUnreadable):
        return None
