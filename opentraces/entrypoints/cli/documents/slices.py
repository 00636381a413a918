"""Evidence of a trace, as JSON."""

from typing import Any

from opentraces.application.slice_trace import Sliced
from opentraces.entrypoints.cli.documents.map import ref_of
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def slices_document(found: Sliced) -> dict[str, Any]:
    """`trace slice --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "slices": [
            {
                "ref": ref_of(found.trace, each.first, each.last),
                "steps": [each.first, each.last],
                "tokens": each.tokens,
                "text": text_of(each.text),
            }
            for each in found.slices
        ],
    }
