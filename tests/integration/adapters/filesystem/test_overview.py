"""The overview of traces as files."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.overview import FilesystemTraceOverview
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from tests.contracts.overview import TraceOverviewContract
from tests.contracts.samples import A, B, keep, step
from tests.integration.adapters.filesystem.on_disk import OnDisk


class TestFilesystemTraceOverview(OnDisk, TraceOverviewContract):
    @pytest.fixture
    def overview(self, bucket: Path) -> FilesystemTraceOverview:
        return FilesystemTraceOverview(bucket)

    def test_a_damaged_trace_is_left_out(
        self, bucket: Path, writer: FilesystemTraceWriter, overview: FilesystemTraceOverview
    ) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        envelope = next(bucket.glob(f"traces/v1/*/{A}/trace.json"))
        envelope.write_bytes(envelope.read_bytes().replace(b"work", b"walk"))

        assert [brief.trace for brief in overview.briefs()] == [B]
