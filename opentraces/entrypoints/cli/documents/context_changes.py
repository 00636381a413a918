"""How what the model saw changed, as JSON."""

from collections.abc import Iterable
from typing import Any

from opentraces.application.diff_contexts import DifferentContexts
from opentraces.application.list_compactions import Compactions, Summarised
from opentraces.application.show_context import StepContext
from opentraces.domain.context.changes import LayerChange
from opentraces.domain.context.merging import as_block
from opentraces.domain.context.sizes import Extent
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION


def different_document(found: DifferentContexts) -> dict[str, Any]:
    """`ctx diff --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": _side(found.before),
        "after": _side(found.after),
        "common_front": found.differing.front,
        "moved": found.differing.moved,
        "left": _blocks(found.before, found.differing.left),
        "entered": _blocks(found.after, found.differing.entered),
        "layers": [_layer(change) for change in found.layers],
    }


def compactions_document(found: Compactions) -> dict[str, Any]:
    """`ctx compactions --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": found.trace,
        "compactions": [_compaction(each) for each in found.found],
    }


def _side(context: StepContext) -> dict[str, Any]:
    return {
        "trace_id": context.trace,
        "step": context.step,
        "node_id": context.shown.node.node_id,
        "blocks": len(context.blocks),
        "bytes": context.bytes,
    }


def _blocks(context: StepContext, places: Iterable[int]) -> list[dict[str, Any]]:
    return [
        {
            "place": at,
            "role": context.blocks[at].role,
            "bytes": context.blocks[at].size,
            "content": as_block(context.shown.messages[at][1]),
        }
        for at in places
    ]


def _layer(change: LayerChange) -> dict[str, Any]:
    before, after = change.is_known
    return {
        "layer": change.layer,
        "known_before": before,
        "known_after": after,
        "added": list(change.added),
        "removed": list(change.removed),
        "changed": list(change.changed),
    }


def _compaction(summarised: Summarised) -> dict[str, Any]:
    each = summarised.compacted
    said = each.said
    return {
        "boundary_step": each.boundary,
        "last_step_before": each.last,
        "first_step_after": each.first,
        "node_id": each.node.node_id if each.node is not None else None,
        "before": _extent(each.before),
        "after": _extent(each.after),
        "trigger": said.trigger if said is not None else None,
        "tokens_before": said.tokens_before if said is not None else None,
        "tokens_after": said.tokens_after if said is not None else None,
        "summary": summarised.summary,
    }


def _extent(extent: Extent | None) -> dict[str, int] | None:
    return None if extent is None else {"blocks": extent.blocks, "bytes": extent.bytes}
