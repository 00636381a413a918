"""Whatever was done, and wherever it was interrupted: collecting garbage changes nothing kept."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.domain.errors import StorageUnavailable, TraceNotFound
from opentraces.domain.garbage import Heap
from opentraces.domain.ids import TraceId
from tests.contracts.samples import A, B, header, named, source, step
from tests.integration.adapters.filesystem.kept import kept_in
from tests.integration.adapters.filesystem.medium import Medium
from tests.integration.adapters.filesystem.on_disk import contents, keeper_of, writer_of

C = named("c")
TRACES = st.sampled_from([A, B, C])
NOTES = st.sampled_from([b"", b"one", b"two"])
BREAKS = st.integers(0, 60) | st.just(-1)
"""Which change of the disk is refused; -1: none."""


class Homes(RuleBasedStateMachine):
    """One home, written to and cleaned."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.home = Path(self.folder.name) / "home"
        keeper_of(self.home).prepare()

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(trace=TRACES, note=NOTES, restarts=st.booleans(), breaks=BREAKS)
    def write(self, trace: TraceId, note: bytes, restarts: bool, breaks: int) -> None:
        with self._broken(breaks):
            _write(self.home, trace, note, restarts=restarts)

    @rule(trace=TRACES, breaks=BREAKS)
    def delete(self, trace: TraceId, breaks: int) -> None:
        with self._broken(breaks):
            writer_of(self.home).delete(trace)

    @rule()
    def prepare(self) -> None:
        keeper_of(self.home).prepare()

    @rule(breaks=BREAKS)
    def collect(self, breaks: int) -> None:
        kept, stored = kept_in(self.home), contents(self.home / "bucket")
        collector = FilesystemGarbageCollector(self.home)
        with self._broken(breaks):
            collector.collect(datetime.now(UTC), remove=True)

        assert kept_in(self.home) == kept
        assert contents(self.home / "bucket").items() <= stored.items()

    @rule()
    def collect_all(self) -> None:
        kept = kept_in(self.home)
        collector = FilesystemGarbageCollector(self.home)

        looked = collector.collect(datetime.now(UTC), remove=False)
        found = collector.collect(datetime.now(UTC), remove=True)

        assert found == looked
        assert kept_in(self.home) == kept
        assert collector.collect(datetime.now(UTC), remove=True).total == Heap()
        if not found.problems:
            assert _stored(self.home) == _needed(self.home)

    def _broken(self, at: int) -> "_Broken":
        return _Broken(self.home, at)


class _Broken:
    """A disk that refuses one change, and whoever asked for it gives up."""

    def __init__(self, home: Path, at: int) -> None:
        self._patch = pytest.MonkeyPatch()
        self._medium = Medium(home, at)

    def __enter__(self) -> None:
        self._medium.install(self._patch, has_syncfs=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._patch.undo()
        return kind is not None and issubclass(kind, StorageUnavailable | TraceNotFound)


def _write(home: Path, trace: TraceId, note: bytes, *, restarts: bool) -> None:
    """Go on with a trace; its note takes the place of the one before."""
    with writer_of(home).batch() as batch:
        edit = batch.edit(trace, wait=True)
        before = edit.envelope.header if edit.envelope else header(source(0))
        first = before.steps + 1
        if restarts:
            edit.restart_steps()
            first = 1
        for index in range(first, before.steps + 2):
            edit.append_step(step(index))
        edit.append_source(0, b"line\n")
        sources = [source(before.sources[0].size + 5)]
        if note:
            blob = FilesystemBlobStore(home / "bucket").put([note])
            sources.append(source(len(note), "note", blob))
        edit.commit(header(*sources, steps=before.steps + 1))


def _stored(home: Path) -> set[str]:
    """Return every file of the bucket, but for tombstones."""
    return {name for name in contents(home / "bucket") if not name.startswith("tombstones")}


def _needed(home: Path) -> set[str]:
    """Return every file that the traces name."""
    needed = {"bucket.json"}
    for trace, kept in kept_in(home).items():
        folder = f"traces/v1/{trace[:2]}/{trace}"
        needed |= {f"{folder}/{name}" for name in (*kept.envelope.files, "trace.json")}
        blobs = (kept.blob.blob for kept in kept.envelope.header.sources if kept.blob)
        needed |= {f"blobs/v1/{blob[:2]}/{blob}.zst" for blob in blobs}
    return needed


TestHomes = Homes.TestCase
TestHomes.settings = settings(max_examples=40, stateful_step_count=20)
