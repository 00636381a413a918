"""A commit is old or new, whole, wherever the power goes or the disk refuses."""

import copy
import shutil
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.domain.errors import StorageUnavailable, TraceNotFound
from opentraces.domain.ids import TraceId
from tests.contracts.samples import LINES, A, B, header, keep, named, source, step
from tests.integration.adapters.filesystem.medium import LOSSES, Disk, Medium, after_power_loss
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of

pytestmark = pytest.mark.usefixtures("no_flushing")

C = named("c")
BLOB = b"spilled"
OLD = {A: ["old"], B: ["old"]}
"""The steps of each trace before the scenario."""
NEW = {A: ["old", "more"], B: ["new"], C: ["first"]}
"""And after it."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    home = tmp_path / "place"
    keeper_of(home).prepare()
    writer = writer_of(home)
    for trace in (A, B):
        keep(writer, trace, step(1, "old"))
    return home


def write(home: Path) -> None:
    """Go on with A, begin the steps of B anew, and add C with a blob: in one batch."""
    with writer_of(home).batch() as batch:
        blob = FilesystemBlobStore(home / "bucket").put([BLOB])
        grown = batch.edit(A, wait=True)
        grown.append_source(0, LINES)
        grown.append_step(step(2, "more"))
        grown.commit(header(source(2 * len(LINES)), steps=2))
        anew = batch.edit(B, wait=False)
        anew.restart_steps()
        anew.append_step(step(1, "new"))
        anew.commit(header(source(len(LINES)), steps=1))
        first = batch.edit(C, wait=False)
        first.append_source(0, LINES)
        first.append_step(step(1, "first"))
        sources = source(len(LINES)), source(len(BLOB), "out.txt", blob)
        first.commit(header(*sources, steps=1))


def held(home: Path) -> dict[TraceId, list[str | None]]:
    """Return the steps of every trace, after reading all that is kept."""
    audit = keeper_of(home).verify(deep=True)
    assert audit.problems == ()
    traces = traces_of(home)
    envelopes = [traces.envelope(trace) for trace in traces.ids()]
    for envelope in envelopes:
        data = b"".join(traces.source(envelope, 0, 0))
        assert data == LINES * (len(data) // len(LINES))
    return {
        each.trace_id: [kept.step.content for kept in traces.steps(each, 1, None)]
        for each in envelopes
    }


def assert_old_or_new(home: Path) -> dict[TraceId, list[str | None]]:
    found = held(home)
    for trace in (A, B, C):
        assert found.get(trace) in (OLD.get(trace), NEW[trace])
        if found.get(trace) == NEW[trace]:
            assert (home / "state" / "dirty" / trace).exists()
    return found


def recorded(
    place: Path, monkeypatch: pytest.MonkeyPatch, *, has_syncfs: bool, fails_at: int = -1
) -> Medium:
    medium = Medium(place, fails_at)
    with monkeypatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        write(place)
    return medium


@pytest.mark.parametrize("has_syncfs", [True, False])
class TestWriting:
    @pytest.mark.parametrize("loss", LOSSES)
    def test_the_power_may_go_at_any_point(
        self,
        tmp_path: Path,
        place: Path,
        monkeypatch: pytest.MonkeyPatch,
        loss: str,
        has_syncfs: bool,
    ) -> None:
        for marker in (place / "state" / "dirty").iterdir():
            marker.unlink()
        before = Disk.of(place)
        done = recorded(place, monkeypatch, has_syncfs=has_syncfs).done
        assert len(done) > 30

        for count in range(len(done) + 1):
            disk = after_power_loss(copy.deepcopy(before), done[:count], LOSSES[loss])
            left = tmp_path / "left"
            disk.write(place, left)
            found = assert_old_or_new(left)
            shutil.rmtree(left)

        assert found == NEW

    def test_the_disk_may_refuse_at_any_point(
        self, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch, has_syncfs: bool
    ) -> None:
        untouched = tmp_path / "untouched"
        shutil.copytree(place, untouched)
        count = len(recorded(place, monkeypatch, has_syncfs=has_syncfs).done)

        for number in range(count):
            shutil.rmtree(place)
            shutil.copytree(untouched, place)
            with pytest.raises(StorageUnavailable):
                recorded(place, monkeypatch, has_syncfs=has_syncfs, fails_at=number)
            found = assert_old_or_new(place)
            keep(writer_of(place), A, step(len(found[A]) + 1, "later"))
            assert held(place)[A] == [*found[A], "later"]


def test_a_delete_is_durable_wherever_the_power_goes(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for has_syncfs in (True, False):
        write(place) if has_syncfs else None
        trace = C if has_syncfs else B
        before = Disk.of(place)
        medium = Medium(place)
        with monkeypatch.context() as patch:
            medium.install(patch, has_syncfs=has_syncfs)
            writer_of(place).delete(trace)
        for loss in LOSSES.values():
            for count in range(len(medium.done) + 1):
                disk = after_power_loss(copy.deepcopy(before), medium.done[:count], loss)
                left = tmp_path / "left"
                disk.write(place, left)
                found = held(left)
                assert found.get(trace) in (None, NEW[trace])
                assert writer_of(left).is_deleted(trace) == (trace not in found)
                keeper_of(left).prepare()
                if trace not in found:
                    assert str(trace) not in {path.name for path in left.rglob("*/traces/**/*")}
                    with pytest.raises(TraceNotFound):
                        writer_of(left).delete(trace)
                shutil.rmtree(left)
