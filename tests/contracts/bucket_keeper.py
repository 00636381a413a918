"""What every BucketKeeper keeps to."""

from uuid import UUID

import pytest

from opentraces.domain.audit import BucketStatus
from opentraces.ports.blobs import BlobStore
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.trace_writing import TraceWriter
from tests.contracts.samples import LINES, A, B, header, keep, source, step


class BucketKeeperContract:
    @pytest.fixture
    def keeper(self) -> BucketKeeper:
        raise NotImplementedError("give the keeper of a bucket that is not there yet")

    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give what writes to it")

    @pytest.fixture
    def blobs(self) -> BlobStore:
        raise NotImplementedError("give the blobs beside it")

    def test_an_absent_bucket_is_an_empty_one(self, keeper: BucketKeeper) -> None:
        assert keeper.status() == BucketStatus(0, 0, 0, 0, 0, {})
        audit = keeper.verify(deep=True)
        assert audit.ok
        assert (audit.traces, audit.files, audit.bytes) == (0, 0, 0)

    def test_a_bucket_has_a_name_of_its_own_once_it_is_prepared(self, keeper: BucketKeeper) -> None:
        assert keeper.identify() is None
        keeper.prepare()
        name = keeper.identify()
        keeper.prepare()

        assert name == str(UUID(name)) == keeper.identify()

    def test_prepare_twice_is_prepare_once(self, keeper: BucketKeeper) -> None:
        keeper.prepare()
        before = keeper.status()

        keeper.prepare()

        assert keeper.status() == before

    @pytest.mark.parametrize("deep", [False, True])
    def test_what_was_written_is_as_it_was_written(
        self, keeper: BucketKeeper, writer: TraceWriter, blobs: BlobStore, deep: bool
    ) -> None:
        keeper.prepare()
        keep(writer, A, step(1), step(2))
        keep(writer, A, step(1, "amended", 1), step(3))
        with writer.batch() as batch:
            spilled = blobs.put([b"spilled"])
            batch.edit(B, wait=True).commit(header(source(7, "o", spilled)))
        blobs.put([b"that no trace names"])

        audit = keeper.verify(deep=deep)

        assert audit.problems == ()
        assert audit.traces == 2
        assert audit.files >= 4
        assert audit.bytes > 0

    def test_status_counts_traces_steps_and_bytes(
        self, keeper: BucketKeeper, writer: TraceWriter
    ) -> None:
        keeper.prepare()
        keep(writer, A, step(1), step(2))
        with writer.batch() as batch:
            skipped = header(source(0)).but(skipped="no prompt")
            batch.edit(B, wait=True).commit(skipped)

        status = keeper.status()

        assert (status.traces, status.steps) == (1, 2)
        assert status.source_bytes == len(LINES)
        assert status.bucket_bytes > 0
        assert status.agents == {"claude-code": 1}

    def test_what_was_deleted_is_not_missed(
        self, keeper: BucketKeeper, writer: TraceWriter
    ) -> None:
        keeper.prepare()
        keep(writer, A, step(1))
        writer.delete(A)

        assert keeper.verify(deep=True).ok
        assert keeper.status().traces == 0
