"""What every TraceStore keeps to."""

import pytest

from opentraces.domain.errors import TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from tests.contracts.samples import (
    LINES,
    NOBODY,
    A,
    B,
    header,
    keep,
    keep_trail,
    keep_tree,
    layer,
    node,
    patch,
    searched,
    source,
    step,
)


def said(steps: list[KeptStep]) -> list[tuple[int, str | None]]:
    return [(kept.step.step_index, kept.step.content) for kept in steps]


class TraceStoreContract:
    @pytest.fixture
    def traces(self) -> TraceStore:
        raise NotImplementedError("give an empty store")

    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give what writes to it")

    def test_an_empty_store_has_no_trace(self, traces: TraceStore) -> None:
        assert list(traces.ids()) == []

    @pytest.mark.parametrize("name", [NOBODY, "", "..", "../../../etc", "0" * 36])
    def test_unknown_trace_is_not_found(self, traces: TraceStore, name: str) -> None:
        with pytest.raises(TraceNotFound):
            traces.envelope(TraceId(name))

    def test_ids_are_ascending(self, traces: TraceStore, writer: TraceWriter) -> None:
        keep(writer, B)
        keep(writer, A)

        assert list(traces.ids()) == [A, B]

    def test_envelope_is_what_was_committed(self, traces: TraceStore, writer: TraceWriter) -> None:
        kept = keep(writer, A, step(1), step(2))

        assert traces.envelope(A) == kept

    def test_steps_come_by_number(self, traces: TraceStore, writer: TraceWriter) -> None:
        steps = [step(n, f"text {n} " * 40) for n in range(1, 400)]
        kept = keep(writer, A, *steps)

        assert list(traces.steps(kept, 1, None)) == steps
        assert list(traces.steps(kept, 100, 300)) == steps[99:300]
        assert list(traces.steps(kept, 399, 500)) == steps[398:]
        assert list(traces.steps(kept, 500, None)) == []

    def test_later_line_of_a_step_replaces_it(
        self, traces: TraceStore, writer: TraceWriter
    ) -> None:
        keep(writer, A, step(1, "one"), step(2, "two"), step(2, "two!", 1), step(3, "three"))
        kept = keep(writer, A, step(4, "four"), step(1, "one!", 1), step(5, "five"))
        kept = keep(writer, A, step(1, "one!!", 2), step(3, "three!", 1))

        whole = [(1, "one!!"), (2, "two!"), (3, "three!"), (4, "four"), (5, "five")]
        assert said(list(traces.steps(kept, 1, None))) == whole
        assert said(list(traces.steps(kept, 2, 4))) == whole[1:4]
        assert said(list(traces.steps(kept, 1, 1))) == whole[:1]

    def test_lines_come_as_they_were_written(self, traces: TraceStore, writer: TraceWriter) -> None:
        first = keep(writer, A, step(1), step(2))
        kept = keep(writer, A, step(3), step(1, "again", 1))

        lines = list(traces.step_lines(kept, 0))
        assert [line.step.step_index for line in lines] == [1, 2, 3, 1]
        assert list(traces.step_lines(kept, first.steps_length)) == lines[2:]
        assert list(traces.step_lines(kept, kept.steps_length)) == []

    def test_source_comes_from_any_offset(self, traces: TraceStore, writer: TraceWriter) -> None:
        keep(writer, A, data=LINES)
        kept = keep(writer, A, data=b"more\n")

        whole = LINES + b"more\n"
        for offset in range(len(whole) + 2):
            assert b"".join(traces.source(kept, 0, offset)) == whole[offset:]

    def test_source_is_read_in_pieces(self, traces: TraceStore, writer: TraceWriter) -> None:
        data = b"".join(b"line %d\n" % n for n in range(500_000))
        kept = keep(writer, A, data=data)

        assert b"".join(traces.source(kept, 0, 0)) == data
        assert b"".join(traces.source(kept, 0, 3_000_001)) == data[3_000_001:]

    def test_source_without_bytes_yields_none(
        self, traces: TraceStore, writer: TraceWriter
    ) -> None:
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.commit(header(source(0)))

        kept = edit.committed
        assert list(traces.source(kept, 0, 0)) == []
        assert list(traces.steps(kept, 1, None)) == []
        assert list(traces.step_lines(kept, 0)) == []

    def test_an_older_envelope_reads_what_is_there_now(
        self, traces: TraceStore, writer: TraceWriter
    ) -> None:
        old = keep(writer, A, step(1, "old"))
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_steps()
            edit.append_step(step(1, "new"))
            edit.commit(old.header)

        assert said(list(traces.steps(old, 1, None))) == [(1, "new")]
        assert b"".join(traces.source(old, 0, 0)) == LINES

    def test_trail_comes_as_it_was_written(self, traces: TraceStore, writer: TraceWriter) -> None:
        events = [patch(n, text=f"line {n} " * 40) for n in range(1, 300)]
        kept = keep(writer, A, step(1))
        assert list(traces.trail(kept)) == []

        kept = keep_trail(writer, A, *events, searched())
        later = keep_trail(writer, A, patch(7), searched("2026-02-03T04:05:06Z"), patch(2))

        added = [patch(7), searched("2026-02-03T04:05:06Z"), patch(2)]
        assert list(traces.trail(kept)) == [*events, searched()]
        assert list(traces.trail(later)) == [*events, searched(), *added]
        assert list(traces.trail(later, kept.trail_length)) == added
        assert list(traces.trail(later, later.trail_length)) == []

    def test_tree_comes_as_it_was_written(self, traces: TraceStore, writer: TraceWriter) -> None:
        kept = keep(writer, A, step(1))
        assert list(traces.context(kept)) == []
        one = node("one")
        keep_tree(writer, A, layer("Be brief."), one)

        later = keep_tree(writer, A, node("two", one))

        assert list(traces.context(later)) == [layer("Be brief."), one, node("two", one)]

    def test_trail_is_read_on_after_it_was_begun_anew(
        self, traces: TraceStore, writer: TraceWriter
    ) -> None:
        keep(writer, A, step(1))
        before = keep_trail(writer, A, patch(1))
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_trail()
            edit.append_trail(patch(2))
            edit.commit(before.header)

        assert list(traces.trail(before)) == [patch(2)]
