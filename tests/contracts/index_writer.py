"""What every IndexWriter keeps to; looked at through the TraceIndex of the same index."""

from contextlib import suppress

import pytest

from opentraces.domain.query import Query, Term
from opentraces.domain.search import Place
from opentraces.domain.searchable import StepDocument
from opentraces.ports.index import IndexState, TraceIndex
from opentraces.ports.index_writing import Indexed, IndexWriter
from tests.contracts.trace_index import NEW_YEAR, A, B, step, whole


class IndexWriterContract:
    @pytest.fixture
    def index(self) -> TraceIndex:
        raise NotImplementedError("give the index of that writer")

    @pytest.fixture
    def writer(self) -> IndexWriter:
        raise NotImplementedError("give the writer of an index that was never written")

    def total(self, index: TraceIndex, word: str) -> int:
        return index.search(Query((Term(word),)), 10).total

    def test_nothing_is_indexed_at_first(self, writer: IndexWriter) -> None:
        with writer.updating() as update:
            assert update.indexed() == {}

    def test_says_how_far_each_trace_was_indexed_when_last_committed(
        self, writer: IndexWriter
    ) -> None:
        with writer.updating() as update:
            update.put_trace(whole(A, commit=3, generation=1, steps_length=2**40))
            assert update.indexed() == {}
            update.commit()
            assert update.indexed() == {A: Indexed(3, 1, 2**40)}
            update.put_trace(whole(A, commit=4, generation=2, steps_length=7))
            update.put_trace(whole(B))
        with writer.updating() as update:
            assert update.indexed() == {A: Indexed(3, 1, 2**40)}
            update.put_trace(whole(A, commit=4, generation=2, steps_length=7))
            update.forget(B)
            update.commit()
        with writer.updating() as update:
            assert update.indexed() == {A: Indexed(4, 2, 7)}
            update.forget(A)
            update.commit()
        with writer.updating() as update:
            assert update.indexed() == {}

    def test_nothing_is_seen_before_commit_and_what_was_not_committed_is_dropped(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        with writer.updating() as update:
            update.put_step(step(A, text="kept"), replaces=False)
            update.commit()
            update.put_step(step(A, 2, "dropped"), replaces=False)
            assert self.total(index, "dropped") == 0
        with writer.updating() as update:
            update.commit()

        assert (self.total(index, "kept"), self.total(index, "dropped")) == (1, 0)

    def test_what_was_not_committed_is_dropped_by_an_error_too(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        with writer.updating() as update:
            update.put_step(step(A, text="kept"), replaces=False)
            update.commit()
        with suppress(ZeroDivisionError), writer.updating() as update:
            update.put_step(step(A, 2, "dropped"), replaces=False)
            update.put_step(step(A, 1 // 0), replaces=False)
        with writer.updating() as update:
            update.commit()

        assert (self.total(index, "kept"), self.total(index, "dropped")) == (1, 0)

    @pytest.mark.parametrize("commits", [0, 1])
    def test_a_step_that_replaces_stands_for_the_one_before(
        self, index: TraceIndex, writer: IndexWriter, commits: int
    ) -> None:
        with writer.updating() as update:
            update.put_step(step(A, 1, "first"), replaces=False)
            update.put_step(step(A, 2, "other"), replaces=False)
            update.put_step(step(B, 1, "another"), replaces=False)
            for _ in range(commits):
                update.commit()
            update.put_step(step(A, 1, "second"), replaces=True)
            update.put_step(step(A, 1, "third"), replaces=True)
            update.commit()

        seen = [self.total(index, w) for w in ("first", "second", "third", "other", "another")]
        assert seen == [0, 0, 1, 1, 1]

    @pytest.mark.parametrize("commits", [0, 1])
    def test_a_trace_put_again_is_replaced_and_its_steps_stay(
        self, index: TraceIndex, writer: IndexWriter, commits: int
    ) -> None:
        with writer.updating() as update:
            update.put_step(step(A, 1, "said"), replaces=False)
            update.put_trace(whole(A, title="before"))
            for _ in range(commits):
                update.commit()
            update.put_trace(whole(A, title="after"))
            update.commit()

        assert [self.total(index, word) for word in ("said", "before", "after")] == [1, 0, 1]

    @pytest.mark.parametrize("commits", [0, 1])
    def test_a_forgotten_trace_is_gone_with_its_steps_and_may_come_again(
        self, index: TraceIndex, writer: IndexWriter, commits: int
    ) -> None:
        with writer.updating() as update:
            update.put_step(step(A, 1, "said"), replaces=False)
            update.put_trace(whole(A, title="said"))
            update.put_step(step(B, 1, "said"), replaces=False)
            for _ in range(commits):
                update.commit()
            update.forget(A)
            update.put_step(step(A, 1, "again"), replaces=False)
            update.put_trace(whole(A, title="again"))
            update.commit()

        assert index.search(Query((Term("said"),)), 9).traces[0].trace == B
        assert (self.total(index, "said"), self.total(index, "again")) == (1, 1)

    def test_forgetting_what_was_never_there_is_no_error(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        with writer.updating() as update:
            update.forget(A)
            update.commit()

        assert index.state() is IndexState.READY

    def test_many_commits_in_one_update(self, index: TraceIndex, writer: IndexWriter) -> None:
        with writer.updating() as update:
            for number in range(1, 25):
                update.put_step(step(A, number, f"number{number}"), replaces=False)
                update.commit()
            assert self.total(index, "number24") == 1

        assert all(self.total(index, f"number{number}") == 1 for number in range(1, 25))

    def test_of_a_long_text_head_and_tail_are_found(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        text = f"head {'x ' * 40_000} middle {'x ' * 40_000} tail"
        long = StepDocument(A, 1, NEW_YEAR, {Place.TOOL: text}, (), (), None, False)
        with writer.updating() as update:
            update.put_step(long, replaces=False)
            update.commit()

        assert [self.total(index, word) for word in ("head", "middle", "tail")] == [1, 0, 1]

    def test_what_was_discarded_is_absent_and_begins_anew(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        writer.discard()
        with writer.updating() as update:
            update.put_trace(whole(A, title="before"))
            update.commit()

        writer.discard()

        assert index.state() is IndexState.ABSENT
        with writer.updating() as update:
            assert update.indexed() == {}
            update.put_trace(whole(A, title="after"))
            update.commit()
        assert [self.total(index, word) for word in ("before", "after")] == [0, 1]
