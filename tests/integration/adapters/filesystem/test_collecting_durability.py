"""Collecting garbage loses nothing, wherever the power goes or the disk refuses."""

import copy
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.garbage import Garbage
from opentraces.domain.ids import TraceId
from tests.contracts.garbage import OLD
from tests.contracts.samples import LINES, A, B, header, keep, named, source, step
from tests.integration.adapters.filesystem.kept import KeptTrace, kept_in
from tests.integration.adapters.filesystem.litter import KINDS, leave
from tests.integration.adapters.filesystem.medium import (
    LOSSES,
    Disk,
    Medium,
    Operation,
    after_power_loss,
)
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of

pytestmark = pytest.mark.usefixtures("no_flushing")

DELETED = named("deleted")
OLD_NOTE, NEW_NOTE = b"the first note", b"the second note"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with garbage of every kind, and a deletion that was interrupted."""
    home = tmp_path / "home"
    keeper_of(home).prepare()
    for trace in (A, DELETED):
        keep(writer_of(home), trace, step(1))
    write(home, OLD_NOTE)
    for kind in KINDS:
        leave(home, kind, OLD)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(os, "unlink", _refuse)
        with pytest.raises(StorageUnavailable):
            writer_of(home).delete(DELETED)
    return home


def write(home: Path, note: bytes, *, restarts: bool = True) -> None:
    """Put another note of B in the place of the one before, and begin its steps anew."""
    with writer_of(home).batch() as batch:
        blob = FilesystemBlobStore(home / "bucket").put([note])
        edit = batch.edit(B, wait=True)
        before = edit.envelope.header if edit.envelope else header(source(0))
        if restarts:
            edit.restart_steps()
            edit.append_step(step(1, note.decode()))
        edit.append_source(0, LINES)
        size = before.sources[0].size + len(LINES)
        edit.commit(header(source(size), source(len(note), "note", blob), steps=1))


def collect(home: Path) -> Garbage:
    return FilesystemGarbageCollector(home).collect(datetime.now(UTC), remove=True)


def _refuse(*args: object, **kwargs: object) -> None:
    raise OSError(5, "broken")


@pytest.mark.parametrize("has_syncfs", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_power_may_go_at_any_point(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, loss: str, has_syncfs: bool
) -> None:
    kept, before = kept_in(home), Disk.of(home)
    medium = Medium(home)
    with monkeypatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        assert collect(home).total.number > len(KINDS)
    assert len(medium.done) > 10

    for count in range(len(medium.done) + 1):
        disk = after_power_loss(copy.deepcopy(before), medium.done[:count], LOSSES[loss])
        assert kept_on(disk, home, tmp_path / "left") == kept


def test_the_disk_may_refuse_at_any_point(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, untouched = kept_in(home), tmp_path / "untouched"
    shutil.copytree(home, untouched)
    number, is_refused = 0, True
    while is_refused:
        shutil.rmtree(home)
        shutil.copytree(untouched, home)
        with monkeypatch.context() as patch:
            Medium(home, number).install(patch, has_syncfs=True)
            try:
                collect(home)
                is_refused = False
            except StorageUnavailable:
                number += 1
        assert kept_in(home) == kept
        collect(home)
        assert kept_in(home) == kept
        assert collect(home) == Garbage()
    assert number > 10


@pytest.mark.parametrize("restarts", [True, False])
@pytest.mark.parametrize("has_syncfs", [True, False])
def test_what_a_killed_writer_did_not_make_durable_is_not_relied_on(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, has_syncfs: bool, restarts: bool
) -> None:
    """It renamed the envelope, and what only the one before needs may still be needed."""
    old, before = kept_in(home), Disk.of(home)
    last = _last_barrier(tmp_path, home, has_syncfs=has_syncfs, restarts=restarts)
    medium = Medium(home, last)
    with monkeypatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        with pytest.raises(StorageUnavailable):
            write(home, NEW_NOTE, restarts=restarts)
        new = kept_in(home)
        assert new != old
        begin = len(medium.done)
        collect(home)
    assert len(medium.done) > begin + 10

    for loss in (LOSSES["everything"], _is_rename):
        for count in range(begin, len(medium.done) + 1):
            disk = after_power_loss(copy.deepcopy(before), medium.done[:count], loss)
            assert kept_on(disk, home, tmp_path / "left") in (old, new)


def test_a_deletion_that_was_killed_before_it_was_durable_is_finished_durably(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the trace would be gone, and an import would bring it back."""
    before, medium = Disk.of(home), Medium(home)
    with monkeypatch.context() as patch:
        medium.install(patch, has_syncfs=False)
        patch.setattr(os, "rename", _killing(os.rename))
        with pytest.raises(KeyboardInterrupt):
            writer_of(home).delete(A)
    with monkeypatch.context() as patch:
        medium.install(patch, has_syncfs=False)
        collect(home)

    after_power_loss(before, medium.done, _is_rename).write(home, tmp_path / "left")

    assert A not in kept_in(tmp_path / "left")
    assert writer_of(tmp_path / "left").is_deleted(A)


def _killing(rename: Callable[..., None]) -> Callable[..., None]:
    """Kill the process once it has renamed a tombstone."""

    def call(*args: Any, **kwargs: Any) -> None:
        rename(*args, **kwargs)
        if str(args[1]).endswith(f"{A}.json"):
            raise KeyboardInterrupt

    return call


def _is_rename(done: Operation) -> bool:
    """A file system may keep a later removal, and lose an earlier rename in another folder."""
    return done.kind == "rename"


def _last_barrier(tmp_path: Path, home: Path, *, has_syncfs: bool, restarts: bool) -> int:
    """Return the number of the operation that follows the rename of the envelope."""
    copied = tmp_path / "tried"
    shutil.copytree(home, copied)
    medium = Medium(copied)
    with pytest.MonkeyPatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        write(copied, NEW_NOTE, restarts=restarts)
    renames = [n for n, each in enumerate(medium.done) if each.new_path.endswith("/trace.json")]
    return renames[-1] + 1


def kept_on(disk: Disk, home: Path, left: Path) -> dict[TraceId, KeptTrace]:
    """Return what is kept on a disk after the power went."""
    disk.write(home, left)
    kept = kept_in(left)
    shutil.rmtree(left)
    return kept
