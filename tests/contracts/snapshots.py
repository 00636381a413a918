"""What every Snapshots keeps to."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BadRequest, Busy
from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace, CopyFate
from opentraces.ports.blobs import BlobStore
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.snapshots import Snapshots
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from tests.checked import json_of
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
    named,
    node,
    patch,
    searched,
    source,
    step,
)

C = named("c")
NOTE = b"a note"

Held = tuple[Envelope, list[bytes], list[bytes]]
"""A trace: its envelope, its steps, the bytes of its sources."""


@dataclass
class Side:
    """A bucket, or the copy of one."""

    traces: TraceStore
    blobs: BlobStore
    writer: TraceWriter
    keeper: BucketKeeper

    def held(self) -> dict[TraceId, Held]:
        """Return all that is kept, after a verification that finds nothing."""
        assert self.keeper.verify(deep=True).problems == ()
        return {trace: self.read(trace) for trace in self.traces.ids()}

    def read(self, trace: TraceId) -> Held:
        """Read all of one trace."""
        kept = self.traces.envelope(trace)
        steps = [json_of(each) for each in self.traces.steps(kept, 1, None)]
        sources = enumerate(kept.header.sources)
        return kept, steps, [self._source(kept, number) for number, _ in sources]

    def _source(self, kept: Envelope, number: int) -> bytes:
        ref = kept.header.sources[number].blob
        pieces = self.blobs.get(ref.blob) if ref else self.traces.source(kept, number, 0)
        return b"".join(pieces)


def with_note(side: Side, trace: TraceId, note: bytes = NOTE) -> None:
    """Keep a trace that has a blob, or put another in the place of the one it has."""
    with side.writer.batch() as batch:
        blob = side.blobs.put([note])
        edit = batch.edit(trace, wait=True)
        before = edit.envelope.header if edit.envelope else header(source(0))
        edit.append_source(0, LINES)
        edit.append_step(step(before.steps + 1))
        grown = source(before.sources[0].size + len(LINES))
        note_source = source(len(note), "note", blob)
        edit.commit(header(grown, note_source, steps=before.steps + 1))


def take(snapshots: Snapshots, *traces: TraceId) -> dict[TraceId, CopiedTrace]:
    """Copy traces, and follow deletions."""
    with snapshots.updating() as update:
        copied = (*update.copy(traces), *update.finish())
    return {each.trace: each for each in copied}


def fates(copied: dict[TraceId, CopiedTrace]) -> dict[TraceId, CopyFate]:
    return {trace: each.fate for trace, each in copied.items()}


class SnapshotsContract:
    @pytest.fixture
    def here(self) -> Side:
        raise NotImplementedError("give a bucket that is prepared")

    @pytest.fixture
    def there(self) -> Side:
        raise NotImplementedError("give the place of its copy, where nothing is yet")

    @pytest.fixture
    def snapshots(self) -> Snapshots:
        raise NotImplementedError("give what copies from here to there")

    @pytest.fixture
    def damage(self) -> Callable[[TraceId], None]:
        raise NotImplementedError("give what damages the steps of a trace here")

    @pytest.fixture
    def make_another(self) -> Callable[[], None]:
        raise NotImplementedError("give what makes another bucket there")

    def test_the_copy_has_what_the_bucket_has(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1), step(2))
        with_note(here, B)

        copied = take(snapshots, A, B)

        assert fates(copied) == {A: CopyFate.WRITTEN, B: CopyFate.WRITTEN}
        assert all(each.bytes > 0 for each in copied.values())
        assert there.held() == here.held()
        assert there.keeper.identify() == here.keeper.identify()

    def test_a_second_copy_writes_nothing(self, here: Side, snapshots: Snapshots) -> None:
        keep(here.writer, A, step(1))
        assert snapshots.needed() > 0
        take(snapshots, A)

        assert take(snapshots, A) == {A: CopiedTrace(A, CopyFate.UNCHANGED)}
        assert snapshots.needed() == 0

    def test_what_has_changed_is_written_again(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        with_note(here, B)
        keep(here.writer, C, step(1))
        take(snapshots, A, B, C)
        keep(here.writer, A, step(2), step(1, "amended", 1))
        with_note(here, B, b"another")
        with here.writer.batch() as batch:
            edit = batch.edit(C, wait=True)
            edit.restart_steps()
            edit.append_step(step(1, "new"))
            edit.commit(header(source(len(LINES)), steps=1))

        copied = take(snapshots, A, B, C)

        assert fates(copied) == dict.fromkeys((A, B, C), CopyFate.WRITTEN)
        assert there.held() == here.held()

    def test_a_trail_is_copied_as_it_grows_and_when_it_is_begun_anew(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        keep_trail(here.writer, A, patch(1))
        take(snapshots, A)
        kept = keep_trail(here.writer, A, searched(), patch(2))
        assert fates(take(snapshots, A)) == {A: CopyFate.WRITTEN}
        assert list(there.traces.trail(there.traces.envelope(A))) == [
            *(patch(1), searched(), patch(2))
        ]
        with here.writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_trail()
            edit.append_trail(patch(3))
            edit.commit(kept.header)

        take(snapshots, A)

        assert list(there.traces.trail(there.traces.envelope(A))) == [patch(3)]
        assert there.held() == here.held()
        assert there.keeper.verify(deep=True).ok

    def test_a_tree_is_copied_as_it_grows(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        keep_tree(here.writer, A, layer("Be brief."))
        take(snapshots, A)
        keep_tree(here.writer, A, node("one"))

        assert fates(take(snapshots, A)) == {A: CopyFate.WRITTEN}

        copied = there.traces.context(there.traces.envelope(A))
        assert list(copied) == [layer("Be brief."), node("one")]
        assert there.held() == here.held()

    def test_what_was_deleted_is_deleted_in_the_copy(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        keep(here.writer, B, step(1))
        keep(here.writer, C, step(1))
        here.writer.delete(C)
        take(snapshots, A, B)
        here.writer.delete(A)

        assert fates(take(snapshots, B)) == {A: CopyFate.DELETED, B: CopyFate.UNCHANGED}
        assert fates(take(snapshots, B)) == {B: CopyFate.UNCHANGED}
        assert list(there.held()) == [B]
        assert [there.writer.is_deleted(trace) for trace in (A, B, C)] == [True, False, True]

    def test_what_went_before_it_was_copied_is_gone(self, here: Side, snapshots: Snapshots) -> None:
        keep(here.writer, A, step(1))
        here.writer.delete(A)

        assert fates(take(snapshots, A, NOBODY)) == {A: CopyFate.GONE, NOBODY: CopyFate.GONE}

    def test_a_damaged_trace_is_left_as_it_was_in_the_copy(
        self,
        here: Side,
        there: Side,
        snapshots: Snapshots,
        damage: Callable[[TraceId], None],
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        before = there.held()
        keep(here.writer, A, step(2))
        keep(here.writer, B, step(1))
        keep(here.writer, C, step(1))
        damage(A)
        damage(B)

        for _ in range(2):
            copied = take(snapshots, A, B, C)
            assert [copied[trace].fate for trace in (A, B)] == [CopyFate.DAMAGED] * 2
            assert "steps.jsonl.gz" in str(copied[A].reason)
            assert there.held().keys() == {A, C}
            assert there.held()[A] == before[A]

    def test_what_was_deleted_in_the_copy_stays_deleted_there(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        there.writer.delete(A)

        for _ in range(2):
            assert fates(take(snapshots, A)) == {A: CopyFate.DIFFERENT}
        assert there.held() == {}

    def test_what_only_the_copy_has_stays(
        self, here: Side, there: Side, snapshots: Snapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        keep(there.writer, B, step(1))
        before = there.held()

        take(snapshots, A)

        assert there.held() == before

    def test_the_copy_of_another_bucket_is_not_touched(
        self,
        here: Side,
        there: Side,
        snapshots: Snapshots,
        make_another: Callable[[], None],
    ) -> None:
        keep(here.writer, A, step(1))
        make_another()
        keep(there.writer, B, step(1))
        before = there.held()

        with pytest.raises(BadRequest):
            snapshots.needed()
        with pytest.raises(BadRequest):
            take(snapshots, A)
        assert there.held() == before

    def test_one_process_at_a_time_writes_to_a_copy(self, here: Side, snapshots: Snapshots) -> None:
        keep(here.writer, A, step(1))

        with snapshots.updating(), pytest.raises(Busy):
            take(snapshots, A)

        assert fates(take(snapshots, A)) == {A: CopyFate.WRITTEN}
