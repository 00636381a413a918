"""A bucket is copied while other processes write to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.domain.ids import TraceId, digest
from tests.contracts.samples import A, keep, step
from tests.integration.adapters.filesystem.kept import kept_in
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.scribes import Scribes, assert_whole
from tests.integration.adapters.filesystem.test_snapshots import snapshots_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    keeper_of(home).prepare()
    keep(writer_of(home), A, step(1))
    return home


def snapshot(home: Path, place: Path) -> None:
    with snapshots_of(home, place).updating() as update:
        copied = update.copy(list(traces_of(home).ids()))
        copied = (*copied, *update.finish())
    assert not [each for each in copied if each.fate.is_left_out]


def envelopes_of(place: Path) -> dict[TraceId, str]:
    """Return a digest of every envelope but that of A."""
    files = place.glob("bucket/traces/v1/*/*/trace.json")
    found = {TraceId(file.parent.name): digest(file.read_bytes()) for file in files}
    return {trace: found[trace] for trace in found if trace != A}


def test_every_copy_is_whole_and_each_trace_in_it_is_as_it_was_at_a_commit(
    home: Path, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    seen: set[str] = set()
    rounds = 0
    with Scribes(home) as scribes:
        while scribes.are_writing:
            snapshot(home, place)
            rounds += 1
            found = envelopes_of(place)
            seen |= set(found.values())
            assert_whole(kept_in(place), *found)
            if rounds % 4 == 0:
                FilesystemGarbageCollector(home).collect(datetime.now(UTC), remove=True)
    snapshot(home, place)

    assert seen
    assert seen <= scribes.committed
    assert kept_in(place) == kept_in(home)
