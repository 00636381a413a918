"""What every TraceWriter keeps to."""

import pytest

from opentraces.domain.errors import Busy, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.ports.blobs import BlobStore
from opentraces.ports.markers import Markers
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


class TraceWriterContract:
    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give what writes to an empty store")

    @pytest.fixture
    def traces(self) -> TraceStore:
        raise NotImplementedError("give the store")

    @pytest.fixture
    def blobs(self) -> BlobStore:
        raise NotImplementedError("give the blobs beside it")

    @pytest.fixture
    def markers(self) -> Markers:
        raise NotImplementedError("give the markers that the writer sets")

    def test_a_new_trace_has_no_envelope(self, writer: TraceWriter) -> None:
        with writer.batch() as batch:
            assert batch.edit(A, wait=True).envelope is None

    def test_a_commit_takes_effect_when_the_batch_is_closed(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.commit(header(source(len(LINES))))
            assert list(traces.ids()) == []
            assert list(markers.marked()) == []

        kept = edit.committed
        assert kept.commit == 1
        assert traces.envelope(A) == kept
        assert list(markers.marked()) == [A]

    def test_each_commit_adds_one(self, writer: TraceWriter, traces: TraceStore) -> None:
        keep(writer, A, step(1))
        keep(writer, A, step(2))

        assert keep(writer, A, step(3)).commit == 3
        assert [kept.step.step_index for kept in traces.steps(traces.envelope(A), 1, None)] == [
            *(1, 2, 3)
        ]

    def test_an_edit_without_commit_changes_nothing(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        kept = keep(writer, A, step(1))
        markers.clear(A, 1)

        with writer.batch() as batch:
            for trace in (A, B):
                edit = batch.edit(trace, wait=False)
                edit.append_source(0, b"lost\n")
                edit.restart_steps()
                edit.append_step(step(1, "lost"))

        assert list(traces.ids()) == [A]
        assert traces.envelope(A) == kept
        assert list(traces.steps(kept, 1, None)) == [step(1)]
        assert list(markers.marked()) == []
        assert keep(writer, A, step(2), data=b"found\n").commit == 2
        assert b"".join(traces.source(traces.envelope(A), 0, 0)) == LINES + b"found\n"

    def test_a_batch_left_by_an_exception_changes_nothing(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        def leave_by_an_exception() -> None:
            with writer.batch() as batch:
                edit = batch.edit(A, wait=True)
                edit.append_source(0, LINES)
                edit.commit(header(source(len(LINES))))
                raise KeyError

        with pytest.raises(KeyError):
            leave_by_an_exception()

        assert list(traces.ids()) == []
        assert keep(writer, A).commit == 1

    def test_an_equal_header_and_no_new_bytes_are_no_commit(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        kept = keep(writer, A, step(1))
        markers.clear(A, 1)

        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_source(0, b"")
            edit.commit(kept.header)

        assert edit.committed == kept
        assert traces.envelope(A) == kept
        assert list(markers.marked()) == []

    def test_another_header_is_a_commit(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        kept = keep(writer, A, step(1))
        markers.clear(A, 1)

        revised = writer.revise(A, lambda old: old.but(title="Named"))

        now = traces.envelope(A)
        assert (now.commit, now.header.title, now.files) == (2, "Named", kept.files)
        assert (revised.before, revised.after, revised.was_marked) == (kept, now, False)
        assert list(markers.marked()) == [A]

    def test_revision_says_whether_more_may_be_behind(self, writer: TraceWriter) -> None:
        keep(writer, A, step(1))

        assert writer.revise(A, lambda old: old.but(title="x")).was_marked

    def test_revision_that_changes_nothing_is_no_commit(self, writer: TraceWriter) -> None:
        kept = keep(writer, A, step(1))

        assert writer.revise(A, lambda old: old).after == kept

    def test_header_of_an_unknown_trace_is_not_revised(self, writer: TraceWriter) -> None:
        with pytest.raises(TraceNotFound):
            writer.revise(NOBODY, lambda old: old)

    def test_restarted_steps_replace_those_of_before(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        keep(writer, A, step(1, "old"), step(2, "old"))
        for generation in (1, 2):
            with writer.batch() as batch:
                edit = batch.edit(A, wait=True)
                edit.append_step(step(3, "dropped"))
                edit.restart_steps()
                edit.append_step(step(1, f"new {generation}"))
                edit.commit(header(source(len(LINES)), steps=1))

            now = traces.envelope(A)
            assert now.steps_generation == generation
            assert list(traces.steps(now, 1, None)) == [step(1, f"new {generation}")]
        keep(writer, A, step(2), data=b"")
        assert len(list(traces.steps(traces.envelope(A), 1, None))) == 2

    def test_steps_restarted_to_nothing_are_gone(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        keep(writer, A, step(1, "old"))
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_steps()
            edit.commit(header(source(len(LINES))))

        now = traces.envelope(A)
        assert list(traces.steps(now, 1, None)) == []
        assert (now.steps_generation, now.steps_length) == (1, 0)

    def test_a_trail_is_a_commit_by_itself(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        before = keep(writer, A, step(1))
        markers.clear(A, 1)

        kept = keep_trail(writer, A, patch(1))

        assert (kept.commit, kept.header) == (2, before.header)
        assert (kept.steps_generation, kept.steps_length) == (0, before.steps_length)
        assert list(traces.steps(kept, 1, None)) == [step(1)]
        assert list(markers.marked()) == [A]

    def test_a_trace_without_events_has_no_trail(self, writer: TraceWriter) -> None:
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.append_trail(patch(1))
            edit.restart_trail()
            edit.commit(header(source(len(LINES))))

        assert not any(name.startswith("trail") for name in edit.committed.files)
        assert edit.committed.trail_length == 0
        assert not any(name.startswith("trail") for name in keep(writer, A, step(1)).files)

    def test_a_restarted_trail_replaces_that_of_before(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        keep(writer, A, step(1))
        kept = keep_trail(writer, A, patch(1), searched(), patch(2))
        names = {name for name in kept.files if name.startswith("trail")}
        for generation in (1, 2):
            with writer.batch() as batch:
                edit = batch.edit(A, wait=True)
                edit.append_trail(patch(9))
                edit.restart_trail()
                edit.append_trail(patch(generation))
                edit.commit(kept.header)

            now = traces.envelope(A)
            assert list(traces.trail(now)) == [patch(generation)]
            names |= (new := {name for name in now.files if name.startswith("trail")})
            assert (len(new), len(names)) == (1, generation + 1)
            assert list(traces.steps(now, 1, None)) == [step(1)]
        assert list(traces.trail(keep_trail(writer, A, searched()))) == [patch(2), searched()]

    def test_a_restarted_tree_replaces_that_of_before(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        keep(writer, A, step(1))
        kept = keep_tree(writer, A, layer("Be brief."), node("one"))
        assert kept.context_length

        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_context(node("gone"))
            edit.restart_context()
            edit.append_context(node("two"))
            edit.commit(kept.header)

        now = traces.envelope(A)
        assert list(traces.context(now)) == [node("two")]
        assert set(now.files) ^ set(kept.files) == {"context.jsonl.gz", "context.1.jsonl.gz"}
        assert list(traces.steps(now, 1, None)) == [step(1)]

    def test_a_trail_restarted_to_nothing_never_takes_its_name_again(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        keep(writer, A, step(1))
        before = keep_trail(writer, A, patch(1))
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_trail()
            edit.commit(before.header)

        assert list(traces.trail(traces.envelope(A))) == []
        after = keep_trail(writer, A, patch(2))
        assert list(traces.trail(after)) == [patch(2)]
        trails = [{n for n in each.files if n.startswith("trail")} for each in (before, after)]
        assert not trails[0] & trails[1]

    def test_sources_are_written_side_by_side(
        self, writer: TraceWriter, traces: TraceStore
    ) -> None:
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            for n in range(300):
                edit.append_source(n % 3, b"%d\n" % n * 9000)
                edit.append_step(step(n + 1))
            sources = [source(0, f"{number}.jsonl") for number in range(3)]
            edit.commit(header(*sources, steps=300))

        kept = edit.committed
        for number in range(3):
            whole = b"".join(b"%d\n" % n * 9000 for n in range(number, 300, 3))
            assert b"".join(traces.source(kept, number, 0)) == whole

    def test_a_batch_holds_many_traces(self, writer: TraceWriter, traces: TraceStore) -> None:
        with writer.batch() as batch:
            for trace in (A, B):
                batch.edit(trace, wait=False).commit(header(title=trace))

        assert [traces.envelope(trace).header.title for trace in traces.ids()] == [A, B]

    def test_a_trace_is_written_to_by_one(self, writer: TraceWriter) -> None:
        with writer.batch() as one, writer.batch() as other:
            one.edit(A, wait=False)
            with pytest.raises(Busy):
                other.edit(A, wait=False)
            other.edit(B, wait=False)
        with writer.batch() as batch:
            batch.edit(A, wait=False)

    def test_only_the_first_edit_may_wait(self, writer: TraceWriter) -> None:
        with writer.batch() as batch:
            batch.edit(A, wait=True)
            with pytest.raises(ValueError, match="first"):
                batch.edit(B, wait=True)

    @pytest.mark.parametrize("name", ["..", "../../x", "0" * 36])
    def test_what_is_no_id_is_not_written(self, writer: TraceWriter, name: str) -> None:
        with writer.batch() as batch, pytest.raises(TraceNotFound):
            batch.edit(TraceId(name), wait=False)
        with pytest.raises(TraceNotFound):
            writer.delete(TraceId(name))
        assert not writer.is_deleted(TraceId(name))

    def test_a_deleted_trace_stays_away(
        self, writer: TraceWriter, traces: TraceStore, markers: Markers
    ) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        markers.clear(A, 1)

        writer.delete(A)

        assert writer.is_deleted(A)
        assert not writer.is_deleted(B)
        assert list(traces.ids()) == [B]
        assert A in markers.marked()
        with pytest.raises(TraceNotFound):
            traces.envelope(A)
        with pytest.raises(TraceNotFound):
            keep(writer, A)
        with pytest.raises(TraceNotFound):
            writer.delete(A)
        with pytest.raises(TraceNotFound):
            writer.revise(A, lambda old: old)

    def test_an_unknown_trace_is_not_deleted(self, writer: TraceWriter) -> None:
        with pytest.raises(TraceNotFound):
            writer.delete(NOBODY)
        assert not writer.is_deleted(NOBODY)

    def test_a_deleted_trace_takes_its_own_blobs_with_it(
        self, writer: TraceWriter, traces: TraceStore, blobs: BlobStore
    ) -> None:
        with writer.batch() as batch:
            shared, own = blobs.put([b"shared"]), blobs.put([b"own"])
            edit = batch.edit(A, wait=True)
            edit.commit(header(source(6, "s", shared), source(3, "o", own)))
            batch.edit(B, wait=False).commit(header(source(6, "s", shared)))

        writer.delete(A)

        assert list(blobs) == [shared.blob]
        writer.delete(B)
        assert list(blobs) == []
        assert list(traces.ids()) == []

    def test_blobs_of_a_tree_go_with_the_last_trace_that_has_them(
        self, writer: TraceWriter, traces: TraceStore, blobs: BlobStore
    ) -> None:
        with writer.batch() as batch:
            tools = blobs.put([b'[{"name":"Read"}]'])
            said = {"parts": (tools,)}
            batch.edit(A, wait=True).commit(header(source(6, "s")).but(**said))
            batch.edit(B, wait=False).commit(header(source(6, "s")).but(**said))

        assert traces.envelope(A).header.blobs == (tools,)
        writer.delete(A)
        assert list(blobs) == [tools.blob]
        writer.delete(B)
        assert list(blobs) == []
