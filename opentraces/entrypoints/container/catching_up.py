"""How what is derived is brought up to what is kept: imported where something is behind."""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.application.catch_up import CatchUp
from opentraces.application.index_traces import IndexTraces
from opentraces.application.note_trails import NoteTrails
from opentraces.application.settle_usage import SettleUsage
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.container.indexing import trace_index
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.container.noting import trail_index
from opentraces.entrypoints.container.writing import markers, writer
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_READ_WAIT_SECONDS = 0.2
"""How long a command that only reads waits for an index that another process writes to."""

_LEDGER_WAIT_SECONDS = 600.0
"""How long the ledger is waited for: another import holds it while it settles."""

_settle_context = lazy("opentraces.entrypoints.container.settling:settle_context")
"""Imported where a trace holds steps of another."""


def catch_up(settings: Settings, wait_seconds: float = _READ_WAIT_SECONDS) -> CatchUp:
    """Make the use case that finishes what an interrupted run left undone."""
    bucket = read_bucket_id(settings.bucket)
    ledger = SqliteLedger(settings.state / "ledger.sqlite", bucket, _LEDGER_WAIT_SECONDS)
    store = traces(settings)

    def settle_tree(trace: TraceId, has_fewer: bool) -> Envelope | None:
        settled: Envelope | None = _settle_context(settings).execute(trace, has_fewer)
        return settled

    return CatchUp(
        traces=store,
        markers=markers(settings),
        index=trace_index(settings),
        index_writer=TantivyIndexWriter(settings.index_folder, bucket, wait_seconds),
        ledger=ledger,
        settle=SettleUsage(ledger, store, writer(settings), settle_tree),
        index_traces=IndexTraces(store),
        trails=NoteTrails(store, trail_index(settings)),
        may_settle=later_format(settings) is None,
    )
