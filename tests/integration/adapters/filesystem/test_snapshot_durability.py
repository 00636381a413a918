"""Each trace of a copy is as it was at a commit, wherever the power goes or the disk refuses."""

import copy
import shutil
from pathlib import Path

import pytest

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import TraceId
from tests.contracts.samples import LINES, A, B, header, keep, named, source, step
from tests.contracts.snapshots import C, with_note
from tests.integration.adapters.filesystem.kept import KeptTrace, kept_in
from tests.integration.adapters.filesystem.medium import LOSSES, Disk, Medium, after_power_loss
from tests.integration.adapters.filesystem.on_disk import writer_of
from tests.integration.adapters.filesystem.test_snapshots import Places, side, snapshots_of

pytestmark = pytest.mark.usefixtures("no_flushing")

Kept = dict[TraceId, KeptTrace]
DELETED = named("deleted")


class Copied(Places):
    """A home that has changed since it was copied to the place."""

    @pytest.fixture
    def before(self, home: Path, place: Path) -> Kept:
        """What the copy has."""
        here = side(home)
        for trace in (A, B, DELETED):
            keep(here.writer, trace, step(1))
        with_note(here, B)
        snapshot(home, place)
        return kept_in(place)

    @pytest.fixture
    def after(self, home: Path, before: Kept) -> Kept:
        """What it will have."""
        here = side(home)
        keep(here.writer, A, step(2))
        with here.writer.batch() as batch:
            edit = batch.edit(B, wait=True)
            edit.restart_steps()
            edit.append_step(step(1, "new"))
            edit.commit(header(source(2 * len(LINES)), steps=1))
        with_note(here, C, b"another note")
        here.writer.delete(DELETED)
        return kept_in(home)


def snapshot(home: Path, place: Path) -> None:
    snapshots = snapshots_of(home, place)
    snapshots.needed()
    with snapshots.updating() as update:
        update.copy(list(side(home).traces.ids()))
        update.finish()


def assert_old_or_new(place: Path, before: Kept, after: Kept) -> None:
    found = kept_in(place)
    for trace in (A, B, C, DELETED):
        assert found.get(trace) in (before.get(trace), after.get(trace))
        if found.get(trace) != before.get(trace):
            assert (place / "state" / "dirty" / trace).exists()
    if DELETED in before and DELETED not in found:
        assert writer_of(place).is_deleted(DELETED)


class TestUpdate(Copied):
    @pytest.mark.parametrize("has_syncfs", [True, False])
    @pytest.mark.parametrize("loss", LOSSES)
    def test_the_power_may_go_at_any_point(
        self, place: Path, home: Path, before: Kept, after: Kept, loss: str, has_syncfs: bool
    ) -> None:
        shutil.rmtree(place / "state" / "dirty")
        disk, medium = Disk.of(place), Medium(place)
        with pytest.MonkeyPatch.context() as patch:
            medium.install(patch, has_syncfs=has_syncfs)
            snapshot(home, place)
        assert len(medium.done) > 40

        left = place.parent / "left"
        for count in range(len(medium.done) + 1):
            lost = after_power_loss(copy.deepcopy(disk), medium.done[:count], LOSSES[loss])
            lost.write(place, left)
            assert_old_or_new(left, before, after)
            if count % 4 == 0:
                snapshot(home, left)
                assert kept_in(left) == after
            shutil.rmtree(left)

    @pytest.mark.parametrize("has_syncfs", [True, False])
    def test_the_disk_may_refuse_at_any_point(
        self, place: Path, home: Path, before: Kept, after: Kept, has_syncfs: bool
    ) -> None:
        shutil.rmtree(place / "state" / "dirty")
        untouched = place.parent / "untouched"
        place.rename(untouched)
        number, is_refused = 0, True
        while is_refused:
            shutil.copytree(untouched, place)
            is_refused = refused(home, place, number, has_syncfs=has_syncfs)
            assert_old_or_new(place, before, after)
            snapshot(home, place)
            assert kept_in(place) == after
            shutil.rmtree(place)
            number += 1
        assert number > 40


class TestFirst(Copied):
    def test_the_disk_may_refuse_at_any_point(self, place: Path, home: Path, after: Kept) -> None:
        first = place.parent / "first"
        number, is_refused = 0, True
        while is_refused:
            is_refused = refused(home, first, number, has_syncfs=True)
            if first.exists() and (first / "bucket" / "bucket.json").exists():
                assert_old_or_new(first, {}, after)
            snapshot(home, first)
            assert kept_in(first) == after
            shutil.rmtree(first)
            number += 1
        assert number > 40

    @pytest.mark.parametrize("loss", LOSSES)
    def test_the_power_may_go_at_any_point(
        self, place: Path, home: Path, after: Kept, loss: str
    ) -> None:
        first, left = place.parent / "first", place.parent / "left"
        first.mkdir()
        disk, medium = Disk.of(first), Medium(first)
        with pytest.MonkeyPatch.context() as patch:
            medium.install(patch, has_syncfs=True)
            snapshot(home, first)

        for count in range(len(medium.done) + 1):
            lost = after_power_loss(copy.deepcopy(disk), medium.done[:count], LOSSES[loss])
            lost.write(first, left)
            if (left / "bucket" / "bucket.json").exists():
                assert_old_or_new(left, {}, after)
            snapshot(home, left)
            assert kept_in(left) == after
            shutil.rmtree(left)


def refused(home: Path, place: Path, number: int, *, has_syncfs: bool) -> bool:
    """Take a snapshot on a disk that refuses one change; returns whether it came to that."""
    with pytest.MonkeyPatch.context() as patch:
        Medium(place, number).install(patch, has_syncfs=has_syncfs)
        try:
            snapshot(home, place)
        except StorageUnavailable:
            return True
    return False
