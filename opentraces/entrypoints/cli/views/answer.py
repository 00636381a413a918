"""What a search found: a line for each trace, and where in it."""

import re
from collections.abc import Iterator, Sequence

from opentraces.application.query_traces import QueryAnswer, QueryRequest
from opentraces.domain.search import Facet, FacetCount, Hit, Match, Place
from opentraces.entrypoints.cli.asked import next_command
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, moment
from opentraces.entrypoints.cli.views.ids import short_ids

_FOUND = re.compile("(«[^»]*»)")
_ROLE = len("thinking")


def answer_lines(
    answer: QueryAnswer, request: QueryRequest, took_ms: float, columns: int | None
) -> Iterator[Line]:
    """Show the answer; `columns`: how long a line may be. None: as long as it is."""
    shown = len(answer.hits)
    which = "the first" if request.after is None else "the next"
    part = "" if shown == answer.total else f", {which} {shown}"
    yield (f"{count(answer.total, 'trace')}{part} · {took_ms:.1f} ms",)
    ids = short_ids(hit.brief.trace for hit in answer.hits)
    for hit in answer.hits:
        yield ()
        yield from _hit_lines(hit, ids[hit.brief.trace], columns)
    for facet, counts in answer.facets.items():
        yield ()
        yield from _facet_lines(facet, counts)
    goes_on = answer.hits[-1].cursor if answer.hits and not answer.is_all else None
    if goes_on is not None:
        yield ()
        yield (Dim(f"Next  {next_command(request, goes_on)}"),)


def left_out_notes(answer: QueryAnswer) -> Iterator[str]:
    """Say which traces cannot be shown, and what to do."""
    if answer.damaged:
        named = ", ".join(trace[:8] for trace in answer.damaged)
        yield f"opentraces: damaged, not shown wholly: {named} → opentraces bucket verify"
    if answer.later:
        named = ", ".join(trace[:8] for trace in answer.later)
        yield f"opentraces: of a later release, not shown: {named} → upgrade opentraces"


def _facet_lines(facet: Facet, counts: Sequence[FacetCount]) -> Iterator[Line]:
    yield (Bold(facet.value),)
    digits = max((len(str(each.traces)) for each in counts), default=1)
    for each in counts:
        yield (f"  {each.traces:>{digits}}  {one_line(each.value)}",)
    if not counts:
        yield (Dim("  none"),)


def _hit_lines(hit: Hit, short: str, columns: int | None) -> Iterator[Line]:
    brief = hit.brief
    cost = "" if hit.cost_usd is None else f"${hit.cost_usd:,.2f}"
    facts = (brief.agent, brief.project, moment(brief.started), count(brief.steps, "step"), cost)
    yield (Bold(short), "  ", "  ".join(one_line(fact) for fact in facts if fact))
    yield ("  ", _cut(one_line(brief.title or "(no title)"), columns, 2))
    for match in hit.matches:
        if match.snippet:
            yield from _match_lines(match, columns)


def _match_lines(match: Match, columns: int | None) -> Iterator[Line]:
    step = match.ref.partition(":")[2]
    if not step and match.role == Place.TITLE:
        return
    place = f":{step}" if step else ""
    head = f"  {place:<5} {match.role:<{_ROLE}} "
    snippet = _cut(one_line(match.snippet), columns, len(head))
    parts = _FOUND.split(snippet)
    yield (Dim(head), *(Bold(part) if part.startswith("«") else part for part in parts))


def _cut(text: str, columns: int | None, before: int) -> str:
    room = len(text) if columns is None else max(columns - before, 20)
    return text if len(text) <= room else f"{text[: room - 1]}…"
