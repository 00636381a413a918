"""All that is kept in a home, read as a reader reads it."""

from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from tests.checked import json_of
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of


class KeptTrace(NamedTuple):
    """One trace."""

    envelope: Envelope
    steps: tuple[bytes, ...]
    """A line for each step, as last amended."""
    sources: tuple[bytes, ...]
    """The bytes of each source, blobs among them."""


def kept_in(home: Path) -> dict[TraceId, KeptTrace]:
    """Read every trace, after a deep verification that finds nothing."""
    assert keeper_of(home).verify(deep=True).problems == ()
    traces = traces_of(home)
    return {trace: _read(home, traces.envelope(trace)) for trace in traces.ids()}


def _read(home: Path, envelope: Envelope) -> KeptTrace:
    traces, blobs = traces_of(home), FilesystemBlobStore(home / "bucket")
    return KeptTrace(
        envelope,
        tuple(json_of(kept) for kept in traces.steps(envelope, 1, None)),
        tuple(
            b"".join(blobs.get(kept.blob.blob) if kept.blob else traces.source(envelope, number, 0))
            for number, kept in enumerate(envelope.header.sources)
        ),
    )
