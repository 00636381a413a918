"""What a user finds in a place: records, files, hits, damage, and documents beside the bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.codex_cli.hook_events import CodexHookEvents
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.get_trace import GetTrace
from opentraces.application.kept_bytes import kept_bytes
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.assemble import wire_bytes
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId
from opentraces.domain.session import Agent
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of
from tests.integration.fault_matrix.place import Place

Kept = tuple[bytes, Mapping[tuple[str, int], bytes]] | str
"""The record of a trace and the bytes of its files; of a damaged one, what is said of it."""


@dataclass(frozen=True)
class Seen:
    """All that is there, as far as a user can tell."""

    traces: Mapping[TraceId, Kept]
    copied: Mapping[TraceId, Kept]
    """Those in a snapshot."""
    damage: frozenset[tuple[str, str]]
    documents: Mapping[str, bytes]

    def found(self, of: Place, words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Search for each word, and for none; returns the traces that have it."""
        return {word: _hits(of, word) for word in ("", *words)}


def look(place: Place, documents: tuple[str, ...] = (), snapshot: str = "copy") -> Seen:
    """Read everything, by readers that change nothing."""
    copy = place.root / snapshot
    return Seen(
        traces=_kept(place.home),
        copied=_kept(copy),
        damage=frozenset(_damage(place.home) | _damage(copy)),
        documents={
            str(path.relative_to(place.root)): path.read_bytes()
            for pattern in documents
            for path in place.root.glob(pattern)
            if path.is_file()
        },
    )


def _kept(home: Path) -> dict[TraceId, Kept]:
    return {trace: _trace(home, trace) for trace in traces_of(home).ids()}


def _trace(home: Path, trace: TraceId) -> Kept:
    traces, blobs = traces_of(home), FilesystemBlobStore(home / "bucket")
    events = {
        Agent.CLAUDE_CODE: ClaudeCodeHookEvents(),
        Agent.CODEX_CLI: CodexHookEvents((str(home.parent / ".codex"),)),
    }
    get = GetTrace(traces, ResolveTrace(traces), events)
    try:
        envelope = traces.envelope(trace)
        record = get.execute(Address(trace, None, None)).record
        files = {
            (kept.name, kept.generation): b"".join(kept_bytes(traces, blobs, envelope, number))
            for number, kept in enumerate(envelope.header.sources)
        }
    except Corrupt as error:
        return str(error)
    return wire_bytes(record), files


def _damage(home: Path) -> set[tuple[str, str]]:
    if not (home / "bucket").is_dir():
        return set()
    return {(each.kind, each.path) for each in keeper_of(home).verify(deep=True).problems}


def _hits(place: Place, word: str) -> tuple[str, ...]:
    words = (word,) if word else ()
    hits = place.json("trace", "query", *words, "--limit", "1000")["hits"]
    return tuple(sorted(hit["trace_id"] for hit in hits))
