"""What lies in a home: what goes, and what never does."""

import os
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.collecting import FilesystemGarbageCollector
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.layout import blob_file, trace_folder
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.audit import Problem
from opentraces.domain.envelope import BlobRef
from opentraces.domain.errors import NewerFormat, StorageUnavailable
from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from tests.contracts.garbage import LATEST, NOW, OLD, YOUNG, GarbageCollectorContract, Litter
from tests.contracts.samples import LINES, NOBODY, A, B, header, keep, source, step
from tests.integration.adapters.filesystem.later import (
    add_file,
    make_bucket_later,
    make_trace_later,
    rewrite,
)
from tests.integration.adapters.filesystem.litter import (
    KINDS,
    age,
    leave,
    lone_blob,
    progress_of,
    put,
)
from tests.integration.adapters.filesystem.on_disk import OnDisk, contents
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.adapters.filesystem.test_leftovers import _refusing as refusing

NOTHING = Heap(0, 0)


class Kept(OnDisk):
    """A home in which A and B are kept, B with a blob; all of it is old."""

    @pytest.fixture
    def spilled(self, blobs: FilesystemBlobStore) -> BlobRef:
        return blobs.put([b"spilled"])

    @pytest.fixture
    def collector(
        self,
        place: Path,
        keeper: FilesystemBucketKeeper,
        writer: FilesystemTraceWriter,
        spilled: BlobRef,
    ) -> FilesystemGarbageCollector:
        keeper.prepare()
        keep(writer, A, step(1))
        with writer.batch() as batch:
            edit = batch.edit(B, wait=True)
            edit.append_source(0, LINES)
            edit.append_step(step(1))
            edit.commit(header(source(len(LINES)), source(7, "o", spilled), steps=1))
        put(progress_of(place, A), OLD)
        put(progress_of(place, B), OLD)
        for path in (*place.rglob("*"), place):
            age(path, OLD)
        return FilesystemGarbageCollector(place)


class TestFilesystemGarbageCollector(Kept, GarbageCollectorContract):
    @pytest.fixture
    def kinds(self) -> tuple[GarbageKind, ...]:
        return KINDS

    @pytest.fixture
    def litter(self, place: Path) -> Litter:
        return partial(leave, place)


class TestGarbage(Kept):
    def test_a_kept_trace_is_as_it_was(
        self,
        place: Path,
        bucket: Path,
        collector: FilesystemGarbageCollector,
        keeper: FilesystemBucketKeeper,
    ) -> None:
        before = contents(place)
        for kind in KINDS:
            leave(place, kind, OLD)

        collector.collect(NOW, remove=True)

        after = contents(place)
        assert {name: after[name] for name in before} == before
        assert {name.partition("/")[0] for name in after.keys() - before} <= {"state"}
        assert keeper.verify(deep=True).ok

    def test_a_look_makes_no_file_and_takes_no_lock(
        self, place: Path, collector: FilesystemGarbageCollector
    ) -> None:
        for kind in KINDS:
            leave(place, kind, OLD)
        before = stamps(place)
        with (
            closing(Locks(place / "state").hold(Locks.BLOBS, wait=True)),
            closing(Locks(place / "state").hold(A, wait=True)),
        ):
            found = collector.collect(NOW, remove=False)

        assert found.total.number == len(KINDS)
        assert stamps(place) == before

    @pytest.mark.parametrize(
        "name",
        [
            "projects.json.tmp",
            "bucket/bucket.json.tmp",
            "bucket/blobs/v1/0123456789abcdef.tmp",
            f"bucket/tombstones/v1/{A[:2]}/{A}.json.tmp",
            "state/cursors.tmp",
            "state/uses.tmp",
            "state/enrolled/.claude-code.tmp",
            f"state/progress/{A[:2]}/{A}.tmp",
        ],
    )
    def test_a_file_that_was_never_renamed_goes_unless_it_may_be_soon(
        self, place: Path, collector: FilesystemGarbageCollector, name: str
    ) -> None:
        put(place / name, OLD)
        held = [Locks.BLOBS, Locks.BUCKET, "projects.json", "cursors", "uses", "progress", A]
        locks = [Locks(place / "state").hold(lock, wait=True) for lock in held]
        assert collector.collect(LATEST, remove=True).total == NOTHING
        for lock in locks:
            lock.close()

        assert collector.collect(LATEST, remove=True) == Garbage(
            {GarbageKind.TEMPORARY: Heap(1, 5)}
        )
        assert not (place / name).exists()

    @pytest.mark.parametrize("name", ["steps.1.jsonl.gz", "source-9.zst", "trace.json.tmp"])
    def test_a_trace_that_is_written_to_is_left_alone(
        self, place: Path, bucket: Path, collector: FilesystemGarbageCollector, name: str
    ) -> None:
        put(folder_of(bucket) / name, OLD)
        put(bucket / trace_folder(NOBODY) / name, OLD)
        age(bucket / trace_folder(NOBODY), OLD)
        locks = Locks(place / "state")
        with closing(locks.hold(A, wait=True)), closing(locks.hold(NOBODY, wait=True)):
            found = collector.collect(LATEST, remove=True)

        assert GarbageKind.LEFTOVERS not in found.heaps
        assert GarbageKind.FOLDERS not in found.heaps
        assert (folder_of(bucket) / name).exists()
        assert (bucket / trace_folder(NOBODY) / name).exists()

    def test_a_folder_with_one_young_file_stays_whole(
        self, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        folder = bucket / trace_folder(NOBODY)
        put(folder / "source-0.zst", OLD)
        put(folder / "steps.jsonl.gz", YOUNG)
        age(folder, OLD)

        assert collector.collect(LATEST, remove=True).total == NOTHING
        assert len(list(folder.iterdir())) == 2

    def test_an_empty_folder_goes_once_it_is_old(
        self, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        folder = bucket / trace_folder(NOBODY)
        folder.mkdir(parents=True)
        age(folder, YOUNG)

        assert collector.collect(LATEST, remove=True).total == NOTHING
        assert collector.collect(YOUNG, remove=True).total == Heap(1, 0)
        assert not folder.exists()

    def test_what_we_do_not_know_stays(
        self, place: Path, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        for name in (
            "mine.txt",
            "bucket/mine.txt",
            "bucket/blobs/v1/ab/mine.zst",
            f"bucket/blobs/v1/ab/{'cd' * 32}.zst",
            "bucket/blobs/v1/mine.tmp",
            "bucket/traces/v1/mine.txt",
            f"bucket/traces/v1/{A[:2]}/mine.txt",
            f"bucket/{trace_folder(A)}/mine.txt",
            f"bucket/{trace_folder(NOBODY)}/mine.txt",
            f"bucket/{trace_folder(NOBODY)}/steps.jsonl.gz",
            "bucket/trash/mine/mine.txt",
            "bucket/quarantine/mine.txt",
            "spool/claude-code/mine.jsonl",
            "state/mine",
            "state/mine.tmp",
            f"state/locks/{NOBODY}",
            "state/progress/ab/mine",
            f"state/progress/ab/cd{NOBODY[2:]}",
        ):
            put(place / name, OLD)
        for path in place.rglob("*"):
            age(path, OLD)
        before = contents(place)

        assert collector.collect(NOW, remove=True) == Garbage()
        assert before.items() <= contents(place).items()

    def test_no_link_is_followed(
        self, tmp_path: Path, place: Path, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        put(elsewhere / "source-0.zst", OLD)
        put(elsewhere / "0123456789abcdef.tmp", OLD)
        put(elsewhere / NOBODY, OLD)
        (bucket / trace_folder(NOBODY)).parent.mkdir(exist_ok=True)
        (bucket / "trash").symlink_to(elsewhere)
        (place / "state" / "progress" / "zz").symlink_to(elsewhere)
        (folder_of(bucket) / "source-9.zst").symlink_to(elsewhere / "source-0.zst")

        assert collector.collect(NOW, remove=True).total == NOTHING
        assert len(list(elsewhere.iterdir())) == 3

    def test_the_progress_of_a_deleted_trace_goes(
        self, place: Path, collector: FilesystemGarbageCollector, writer: FilesystemTraceWriter
    ) -> None:
        writer.delete(A)

        assert collector.collect(LATEST, remove=True).heaps[GarbageKind.PROGRESS] == Heap(1, 5)
        assert not progress_of(place, A).exists()
        assert progress_of(place, B).exists()

    def test_a_bucket_of_a_later_release_is_not_touched(
        self, place: Path, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        leave(place, GarbageKind.LEFTOVERS, OLD)
        make_bucket_later(bucket)
        before = contents(bucket)

        with pytest.raises(NewerFormat):
            collector.collect(NOW, remove=True)
        assert contents(bucket) == before


def _damage(bucket: Path) -> None:
    path = folder_of(bucket) / "trace.json"
    path.write_bytes(path.read_bytes().replace(b"work", b"worm"))


def _remove_envelope(bucket: Path) -> None:
    (folder_of(bucket) / "trace.json").unlink()


def _remove_list(bucket: Path) -> None:
    _remove_envelope(bucket)
    (folder_of(bucket) / "sources.jsonl.gz").unlink()


def _remove_progress(bucket: Path) -> None:
    _remove_envelope(bucket)
    progress_of(bucket.parent, A).unlink()


def _make_later(bucket: Path) -> None:
    make_trace_later(folder_of(bucket))


def _add_key(bucket: Path) -> None:
    rewrite(folder_of(bucket) / "trace.json", lambda said: said.update(mood="good"))


def _add_companion(bucket: Path) -> None:
    add_file(folder_of(bucket), "views.jsonl.gz", b"{}\n")


def _make_anothers(bucket: Path) -> None:
    rewrite(folder_of(bucket) / "trace.json", lambda said: said.update(trace_id=B))


def _close(bucket: Path) -> None:
    (folder_of(bucket) / "trace.json").unlink()
    (folder_of(bucket) / "trace.json").symlink_to(folder_of(bucket, B) / "trace.json")


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    "damaged": (_damage, "damaged"),
    "lost": (_remove_envelope, "missing"),
    "lost with its list of sources": (_remove_list, "missing"),
    "lost with its progress": (_remove_progress, "missing"),
    "of a later format": (_make_later, "newer"),
    "with a key that is not known": (_add_key, "newer"),
    "with a file that is not known": (_add_companion, "newer"),
    "of another trace": (_make_anothers, "damaged"),
    "behind a link": (_close, "damaged"),
}


class TestUnreadable(Kept):
    """Of what cannot be asked what it needs, all stays, and all that it may need."""

    @pytest.fixture(params=HARM)
    def harm(self, request: pytest.FixtureRequest, collector: object, bucket: Path) -> str:
        """Harm A; returns what it is called."""
        do, kind = HARM[request.param]
        do(bucket)
        return kind

    def test_it_is_named_and_no_blob_goes(
        self, place: Path, collector: FilesystemGarbageCollector, harm: str
    ) -> None:
        blob = lone_blob(place, OLD)

        for remove in (False, True):
            found = collector.collect(LATEST, remove=remove)
            assert found.total == NOTHING
            assert found.problems == (Problem(harm, f"{trace_folder(A)}/trace.json", A),)
        assert blob.exists()

    def test_nothing_of_it_goes(
        self, place: Path, bucket: Path, collector: FilesystemGarbageCollector, harm: str
    ) -> None:
        for name in ("source-9.zst", "steps.7.jsonl.gz", "trace.json.tmp"):
            put(folder_of(bucket) / name, OLD)
        age(folder_of(bucket), OLD)
        before = contents(place)

        collector.collect(NOW, remove=True)

        assert before.items() <= contents(place).items()

    def test_what_is_left_beside_other_traces_goes_all_the_same(
        self, bucket: Path, collector: FilesystemGarbageCollector, harm: str
    ) -> None:
        put(folder_of(bucket, B) / "source-9.zst", OLD)

        assert collector.collect(LATEST, remove=True).total == Heap(1, 5)

    def test_an_interrupted_deletion_is_not_finished(
        self, bucket: Path, collector: FilesystemGarbageCollector, harm: str
    ) -> None:
        (bucket / "trash").mkdir()
        folder_of(bucket, B).rename(bucket / "trash" / B)

        assert GarbageKind.DELETED not in collector.collect(NOW, remove=True).heaps
        assert (bucket / "trash" / B / "trace.json").exists()


class TestStrangers(Kept):
    @pytest.mark.parametrize(
        "name",
        [
            "traces/v1/copy",
            "traces/v1/trace.json",
            f"traces/v1/{A[:2]}/copy",
            f"traces/v1/{A[:2]}/trace.json",
            f"traces/v1/{A[:2]}/{NOBODY}",
        ],
    )
    @pytest.mark.parametrize("is_link", [False, True])
    def test_where_a_trace_may_be_under_another_name_no_blob_goes(
        self,
        place: Path,
        bucket: Path,
        collector: FilesystemGarbageCollector,
        name: str,
        is_link: bool,
    ) -> None:
        moved = folder_of(bucket, B)
        moved = moved / "trace.json" if name.endswith(".json") else moved
        if is_link:
            (bucket / name).symlink_to(moved)
        else:
            moved.rename(bucket / name)
        blob = lone_blob(place, OLD)

        found = collector.collect(LATEST, remove=True)

        assert Problem("unexpected", name, None) in found.problems
        assert GarbageKind.BLOBS not in found.heaps
        assert blob.exists()

    def test_where_no_trace_is_at_all_no_blob_goes(
        self, place: Path, bucket: Path, collector: FilesystemGarbageCollector
    ) -> None:
        (bucket / "traces").rename(place / "not mounted")
        (bucket / "traces").mkdir()

        for remove in (False, True):
            found = collector.collect(NOW, remove=remove)
            assert found.problems == (Problem("missing", "traces/v1", None),)
            assert GarbageKind.BLOBS not in found.heaps
        assert len(list((bucket / "blobs").rglob("*.zst"))) == 1

    def test_what_a_trace_in_quarantine_names_stays(
        self, place: Path, bucket: Path, spilled: BlobRef, collector: FilesystemGarbageCollector
    ) -> None:
        (bucket / "quarantine").mkdir()
        folder_of(bucket, B).rename(bucket / "quarantine" / B)
        blob = lone_blob(place, OLD)

        found = collector.collect(LATEST, remove=True)

        assert found.problems == ()
        assert found.heaps[GarbageKind.BLOBS].number == 1
        assert not blob.exists()
        assert (bucket / blob_file(spilled.blob)).exists()

    def test_what_can_be_made_out_in_a_damaged_envelope_in_quarantine_stays(
        self, place: Path, bucket: Path, spilled: BlobRef, collector: FilesystemGarbageCollector
    ) -> None:
        envelope = folder_of(bucket, B) / "trace.json"
        put(bucket / "quarantine" / B / "trace.json.0", OLD, envelope.read_bytes()[5:])
        envelope.unlink()
        for path in (*folder_of(bucket, B).iterdir(), progress_of(place, B)):
            path.unlink()
        age(folder_of(bucket, B), OLD)

        found = collector.collect(LATEST, remove=True)

        assert found == Garbage({GarbageKind.FOLDERS: Heap(1, 0)})
        assert (bucket / blob_file(spilled.blob)).exists()


class TestDeletions(Kept):
    """What a deletion left goes at any age, with the blobs that nothing else needs."""

    @pytest.mark.parametrize("call", ["rename", "unlink", "rmdir"])
    def test_it_is_finished(
        self,
        bucket: Path,
        monkeypatch: pytest.MonkeyPatch,
        collector: FilesystemGarbageCollector,
        keeper: FilesystemBucketKeeper,
        writer: FilesystemTraceWriter,
        call: str,
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(os, call, refusing(getattr(os, call)))
            with pytest.raises(StorageUnavailable):
                writer.delete(B)
        before = contents(bucket)

        looked = collector.collect(OLD, remove=False)
        assert contents(bucket) == before
        assert looked.heaps[GarbageKind.DELETED].number == 1
        found = collector.collect(OLD, remove=True)

        assert found == looked
        assert not any(B in name for name in contents(bucket) if "tombstones" not in name)
        assert not list((bucket / "blobs").rglob("*.zst"))
        assert keeper.verify(deep=True).ok
        assert collector.collect(OLD, remove=True).total == NOTHING


def stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what changes when a file or folder is written to."""
    found = {str(path): path.stat() for path in folder.rglob("*")}
    return {name: (each.st_ino, each.st_mtime_ns, each.st_size) for name, each in found.items()}
