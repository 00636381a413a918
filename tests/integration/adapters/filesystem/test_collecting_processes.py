"""Garbage is collected while other processes write."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.adapters.filesystem.layout import blob_file
from opentraces.domain.garbage import Garbage, added_up
from opentraces.domain.ids import TraceId
from tests.contracts.samples import A, keep, step
from tests.integration.adapters.filesystem.kept import KeptTrace, kept_in
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of
from tests.integration.adapters.filesystem.scribes import SHARED, Scribes, assert_whole


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    keeper_of(home).prepare()
    keep(writer_of(home), A, step(1))
    return home


def collect(home: Path) -> Garbage:
    """Collect what lies here, however short a time."""
    return FilesystemGarbageCollector(home).collect(datetime.now(UTC), remove=True)


def test_nothing_that_is_being_written_is_lost(home: Path) -> None:
    collected = []
    with Scribes(home) as scribes:
        while scribes.are_writing:
            collected.append(collect(home))
        own = scribes.own
    collected.append(collect(home))

    kept = kept_in(home)
    assert {trace: len(kept[trace].steps) for trace in own} == own
    assert kept.keys() == {A, SHARED, *own}
    assert_whole(kept, SHARED, *own)
    assert added_up(collected).total.number > 0
    assert not added_up(collected).problems
    assert blobs_stored(home) == blobs_named(kept)


def blobs_stored(home: Path) -> set[str]:
    bucket = home / "bucket"
    return {str(path.relative_to(bucket)) for path in (bucket / "blobs").rglob("*.zst")}


def blobs_named(kept: dict[TraceId, KeptTrace]) -> set[str]:
    sources = [each for trace in kept.values() for each in trace.envelope.header.sources]
    return {blob_file(each.blob.blob) for each in sources if each.blob}
