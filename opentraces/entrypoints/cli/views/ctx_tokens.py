"""What fills the window of the model."""

from collections.abc import Iterator, Mapping, Sequence

from opentraces.application.weigh_context import Weighed
from opentraces.domain.amounts import count, size
from opentraces.domain.context.filling import BYTES_A_TOKEN, Part, PartKind
from opentraces.entrypoints.cli.output import Bold, Dim, Line, has_style
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ctx_words import address_of

_TITLES: Mapping[PartKind, str] = {
    "system": "system",
    "tools": "tools",
    "file": "files",
    "output": "tool outputs",
    "call": "tool calls",
    "assistant": "assistant text",
    "thinking": "thinking",
    "user": "user text",
    "unknown": "not known",
}
_SHARED = "the sum that was reported, shared out by bytes"
_FOUR = f"{BYTES_A_TOKEN} bytes are one; what is left of the reported sum is not known"
_SHOWN = 8
_BAR = 24


def weighed_lines(found: Weighed) -> Iterator[Line]:
    """Show how much it is, then each kind with a bar, then what the largest kinds are made of."""
    context = found.context
    known = size(sum(part.bytes for part in found.parts))
    tokens = "tokens not reported" if found.tokens is None else f"{found.tokens:,} tokens"
    yield (
        Bold(address_of(context)),
        f" · {context.agent} · {tokens} in the prompt · {known} known",
    )
    if found.tokens is not None:
        how = _FOUR if found.parts[-1].kind == "unknown" else _SHARED
        yield (Dim(f"tokens of each part are estimated: {how}"),)
    groups: dict[PartKind, list[Part]] = {}
    for part in found.parts:
        groups.setdefault(part.kind, []).append(part)
    rows = sorted(groups.items(), key=lambda item: -_weight(item[1], found))
    total = sum(_weight(parts, found) for _, parts in rows) or 1
    for kind, parts in rows:
        share = _weight(parts, found) / total
        yield (Bold(f"{_TITLES[kind]:<15}"), _amounts(parts), f" {share:>5.0%}  ", _bar(share))
        yield from _named(parts)


def _named(parts: Sequence[Part]) -> Iterator[Line]:
    if parts[0].name is None:
        return
    for part in parts[:_SHOWN]:
        yield (" " * 15, Dim(_amounts([part])), f"  {_name(part)}")
    if len(parts) > _SHOWN:
        yield (" " * 15, Dim(f"… {count(len(parts) - _SHOWN, 'more')}".removesuffix("s")))


def _name(part: Part) -> str:
    return "of a call that is gone" if part.name == "?" else one_line(part.name or "")


def _amounts(parts: Sequence[Part]) -> str:
    tokens = [part.tokens for part in parts if part.tokens is not None]
    told = f"{sum(tokens):>9,} tokens" if tokens else ""
    return f"{size(sum(part.bytes for part in parts)):>9}{told}"


def _weight(parts: Sequence[Part], found: Weighed) -> int:
    if found.tokens is None:
        return sum(part.bytes for part in parts)
    return sum(part.tokens or 0 for part in parts)


def _bar(share: float) -> str:
    return ("█" if has_style() else "#") * round(share * _BAR)
