"""What every Mender keeps to."""

from collections.abc import Callable, Iterator

import pytest

from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, TraceId
from opentraces.domain.mending import Damage, Gap
from opentraces.ports.blobs import BlobStore
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.markers import Markers
from opentraces.ports.mending import Mender, Reread
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from tests.contracts.samples import (
    LINES,
    A,
    B,
    header,
    keep,
    keep_trail,
    keep_tree,
    named,
    node,
    patch,
    searched,
    source,
    step,
)

SPILLED = b"spilled" * 100
MORE = b'{"type":"more"}\n'

Spoil = Callable[[TraceId, str], None]
SpoilBlob = Callable[[BlobId], None]


def agent_has(data: bytes) -> Reread:
    def reread(offset: int) -> Iterator[bytes]:
        yield data[offset : offset + 5]
        yield data[offset + 5 :]

    return reread


def gone(offset: int) -> Iterator[bytes]:
    return iter(())


def _commit_and_fail(mender: Mender, envelope: Envelope) -> None:
    with mender.holding(A) as held:
        edit = held.edit(envelope)
        edit.restart_steps()
        edit.commit(envelope.header)
        raise Corrupt("meanwhile")


class MenderContract:
    @pytest.fixture
    def mender(self) -> Mender:
        raise NotImplementedError("give the mender of a bucket")

    @pytest.fixture
    def teller(self) -> Mender:
        raise NotImplementedError("give one that only says what it would do")

    @pytest.fixture
    def keeper(self) -> BucketKeeper:
        raise NotImplementedError("give the bucket's keeper")

    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give what writes to it")

    @pytest.fixture
    def traces(self) -> TraceStore:
        raise NotImplementedError("give what reads it")

    @pytest.fixture
    def blobs(self) -> BlobStore:
        raise NotImplementedError("give the blobs beside it")

    @pytest.fixture
    def markers(self) -> Markers:
        raise NotImplementedError("give the markers that it sets")

    @pytest.fixture
    def spoil(self) -> Spoil:
        raise NotImplementedError("give what damages the first run of a file of a trace")

    @pytest.fixture
    def spoil_blob(self) -> SpoilBlob:
        raise NotImplementedError("give what damages a blob")

    @pytest.fixture
    def blob(self, keeper: BucketKeeper, writer: TraceWriter, blobs: BlobStore) -> BlobId:
        """Two traces are kept; A has two runs of bytes, two steps, and a blob."""
        keeper.prepare()
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        with writer.batch() as batch:
            ref = blobs.put([SPILLED])
            edit = batch.edit(A, wait=True)
            edit.append_source(0, MORE)
            edit.append_step(step(2))
            both = source(len(LINES + MORE)), source(len(SPILLED), "out.txt", ref)
            edit.commit(header(*both, steps=2))
        return ref.blob

    @pytest.mark.usefixtures("blob")
    def test_what_is_whole_has_no_damage(self, mender: Mender, traces: TraceStore) -> None:
        with mender.holding(A) as held:
            assert held.damage == Damage()
            assert held.envelope() == traces.envelope(A)
        assert list(mender.headless()) == []
        assert mender.evidence() == ()

    @pytest.mark.usefixtures("blob")
    def test_damaged_steps_are_begun_anew(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        traces: TraceStore,
        markers: Markers,
        spoil: Spoil,
    ) -> None:
        for trace in (A, B):
            markers.clear(trace, traces.envelope(trace).commit)
        before = traces.envelope(A)
        spoil(A, "steps.jsonl.gz")

        with mender.holding(A) as held:
            assert held.damage.steps is not None
            assert not held.damage.sources
            edit = held.edit(held.envelope())
            edit.restart_steps()
            edit.append_step(step(1, "one"))
            edit.append_step(step(2, "two"))
            edit.commit(before.header)

        after = traces.envelope(A)
        assert (after.commit, after.steps_generation) == (before.commit + 1, 1)
        assert [kept.step.content for kept in traces.steps(after, 1, None)] == ["one", "two"]
        assert set(markers.marked()) == {A}
        assert keeper.verify(deep=True).ok

    @pytest.mark.usefixtures("blob")
    def test_a_damaged_tree_is_begun_anew(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        traces: TraceStore,
        writer: TraceWriter,
        spoil: Spoil,
    ) -> None:
        before = keep_tree(writer, A, node("one"))
        spoil(A, "context.jsonl.gz")

        with mender.holding(A) as held:
            assert held.damage.context is not None
            assert (held.damage.steps, held.damage.trail, held.damage.sources) == (None, None, {})
            edit = held.edit(held.envelope())
            edit.restart_context()
            edit.append_context(node("one"))
            edit.commit(before.header)

        assert list(traces.context(traces.envelope(A))) == [node("one")]
        assert keeper.verify(deep=True).ok

    @pytest.mark.usefixtures("blob")
    def test_a_damaged_trail_is_begun_anew(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        traces: TraceStore,
        writer: TraceWriter,
        spoil: Spoil,
    ) -> None:
        before = keep_trail(writer, A, patch(1), searched())
        spoil(A, "trail.jsonl.gz")

        with mender.holding(A) as held:
            assert held.damage.trail is not None
            assert (held.damage.steps, held.damage.sources) == (None, {})
            edit = held.edit(held.envelope())
            edit.restart_trail()
            edit.append_trail(patch(1))
            edit.commit(before.header)

        after = traces.envelope(A)
        assert (after.trail_generation, after.steps_generation) == (1, before.steps_generation)
        assert list(traces.trail(after)) == [patch(1)]
        assert keeper.verify(deep=True).ok

    @pytest.mark.usefixtures("blob")
    def test_an_exception_lets_nothing_take_effect(
        self, mender: Mender, traces: TraceStore, spoil: Spoil
    ) -> None:
        spoil(A, "steps.jsonl.gz")
        before = traces.envelope(A)

        with pytest.raises(Corrupt):
            _commit_and_fail(mender, before)

        assert traces.envelope(A) == before

    @pytest.mark.usefixtures("blob")
    def test_a_source_is_filled_with_the_very_same_bytes(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        traces: TraceStore,
        spoil: Spoil,
    ) -> None:
        spoil(A, "source-0.zst")

        with mender.holding(A) as held:
            assert set(held.damage.sources) == {0}
            filled = held.fill(0, agent_has(LINES + b"something else"))

        assert (filled.gaps, filled.taken) == ((), (Gap(0, len(LINES)),))
        assert b"".join(traces.source(traces.envelope(A), 0, 0)) == LINES + MORE
        assert keeper.verify(deep=True).ok

    @pytest.mark.usefixtures("blob")
    @pytest.mark.parametrize("reread", [gone, agent_has(LINES[:-1] + b"?"), agent_has(LINES[:9])])
    def test_without_them_nothing_is_changed(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        spoil: Spoil,
        reread: Reread,
    ) -> None:
        spoil(A, "source-0.zst")
        before = keeper.verify(deep=True)

        with mender.holding(A) as held:
            filled = held.fill(0, reread)

        assert (filled.gaps, filled.taken) == ((Gap(0, len(LINES)),), ())
        assert keeper.verify(deep=True) == before
        assert mender.evidence() == ()

    def test_a_blob_is_put_back_where_the_bytes_are_its_own(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        blobs: BlobStore,
        blob: BlobId,
        spoil_blob: SpoilBlob,
    ) -> None:
        spoil_blob(blob)

        with mender.holding(A) as held:
            assert set(held.damage.blobs) == {1}
            assert held.fill_blob(1, gone) is None
            assert held.fill_blob(1, agent_has(SPILLED[1:])) is None
            ref = held.fill_blob(1, agent_has(SPILLED))

        assert ref is not None
        assert (ref.blob, ref.size) == (blob, len(SPILLED))
        assert b"".join(blobs.get(blob)) == SPILLED
        assert keeper.verify(deep=True).ok

    def test_one_that_only_tells_says_the_same_and_changes_nothing(
        self,
        teller: Mender,
        keeper: BucketKeeper,
        blob: BlobId,
        spoil: Spoil,
        spoil_blob: SpoilBlob,
    ) -> None:
        spoil(A, "source-0.zst")
        spoil_blob(blob)
        before = keeper.verify(deep=True)

        with teller.holding(A) as held:
            filled = held.fill(0, agent_has(LINES))
            ref = held.fill_blob(1, agent_has(SPILLED))
            held.edit(held.envelope()).commit(header(title="other"))

        assert (filled.gaps, filled.taken) == ((), (Gap(0, len(LINES)),))
        assert ref is not None
        assert keeper.verify(deep=True) == before
        assert teller.evidence() == ()

    def test_a_damaged_blob_of_nobody_is_set_aside(
        self,
        mender: Mender,
        teller: Mender,
        keeper: BucketKeeper,
        blobs: BlobStore,
        spoil_blob: SpoilBlob,
    ) -> None:
        keeper.prepare()
        blob = blobs.put([b"nobody's"]).blob
        spoil_blob(blob)
        [problem] = keeper.verify(deep=True).problems

        assert teller.set_aside(problem.path, None) is not None
        assert not keeper.verify(deep=True).ok
        place = mender.set_aside(problem.path, None)

        assert place is not None
        assert place.startswith("quarantine/_/")
        assert mender.evidence() == (place,)
        assert keeper.verify(deep=True).ok
        assert blob not in blobs

    def test_one_that_is_whole_again_is_not(
        self,
        mender: Mender,
        keeper: BucketKeeper,
        blobs: BlobStore,
        spoil_blob: SpoilBlob,
    ) -> None:
        keeper.prepare()
        blob = blobs.put([b"nobody's"]).blob
        spoil_blob(blob)
        [problem] = keeper.verify(deep=True).problems
        blobs.put([b"nobody's"])

        assert mender.set_aside(problem.path, None) is None
        assert blob in blobs

    def test_a_bucket_that_is_not_there_needs_no_description(
        self, mender: Mender, keeper: BucketKeeper
    ) -> None:
        assert mender.describe(None) is False
        assert keeper.identify() is None

    def test_one_that_lost_its_own_gets_another(
        self, mender: Mender, teller: Mender, keeper: BucketKeeper, writer: TraceWriter
    ) -> None:
        keep(writer, named("a"))

        assert teller.describe(None) is True
        assert keeper.identify() is None
        assert mender.describe("11111111-2222-4333-8444-555555555555") is True
        assert mender.describe(None) is False
        assert keeper.identify() == "11111111-2222-4333-8444-555555555555"
