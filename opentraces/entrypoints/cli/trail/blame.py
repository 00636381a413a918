"""`opentraces trail blame`."""

import click

from opentraces.domain.errors import NoSuchFile, NoSuchRevision
from opentraces.domain.trail.blame import Blame
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.blame import blame_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import make_ready, opened_around
from opentraces.entrypoints.cli.trail.meant import Meant, meant_by
from opentraces.entrypoints.cli.views.trail_blame import blame_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trail blame src/uploader.py",
        "opentraces trail blame src/uploader.py:88",
        "opentraces trail blame src/uploader.py:80-96 --json",
        "opentraces trail blame HEAD~3",
    )
)
@click.argument("what", metavar="FILE|COMMIT")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def blame(what: str, as_json: bool) -> None:
    """Name the step that wrote each line, and the prompt that led there; or say why nobody is.

    Of a FILE, as it is now, or of lines of it (FILE:88, FILE:80-96); of a COMMIT, the lines that it
    added.
    """
    settings = Settings.from_environment()
    meant = meant_by(what)
    found = _blame(settings, meant, what)
    if as_json:
        output.print_json(blame_document(found, meant.name))
    else:
        output.page(blame_lines(found, output.width()))


def _blame(settings: Settings, meant: Meant, what: str) -> Blame:
    make_ready(settings)
    opened = opened_around(settings, meant.folder)
    asking = trail.blame_lines(settings)
    if meant.name is not None:
        return asking.file(opened, meant.path_in(opened.worktree), meant.first, meant.last)
    try:
        commit = trail.resolve_range(settings).one(opened, what)
    except NoSuchRevision as error:
        raise NoSuchFile(f"{what} is no file here, and no commit of {opened.worktree}") from error
    return asking.commit(opened, commit)
