"""What the model saw at one step."""

from collections.abc import Iterator
from typing import Any

from opentraces.application.show_context import StepContext
from opentraces.domain.amounts import count, size
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.merging import merged
from opentraces.domain.context.saying import Saying, named_in, said_in, text_in
from opentraces.domain.ids import canonical_bytes
from opentraces.domain.slotted import frozen_dataclass
from opentraces.entrypoints.cli.output import Bold, Dim, Line, Wrong
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ctx_words import (
    LAYER_NAMES,
    METHODS,
    address_of,
    call_words,
    head,
    sure,
)

LAYERS = ("system", "messages", "tools", "runtime")
"""What can be asked for alone."""


@frozen_dataclass
class _Cut:
    """How much is shown of one text."""

    lines: int
    characters: int


_WHOLE = _Cut(1_000_000_000, 1_000_000_000_000)
_LONG = _Cut(12, 2000)
_SHORT = _Cut(6, 600)


def step_lines(context: StepContext, layer: str | None, *, is_full: bool) -> Iterator[Line]:
    """Show how much it is and how sure we are, then what there is; long texts by their heads.

    `layer`: only this one of LAYERS. None: all.
    """
    yield from _heading(context)
    if layer in (None, "system"):
        yield from _system(context, _WHOLE if is_full else _LONG)
    if layer in (None, "tools"):
        yield from _tools(context, is_full=is_full)
    if layer in (None, "runtime"):
        yield from _runtime(context)
    if layer in (None, "messages"):
        yield from _messages(context, _WHOLE if is_full else _SHORT)
    if not is_full:
        yield ()
        yield (Dim(f"long texts whole → opentraces ctx show {address_of(context)} --full"),)


def _heading(context: StepContext) -> Iterator[Line]:
    node = context.shown.node
    messages = count(len(merged(context.shown.messages)), "message")
    amount = f"{count(len(context.blocks), 'block')} in {messages}, {size(context.bytes)}"
    yield (Bold(address_of(context)), f" · {context.agent} · the model saw {amount}")
    parts: list[str] = []
    for name, word in LAYER_NAMES.items():
        parts += [" · " if parts else "", f"{word} ", sure(node, name)]
    yield tuple(parts)
    yield (Dim(METHODS[node.capture_method]),)
    if node.limitations:
        yield (Dim(f"not as it was: {', '.join(map(one_line, node.limitations))}"),)
    if context.asked is not None and context.asked != context.step:
        yield (
            f":{context.asked} is no answer of the model: this is what the next one, ",
            Bold(f":{context.step}"),
            ", saw",
        )


def _system(context: StepContext, cut: _Cut) -> Iterator[Line]:
    if context.system is None:
        return
    yield from _title("system", context.system.size)
    yield from _texts(text_in(context.shown.system), cut)


def _tools(context: StepContext, *, is_full: bool) -> Iterator[Line]:
    if context.tools is None:
        return
    names = named_in(context.shown.tools)
    yield from _title(count(len(names), "tool"), context.tools.size)
    if is_full and isinstance(context.shown.tools, list):
        yield from (("  ", _json(tool)) for tool in context.shown.tools)
    else:
        yield ("  ", ", ".join(map(one_line, names)))


def _runtime(context: StepContext) -> Iterator[Line]:
    if context.runtime is None:
        return
    yield from _title("runtime", context.runtime.size)
    told = context.shown.runtime
    for key, value in told.items() if isinstance(told, dict) else (("", told),):
        text = value if isinstance(value, str) else _json(value)
        yield ("  ", Dim(f"{one_line(key)}: " if key else ""), one_line(text))


def _messages(context: StepContext, cut: _Cut) -> Iterator[Line]:
    first_new = len(context.blocks) - context.new
    role = None
    tools: dict[str | None, str] = {}
    for at, (block, (_, value)) in enumerate(
        zip(context.blocks, context.shown.messages, strict=True)
    ):
        if at == first_new and at:
            yield ()
            yield (Dim("── new since the call before ──"),)
            role = None
        if block.role != role:
            role = block.role
            yield ()
            yield (Bold(one_line(role)),)
        said = said_in(value)
        if said.tool is not None:
            tools[said.call] = said.tool
        yield from _block(block, said, tools.get(said.call, ""), cut)


def _block(block: Block, said: Saying, tool: str, cut: _Cut) -> Iterator[Line]:
    """Show a block; `tool`: the one that is called, or whose result it is. Empty: not known."""
    if said.kind == "call":
        yield ("  ", Bold(f"→ {one_line(said.tool or '?')}"), f"  {call_words(said)}")
        if cut is _WHOLE:
            yield from _texts(_json(dict(said.input)), cut, indent="    ")
        return
    if said.kind == "output":
        name = f"{one_line(tool)}  " if tool else ""
        failed = Wrong("failed  ") if said.is_error else ""
        yield ("  ", Dim(f"← {name}"), failed, Dim(size(block.size)))
        yield from _texts(said.text, cut, indent="    ")
        return
    if said.kind == "thinking":
        sealed = "" if said.text else " (sealed, or not kept)"
        yield ("  ", Dim(f"thinking{sealed}  {size(block.size)}"))
    yield from _texts(said.text, cut)


def _title(name: str, amount: int) -> Iterator[Line]:
    yield ()
    yield (Bold(name), Dim(f"  {size(amount)}"))


def _texts(text: str, cut: _Cut, indent: str = "  ") -> Iterator[Line]:
    yield from ((indent, line) for line in head(text, cut.lines, cut.characters))


def _json(value: Any) -> str:
    return one_line(canonical_bytes(value).decode("utf-8", "replace"))
