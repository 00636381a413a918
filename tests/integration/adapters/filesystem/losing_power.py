"""One commit of each kind, and what is left of it on every disk that may be left."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.domain.ids import TraceId
from tests.contracts.samples import LINES, A, B, header, keep, named, source, step
from tests.integration.adapters.filesystem.medium import Disk, Medium
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.surviving import disks

C = named("c")
_BLOB = b"spilled"

State = dict[TraceId, tuple[str | None, ...]]
"""The steps of each trace."""


def go_on(home: Path) -> None:
    with writer_of(home).batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.append_source(0, LINES)
        edit.append_step(step(2, "more"))
        edit.commit(header(source(2 * len(LINES)), steps=2))


def begin_anew(home: Path) -> None:
    with writer_of(home).batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.restart_steps()
        edit.append_step(step(1, "new"))
        edit.commit(header(source(len(LINES)), steps=1))


def keep_first(home: Path) -> None:
    keep(writer_of(home), C, step(1, "first"))


def keep_with_blob(home: Path) -> None:
    with writer_of(home).batch() as batch:
        blob = FilesystemBlobStore(home / "bucket").put([_BLOB])
        edit = batch.edit(A, wait=True)
        edit.commit(header(source(len(LINES)), source(len(_BLOB), "out.txt", blob), steps=1))


def delete(home: Path) -> None:
    writer_of(home).delete(A)


COMMITS: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (go_on, begin_anew, keep_first, keep_with_blob, delete)
}


@dataclass(frozen=True)
class Lost:
    """How many disks were looked at."""

    operations: int
    disks: int


def lose_power(
    place: Path, commit: Callable[[Path], None], most: int, random: Random, *, has_syncfs: bool
) -> Lost:
    """Commit once, and look at every disk that may be left; up to `most` subsets at each point.

    Raises AssertionError: something is neither as before nor as after, damaged or not marked.
    """
    _prepare(place)
    before, old = Disk.of(place), held(place)
    medium = Medium(place)
    with pytest.MonkeyPatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        commit(place)
    new, left = held(place), place.with_name("left")
    assert new != old
    count = 0
    for disk in disks(before, medium.done, most, random):
        disk.write(place, left)
        _assert_old_or_new(left, old, new)
        shutil.rmtree(left)
        count += 1
    return Lost(len(medium.done), count)


def held(home: Path) -> State:
    """Return the steps of every trace, after reading all that is kept."""
    assert keeper_of(home).verify(deep=True).problems == ()
    traces = traces_of(home)
    found: State = {}
    for envelope in [traces.envelope(trace) for trace in traces.ids()]:
        data = b"".join(traces.source(envelope, 0, 0))
        assert data == LINES * (envelope.header.sources[0].size // len(LINES))
        blobs = (each.blob.blob for each in envelope.header.sources if each.blob)
        said = [b"".join(FilesystemBlobStore(home / "bucket").get(each)).decode() for each in blobs]
        steps = traces.steps(envelope, 1, None)
        found[envelope.trace_id] = (*(kept.step.content for kept in steps), *said)
    return found


def _prepare(place: Path) -> None:
    keeper_of(place).prepare()
    for trace in (A, B):
        keep(writer_of(place), trace, step(1, "old"))
    for marker in (place / "state").glob("dirty/*"):
        marker.unlink()


def _assert_old_or_new(home: Path, old: State, new: State) -> None:
    found = held(home)
    assert found in (old, new), found
    for trace in (A, B, C):
        is_changed = found.get(trace) != old.get(trace)
        assert not is_changed or (home / "state" / "dirty" / trace).exists(), "it is not marked"
