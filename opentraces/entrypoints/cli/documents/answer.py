"""What a search found, as JSON."""

from typing import Any

from opentraces.application.query_traces import QueryAnswer
from opentraces.domain.search import Hit
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION


def answer_document(answer: QueryAnswer) -> dict[str, Any]:
    """`trace query --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "total": answer.total,
        "hits": [_hit(hit) for hit in answer.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    brief = hit.brief
    return {
        "trace_id": brief.trace,
        "session_id": brief.session,
        "agent": brief.agent,
        "project": brief.project,
        "title": brief.title,
        "started_at": brief.started,
        "score": hit.score,
        "matches": [
            {"ref": match.ref, "role": match.role, "snippet": match.snippet}
            for match in hit.matches
        ],
    }
