"""`opentraces trace query`."""

from datetime import UTC, datetime
from time import perf_counter

import click

from opentraces.application.query_traces import QueryAnswer, QueryRequest
from opentraces.domain.errors import Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.answer import answer_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.free_text import FreeTextCommand
from opentraces.entrypoints.cli.freshness import bring_up_to_date, catch_up
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.narrowing import narrowing_options, query_of
from opentraces.entrypoints.cli.views.answer import answer_lines, left_out_notes
from opentraces.entrypoints.container import describing, searching
from opentraces.entrypoints.settings import Settings


@click.command(
    cls=FreeTextCommand,
    epilog=examples(
        "opentraces trace query timeout '\"connection refused\"' -flaky",
        "opentraces trace query tool:Bash file:src/upload.py since:7d",
        "opentraces trace query retry --project widgets --limit 5",
    ),
)
@click.argument("text", nargs=-1, type=click.UNPROCESSED)
@narrowing_options
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Show so many traces.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def query(
    text: tuple[str, ...], limit: int | None, as_json: bool, **narrowed: str | bool | None
) -> None:
    """Find traces by TEXT; without it, show the newest.

    All of TEXT must be in one step: words, a "phrase in quotes" (the shell needs quotes of its
    own around it), -not, and fields: agent: project: tool: file: model: since: until: error:.
    """
    settings = Settings.from_environment()
    asked = query_of(" ".join(text), narrowed, datetime.now(UTC).astimezone())
    request = QueryRequest(asked, settings.query_limit if limit is None else limit)
    began = perf_counter()
    answer = _answer(settings, request)
    took_ms = (perf_counter() - began) * 1000
    for note in left_out_notes(answer):
        output.note(note)
    if as_json:
        output.print_json(answer_document(answer))
    else:
        output.show(answer_lines(answer, took_ms, output.width()))


def _answer(settings: Settings, request: QueryRequest) -> QueryAnswer:
    """Search; what is derived is made anew when it is missing or damaged."""
    if not describing.has_bucket(settings):
        output.note("opentraces: nothing is kept yet → opentraces import --all")
        return QueryAnswer(0, (), ())
    note_if_later(settings)
    bring_up_to_date(settings)
    try:
        return searching.query_traces(settings).execute(request)
    except Corrupt as error:
        output.note(f"opentraces: making the index anew: {error}")
        catch_up(settings)
        return searching.query_traces(settings).execute(request)
