"""What views of Context Trees have in common."""

from collections.abc import Iterator, Mapping
from typing import Any

from opentraces.application.show_context import StepContext
from opentraces.domain.amounts import count, size
from opentraces.domain.context.events import Completeness, NodeObserved
from opentraces.domain.context.saying import Saying, said_in
from opentraces.domain.context.sizes import Extent
from opentraces.domain.step import ToolCall
from opentraces.entrypoints.cli.output import Dim, Good, Odd
from opentraces.entrypoints.cli.plain import one_line, plain
from opentraces.entrypoints.cli.views.arguments import main_argument
from opentraces.entrypoints.cli.views.ids import short_ids

LAYER_NAMES: Mapping[str, str] = {
    "system": "system",
    "messages": "messages",
    "tool_registry": "tools",
    "runtime_state": "runtime",
}
"""What layers are called, by their names in a tree."""

METHODS: Mapping[str, str] = {
    "live_capture": "the request itself was kept",
    "transcript_reconstruction": "put together from the session's own lines",
    "otel": "telemetry told that there was a call",
}
"""How a node came to be known."""


def address_of(context: StepContext) -> str:
    """Return the step, so that it can be typed back."""
    return f"{short_ids([context.trace])[context.trace]}:{context.step}"


def extent_words(extent: Extent) -> str:
    """Return `42 blocks, 61 kB`."""
    return f"{count(extent.blocks, 'block')}, {size(extent.bytes)}"


def sure(node: NodeObserved, layer: str) -> str:
    """Return how much of a layer is known."""
    completeness = node.completeness.get(layer, "stub")
    return _STYLED[completeness]


_STYLED: Mapping[Completeness, str] = {
    "full": Good("full"),
    "approximated": Odd("approximated"),
    "stub": Dim("not known"),
}


def told(value: Any) -> str:
    """Return what a block says, in a line."""
    said = said_in(value)
    if said.kind == "call":
        return f"→ {one_line(said.tool or '?')}  {call_words(said)}".rstrip()
    head = {"thinking": "thinking: ", "output": "failed: " if said.is_error else "← "}
    return f"{head.get(said.kind, '')}{one_line(said.text) or '(nothing that can be read)'}"


def call_words(said: Saying) -> str:
    """Return what a call is about, in a line."""
    return main_argument(ToolCall(tool_call_id="", tool_name="", input=dict(said.input)))


def head(text: str, lines: int, characters: int) -> Iterator[str]:
    """Yield the first lines of a text; of a longer one, then how much more there is."""
    clean = plain(text).strip("\n")
    shown = "\n".join(clean[:characters].split("\n")[:lines])
    yield from shown.split("\n") if shown else ()
    rest = clean[len(shown) :]
    if rest:
        more = rest.strip("\n").count("\n") + 1
        yield f"… {count(more, 'line') if more > 1 else count(len(rest), 'character')} more"
