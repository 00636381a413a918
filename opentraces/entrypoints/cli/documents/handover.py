"""A session told to another agent, as JSON."""

from typing import Any

from opentraces.domain.untrusted import TRUST
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of
from opentraces.entrypoints.cli.views.ctx_handover import Written


def handover_document(made: Written) -> dict[str, Any]:
    """`ctx handover --json`."""
    found = made.found
    return {
        "schema_version": SCHEMA_VERSION,
        "trust": TRUST,
        "trace_id": found.trace,
        "agent": found.agent,
        "step": found.step,
        "max_tokens": made.most,
        "tokens": made.tokens,
        "nonce": made.nonce,
        "left_out": dict(made.cut),
        "items": [
            {
                "section": item.section,
                "ref": f"{found.trace}:{item.step}" if item.step is not None else None,
                "note": item.note,
                "text": text_of(item.text),
                "is_cut": item.is_cut,
            }
            for item in made.items
        ],
        "markdown": text_of(made.markdown),
    }
