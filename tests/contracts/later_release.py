"""What every adapter of a bucket does about a trace of a later format."""

from collections.abc import Callable

import pytest

from opentraces.domain.errors import NewerFormat
from opentraces.domain.ids import TraceId
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.markers import Markers
from opentraces.ports.texts import StepTexts
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from tests.contracts.samples import A, B, keep, step


class LaterReleaseContract:
    @pytest.fixture
    def make_later(self) -> Callable[[TraceId], None]:
        raise NotImplementedError("give what makes a kept trace one of a later format")

    @pytest.fixture(autouse=True)
    def kept(
        self, keeper: BucketKeeper, writer: TraceWriter, make_later: Callable[[TraceId], None]
    ) -> None:
        """Two traces, the first of them of a later format."""
        keeper.prepare()
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        make_later(A)

    def test_it_is_listed_and_cannot_be_read(self, traces: TraceStore, texts: StepTexts) -> None:
        assert list(traces.ids()) == [A, B]
        for read in (traces.envelope, texts.brief, lambda trace: texts.texts(trace, 1)):
            with pytest.raises(NewerFormat):
                read(A)
            read(B)

    def test_it_is_not_changed_and_the_others_are(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        with pytest.raises(NewerFormat):
            keep(writer, A, step(2))
        with pytest.raises(NewerFormat):
            writer.revise(A, lambda header: header)
        with pytest.raises(NewerFormat):
            writer.delete(A)

        assert not writer.is_deleted(A)
        assert keep(writer, B, step(2)).commit == 2

    def test_its_mark_stays(self, markers: Markers) -> None:
        markers.mark([A, B])

        for trace in (A, B):
            markers.clear(trace, 1_000_000)

        assert list(markers.marked()) == [A]

    def test_it_is_no_damage_and_counted_apart(self, keeper: BucketKeeper) -> None:
        (problem,) = keeper.verify(deep=True).problems

        assert (problem.kind, problem.trace) == ("newer", A)
        assert (keeper.status().traces, keeper.status().later) == (1, 1)
