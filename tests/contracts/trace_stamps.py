"""What every TraceStamps keeps to."""

from time import sleep

import pytest

from opentraces.ports.trace_stamps import TraceStamps
from opentraces.ports.trace_writing import TraceWriter
from tests.contracts.overview import TICK_S
from tests.contracts.samples import A, B, keep, step


class TraceStampsContract:
    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give a writer to an empty bucket")

    @pytest.fixture
    def stamps(self, writer: TraceWriter) -> TraceStamps:
        raise NotImplementedError("give stamps of the same bucket")

    def test_an_empty_bucket_has_none(self, stamps: TraceStamps) -> None:
        assert stamps.stamps() == {}

    def test_only_what_was_changed_has_another_stamp(
        self, writer: TraceWriter, stamps: TraceStamps
    ) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        before = stamps.stamps()
        assert before.keys() == {A, B}
        assert stamps.stamps() == before

        sleep(TICK_S)
        keep(writer, A, step(2))
        grown = stamps.stamps()
        assert (grown[A] == before[A], grown[B]) == (False, before[B])

        sleep(TICK_S)
        writer.revise(A, lambda header: header.but(title="another"))
        assert stamps.stamps()[A] not in (before[A], grown[A])

    def test_a_deleted_trace_has_none(self, writer: TraceWriter, stamps: TraceStamps) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        writer.delete(A)

        assert stamps.stamps().keys() == {B}
