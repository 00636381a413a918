"""`opentraces trace query`."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import click

from opentraces.application.query_traces import QueryAnswer, QueryRequest
from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.answering import answer_options, request_of
from opentraces.entrypoints.cli.documents.answer import answer_document, hit_document
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
        "opentraces trace query 'retry OR backoff' has:commit 'cost:>1' --sort cost",
        "opentraces trace query retry --project widgets --limit 5 --facet tool",
    ),
)
@click.argument("text", nargs=-1, type=click.UNPROCESSED)
@narrowing_options
@answer_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print a line of JSON for each trace.")
def query(text: tuple[str, ...], as_json: bool, as_jsonl: bool, **options: Any) -> None:
    """Find traces by TEXT; without it, show the newest.

    All of TEXT must be in one step: words, beginnings*, nearly~, a "phrase in quotes" (the shell
    needs quotes of its own around it), -not, this OR that, (groups), and fields: agent: project:
    repo: branch: model: tool: skill: file: command: error: dep: commit: session: trace: role:
    cost: tokens: has: since: until:.
    """
    settings = Settings.from_environment()
    asked = query_of(" ".join(text), options, datetime.now(UTC).astimezone())
    request = request_of(asked, options, settings.query_limit)
    if as_jsonl and request.facets:
        raise BadRequest("counts are no lines of their own: ask for them with --json")
    began = perf_counter()
    answer = _answer(settings, request)
    took_ms = (perf_counter() - began) * 1000
    for note in left_out_notes(answer):
        output.note(note)
    if as_json or as_jsonl:
        _print_json(answer, by_line=as_jsonl)
    else:
        output.show(answer_lines(answer, request, took_ms, output.width()))


def _print_json(answer: QueryAnswer, *, by_line: bool) -> None:
    for document in map(hit_document, answer.hits) if by_line else (answer_document(answer),):
        output.print_json(document)


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
