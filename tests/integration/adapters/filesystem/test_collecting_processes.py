"""Garbage is collected while other processes write."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.adapters.filesystem.layout import blob_file
from opentraces.domain.garbage import Garbage, added_up
from opentraces.domain.ids import TraceId
from tests.contracts.samples import A, keep, named, step
from tests.integration.adapters.filesystem import note_scribe
from tests.integration.adapters.filesystem.kept import KeptTrace, kept_in
from tests.integration.adapters.filesystem.note_scribe import NOTES, line
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of

ROOT = Path(__file__).parents[4]
ROUNDS = 40
SHARED = named("shared")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    keeper_of(home).prepare()
    keep(writer_of(home), A, step(1))
    return home


@pytest.fixture
def scribes(home: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Three processes, each with a trace of its own and one that all write to."""
    program = (sys.executable, "-m", note_scribe.__name__, str(home), str(ROUNDS))
    started = [
        subprocess.Popen(
            [*program, str(seed), named(f"own {seed}"), SHARED],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(3)
    ]
    yield started
    for process in started:
        process.kill()
        process.wait()


def collect(home: Path) -> Garbage:
    """Collect what lies here, however short a time."""
    return FilesystemGarbageCollector(home).collect(datetime.now(UTC), remove=True)


def test_nothing_that_is_being_written_is_lost(
    home: Path, scribes: list[subprocess.Popen[str]]
) -> None:
    collected = []
    while any(process.poll() is None for process in scribes):
        collected.append(collect(home))
    assert [process.returncode for process in scribes] == [0, 0, 0]
    counts = [json.loads(process.communicate()[0]) for process in scribes]
    own: dict[TraceId, int] = {
        named(f"own {seed}"): steps for seed, (steps, _) in enumerate(counts)
    }
    collected.append(collect(home))

    kept = kept_in(home)
    assert {trace: len(kept[trace].steps) for trace in own} == own
    assert kept.keys() == {A, SHARED, *own}
    for trace in (SHARED, *own):
        lines, note = kept[trace].sources
        assert lines == b"".join(line(number + 1) for number in range(len(kept[trace].steps)))
        assert note in NOTES
    assert added_up(collected).total.number > 0
    assert not added_up(collected).problems
    assert blobs_stored(home) == blobs_named(kept)


def blobs_stored(home: Path) -> set[str]:
    bucket = home / "bucket"
    return {str(path.relative_to(bucket)) for path in (bucket / "blobs").rglob("*.zst")}


def blobs_named(kept: dict[TraceId, KeptTrace]) -> set[str]:
    sources = [each for trace in kept.values() for each in trace.envelope.header.sources]
    return {blob_file(each.blob.blob) for each in sources if each.blob}
