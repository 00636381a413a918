"""What a search found, as JSON."""

from typing import Any

from opentraces.application.query_traces import QueryAnswer
from opentraces.domain.cursors import cursor_text
from opentraces.domain.search import Hit
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION


def answer_document(answer: QueryAnswer) -> dict[str, Any]:
    """`trace query --json`."""
    goes_on = answer.hits[-1].cursor if answer.hits and not answer.is_all else None
    return {
        "schema_version": SCHEMA_VERSION,
        "total": answer.total,
        "hits": [hit_document(hit) for hit in answer.hits],
        "next": cursor_text(goes_on) if goes_on else None,
        "facets": {
            facet.value: [{"value": each.value, "traces": each.traces} for each in counts]
            for facet, counts in answer.facets.items()
        },
    }


def hit_document(hit: Hit) -> dict[str, Any]:
    """`trace query --jsonl`, a line."""
    brief = hit.brief
    return {
        "trace_id": brief.trace,
        "session_id": brief.session,
        "agent": brief.agent,
        "project": brief.project,
        "title": brief.title,
        "started_at": brief.started,
        "score": hit.score,
        "cost_usd": hit.cost_usd,
        "cursor": cursor_text(hit.cursor) if hit.cursor else None,
        "matches": [
            {"ref": match.ref, "role": match.role, "snippet": match.snippet}
            for match in hit.matches
        ],
    }
