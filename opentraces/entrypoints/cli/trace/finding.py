"""What `trace query` does, however its command line was read. Imports no click."""

from collections.abc import Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from opentraces.application.query_traces import QueryAnswer, QueryRequest
from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.asked import query_of, request_of
from opentraces.entrypoints.cli.documents.answer import answer_document, hit_document
from opentraces.entrypoints.cli.freshness import bring_up_to_date, catch_up
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.views.answer import answer_lines, left_out_notes
from opentraces.entrypoints.container import describing, searching
from opentraces.entrypoints.settings import Settings


def find(
    text: str, options: Mapping[str, Any], *, as_json: bool = False, as_jsonl: bool = False
) -> None:
    """Find traces and print them; `options` as `trace query` has them, all may be missing."""
    settings = Settings.from_environment()
    asked = query_of(text, options, datetime.now(UTC).astimezone())
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
