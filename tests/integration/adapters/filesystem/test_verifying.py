"""Every flipped bit of a bucket is found, and stays in its trace."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.envelope_file import encode
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.audit import Problem
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import OpentracesError
from opentraces.domain.ids import TraceId
from tests.contracts.samples import LINES, A, B, header, keep, named, source, step
from tests.integration.adapters.filesystem.on_disk import OnDisk
from tests.integration.adapters.filesystem.test_format import folder_of


@pytest.fixture
def small(
    keeper: FilesystemBucketKeeper, writer: FilesystemTraceWriter, blobs: FilesystemBlobStore
) -> None:
    """Two traces, a blob, and a tombstone."""
    keeper.prepare()
    keep(writer, A, step(1))
    with writer.batch() as batch:
        blob = blobs.put([b"spilled"])
        edit = batch.edit(B, wait=True)
        edit.append_source(0, LINES)
        edit.commit(header(source(len(LINES)), source(7, "out.txt", blob)))
    keep(writer, named("gone"))
    writer.delete(named("gone"))


def is_whole(traces: FilesystemTraceStore, trace: TraceId) -> bool:
    kept = traces.envelope(trace)
    steps = len(list(traces.steps(kept, 1, None)))
    return steps == kept.header.steps and b"".join(traces.source(kept, 0, 0)) == LINES


def test_a_bucket_whose_making_was_interrupted_is_no_damage(
    home: Path,
) -> None:
    place = home / ".opentraces" / "bucket"
    place.mkdir(parents=True)
    (place / "bucket.json.tmp").write_bytes(b"{")

    assert FilesystemBucketKeeper(place.parent, SystemClock()).verify(deep=True).problems == ()


@pytest.mark.usefixtures("small")
class TestFlippedBits(OnDisk):
    def test_each_one_is_found_and_contained(
        self, bucket: Path, keeper: FilesystemBucketKeeper, traces: FilesystemTraceStore
    ) -> None:
        assert keeper.verify(deep=True).problems == ()
        stride = 1 if os.environ.get("CI") else 7
        flipped = 0
        for path in sorted(path for path in bucket.rglob("*") if path.is_file()):
            whole = path.read_bytes()
            other = B if A in str(path) else A
            for bit in range(0, len(whole) * 8, stride):
                damaged = bytearray(whole)
                damaged[bit // 8] ^= 1 << bit % 8
                path.write_bytes(damaged)
                problems = keeper.verify(deep=False).problems
                where = (path.name, bit)
                assert problems, where
                assert {problem.path for problem in problems} <= {str(path.relative_to(bucket))}, (
                    where
                )
                flipped += 1
            assert is_whole(traces, other)
            path.write_bytes(whole)
        assert flipped > 1000
        assert keeper.verify(deep=True).problems == ()


@pytest.mark.usefixtures("small")
class TestProblems(OnDisk):
    def test_what_is_missing_short_or_unexpected_is_named(
        self, bucket: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        (folder_of(bucket, A) / "source-0.zst").unlink()
        os.truncate(folder_of(bucket, A) / "steps.jsonl.gz", 10)
        (folder_of(bucket, B) / "notes.txt").write_text("?")
        (bucket / "traces" / "v1" / "notes.txt").write_text("?")
        (bucket / "stray").write_text("?")
        blob = next(path for path in (bucket / "blobs" / "v1").rglob("*.zst"))
        blob.unlink()

        said = {(each.kind, each.path, each.trace) for each in keeper.verify(deep=True).problems}

        a, b = f"traces/v1/{A[:2]}/{A}", f"traces/v1/{B[:2]}/{B}"
        assert said == {
            ("missing", f"{a}/source-0.zst", A),
            ("short", f"{a}/steps.jsonl.gz", A),
            ("damaged", f"{a}/steps.jsonl.gz", A),
            ("unexpected", f"{b}/notes.txt", B),
            ("unexpected", "traces/v1/notes.txt", None),
            ("unexpected", "stray", None),
            ("missing", str(blob.relative_to(bucket)), B),
        }

    def test_a_lost_description_is_missed(
        self, bucket: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        (bucket / "bucket.json").unlink()

        assert keeper.verify(deep=False).problems == (Problem("missing", "bucket.json", None),)

    def test_a_blob_nobody_names_is_compared_with_its_name(
        self, bucket: Path, keeper: FilesystemBucketKeeper, blobs: FilesystemBlobStore
    ) -> None:
        blob = blobs.put([b"nobody names me"]).blob
        path = bucket / "blobs" / "v1" / blob[:2] / f"{blob}.zst"
        path.write_bytes(path.read_bytes().replace(b"nobody", b"noboby"))

        (problem,) = keeper.verify(deep=False).problems

        assert problem == Problem("damaged", str(path.relative_to(bucket)), None)

    def test_a_later_releases_trace_is_newer(
        self, bucket: Path, keeper: FilesystemBucketKeeper, traces: FilesystemTraceStore
    ) -> None:
        later = traces.envelope(A).but(format="opentraces.trace/2")
        (folder_of(bucket, A) / "trace.json").write_bytes(encode(later))

        assert [problem.kind for problem in keeper.verify(deep=False).problems] == ["newer"]
        assert keeper.status().traces == 1

    def test_an_envelope_under_another_name_is_damage(
        self, bucket: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        stored = (folder_of(bucket, A) / "trace.json").read_bytes()
        (folder_of(bucket, B) / "trace.json").write_bytes(stored)

        assert ("damaged", B) in {
            (problem.kind, problem.trace) for problem in keeper.verify(deep=False).problems
        }

    @pytest.mark.parametrize("wrong", ["steps", "size", "content"])
    def test_a_deep_look_compares_what_the_envelope_says_of_the_whole(
        self,
        bucket: Path,
        keeper: FilesystemBucketKeeper,
        traces: FilesystemTraceStore,
        wrong: str,
    ) -> None:
        kept = traces.envelope(A)
        (folder_of(bucket, A) / "trace.json").write_bytes(encode(_wrong(kept, wrong)))

        assert keeper.verify(deep=False).ok
        problems = keeper.verify(deep=True).problems
        assert {(problem.kind, problem.trace) for problem in problems} == {("damaged", A)}

    def test_a_source_that_cannot_be_read_is_unreadable(
        self, bucket: Path, keeper: FilesystemBucketKeeper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = os.pread

        def refuse(descriptor: int, length: int, offset: int) -> bytes:
            if Path(f"/proc/self/fd/{descriptor}").readlink().name == "steps.jsonl.gz":
                raise OSError(5, "broken")
            return read(descriptor, length, offset)

        monkeypatch.setattr(os, "pread", refuse)

        (problem,) = keeper.verify(deep=False).problems
        assert (problem.kind, problem.trace) == ("unreadable", A)
        with pytest.raises(OpentracesError):
            list(FilesystemTraceStore(bucket).steps(FilesystemTraceStore(bucket).envelope(A), 1, 1))


def _wrong(kept: Envelope, what: str) -> Envelope:
    if what == "steps":
        return kept.but(header=kept.header.but(steps=2))
    if what == "size":
        wrong = kept.header.but(sources=(source(len(LINES) + 1),))
        return kept.but(header=wrong)
    file = kept.files["source-0.zst"]
    member = file.members[0].but(content="0" * 16)
    return kept.but(files=kept.files | {"source-0.zst": file.but(members=(member,))})
