"""Stamps of traces as files."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.trace_ids import FilesystemTraceStamps
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from tests.contracts.samples import A, B, keep, step
from tests.contracts.trace_stamps import TraceStampsContract
from tests.integration.adapters.filesystem.on_disk import OnDisk


class TestFilesystemTraceStamps(OnDisk, TraceStampsContract):
    @pytest.fixture
    def stamps(self, bucket: Path) -> FilesystemTraceStamps:
        return FilesystemTraceStamps(bucket)

    def test_an_envelope_behind_a_link_is_none(
        self, bucket: Path, writer: FilesystemTraceWriter, stamps: FilesystemTraceStamps
    ) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        envelope = next(bucket.glob(f"traces/v1/*/{A}/trace.json"))
        envelope.rename(bucket / "elsewhere")
        envelope.symlink_to(bucket / "elsewhere")

        assert stamps.stamps().keys() == {B}
