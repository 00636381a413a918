"""What the files of a bucket look like, and what may lie beside them."""

import gzip
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.ids import digest
from tests.checked import checked
from tests.contracts.samples import LINES, A, B, header, keep, source, step
from tests.integration.adapters.filesystem.on_disk import OnDisk, contents

MIB = 1024 * 1024


def folder_of(bucket: Path, trace: str = A) -> Path:
    return bucket / "traces" / "v1" / trace[:2] / trace


@pytest.fixture(params=[0, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


class TestFiles(OnDisk):
    @pytest.mark.usefixtures("umask")
    def test_nobody_else_can_read_it(
        self,
        place: Path,
        keeper: FilesystemBucketKeeper,
        writer: FilesystemTraceWriter,
        blobs: FilesystemBlobStore,
    ) -> None:
        keeper.prepare()
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        blobs.put([b"blob"])
        writer.delete(B)

        for path in (place, *(place / "bucket").rglob("*"), *(place / "state" / "locks").iterdir()):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path

    def test_a_trace_is_a_folder_of_few_files(
        self, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        kept = keep(writer, A, step(1))

        names = {path.name for path in folder_of(bucket).iterdir()}
        assert names == {"trace.json", "source-0.zst", "steps.jsonl.gz", "sources.jsonl.gz"}
        assert set(kept.files) == names - {"trace.json"}

    def test_companions_are_read_by_anybodys_tools(
        self, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        steps = [step(n, "words " * 100) for n in range(1, 200)]
        keep(writer, A, *steps[:100])
        keep(writer, A, *steps[100:])

        lines = gzip.decompress((folder_of(bucket) / "steps.jsonl.gz").read_bytes())
        assert lines == b"".join(kept.line() for kept in steps)
        stored = (folder_of(bucket) / "source-0.zst").read_bytes()
        reader = zstandard.ZstdDecompressor().stream_reader(stored, read_across_frames=True)
        assert reader.read() == LINES * 2

    def test_the_envelope_ends_with_the_digest_of_what_is_before(
        self, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        kept = keep(writer, A, step(1))

        stored = (folder_of(bucket) / "trace.json").read_bytes()
        head, _, _ = stored.rpartition(b',"digest":"')
        said = json.loads(stored)
        assert list(said) == ["format", "trace_id", "commit", "header", "files", "digest"]
        assert said["digest"] == digest(head)
        (member,) = kept.files["steps.jsonl.gz"].members
        assert said["files"]["steps.jsonl.gz"]["members"] == [list(member.as_json().values())]

    def test_members_are_small_and_of_whole_lines(
        self, bucket: Path, writer: FilesystemTraceWriter, traces: FilesystemTraceStore
    ) -> None:
        texts = ["short"] * 500 + ["long " * 20_000] + ["short"] * 500
        kept = keep(writer, A, *(step(n, text) for n, text in enumerate(texts, 1)))

        members = kept.files["steps.jsonl.gz"].members
        assert sum(member.plain > 36 * 1024 for member in members) == 1
        assert [member.first for member in members] == [
            1,
            *(member.last + 1 for member in members[:-1]),
        ]
        stored = (folder_of(bucket) / "steps.jsonl.gz").read_bytes()
        for member in members:
            run, stored = stored[: member.stored], stored[member.stored :]
            assert gzip.decompress(run).endswith(b"\n")
            assert digest(run) == member.digest

    @pytest.mark.parametrize("piece", [1000, MIB, 5 * MIB])
    def test_frames_are_cut_at_line_ends_where_there_is_one(
        self, writer: FilesystemTraceWriter, piece: int
    ) -> None:
        line = b"x" * 9999 + b"\n"
        data = line * 150 + b"y" * (3 * MIB) + b"\n" + line * 150

        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            for offset in range(0, len(data), piece):
                edit.append_source(0, data[offset : offset + piece])
            edit.commit(header(source(len(data))))

        kept = edit.committed
        sizes = [member.plain for member in kept.source_members(0)]
        assert sum(sizes) == len(data)
        assert max(sizes) <= MIB
        assert len(sizes) <= 8
        assert sizes[0] % 10_000 == 0

    def test_every_source_that_changed_is_listed(
        self, bucket: Path, writer: FilesystemTraceWriter, blobs: FilesystemBlobStore
    ) -> None:
        with writer.batch() as batch:
            blob = blobs.put([b"spilled"])
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.commit(header(source(len(LINES)), source(7, "out.txt", blob)))
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.commit(header(source(2 * len(LINES)), source(7, "out.txt", blob)))

        lines = gzip.decompress((folder_of(bucket) / "sources.jsonl.gz").read_bytes())
        rows = [json.loads(line) for line in lines.splitlines()]
        assert [(row["kind"], row["size"]) for row in rows] == [
            ("transcript", len(LINES)),
            ("output", 7),
            ("transcript", 2 * len(LINES)),
        ]
        assert rows[0]["path"] == "/home/u/a.jsonl"
        assert rows[0]["file"] == "source-0.zst"
        assert rows[1]["sha256"] == blob.blob
        assert (bucket / rows[1]["file"]).is_file()

    def test_an_edit_that_changes_nothing_touches_nothing(
        self, place: Path, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        kept = keep(writer, A, step(1))
        before = contents(bucket)
        envelope = (folder_of(bucket) / "trace.json").stat()

        with writer.batch() as batch:
            batch.edit(A, wait=True).commit(checked(Envelope, kept.as_json()).header)

        assert contents(bucket) == before
        assert (folder_of(bucket) / "trace.json").stat() == envelope

    def test_native_values_of_any_size_come_back(
        self, writer: FilesystemTraceWriter, traces: FilesystemTraceStore
    ) -> None:
        from_source = source(0).as_json() | {"facts": {"native": {"big": 10**40, "x": "\0"}}}
        said = header().but(sources=(checked(KeptSource, from_source),))

        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.commit(said)

        assert traces.envelope(A) == edit.committed


class TestStart:
    def test_a_search_imports_no_models(self) -> None:
        loaded = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, opentraces.adapters.filesystem.texts; print(*sys.modules)",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()

        assert "opentraces.adapters.filesystem.texts" in loaded
        heavy = {"pydantic", "zstandard", "isal", "concurrent", "ctypes", "asyncio", "threading"}
        assert heavy & set(loaded) == set()
