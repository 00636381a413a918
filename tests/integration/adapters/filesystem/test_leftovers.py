"""What an interruption leaves behind, and what a hostile hand may have put there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, StorageUnavailable, TraceNotFound
from tests.contracts.samples import LINES, A, B, header, keep, source, step
from tests.integration.adapters.filesystem.on_disk import (
    OnDisk,
    contents,
    keeper_of,
    traces_of,
    writer_of,
)
from tests.integration.adapters.filesystem.test_format import folder_of


class TestLeftovers(OnDisk):
    def test_bytes_beyond_the_commit_are_cut_off(
        self,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
        keeper: FilesystemBucketKeeper,
    ) -> None:
        keeper.prepare()
        keep(writer, A, step(1))
        for name in ("source-0.zst", "steps.jsonl.gz", "sources.jsonl.gz"):
            with (folder_of(bucket) / name).open("ab") as file:
                file.write(b"half written" * 1000)
        (folder_of(bucket) / "source-1.zst").write_bytes(b"never committed")
        (folder_of(bucket) / "trace.json.tmp").write_bytes(b"never renamed")

        assert keeper.verify(deep=True).ok
        kept = keep(writer, A, step(2))

        assert keeper.verify(deep=True).ok
        assert list(traces.steps(kept, 1, None)) == [step(1), step(2)]
        for name, said in kept.files.items():
            assert (folder_of(bucket) / name).stat().st_size == said.length
        left = {path.name for path in folder_of(bucket).iterdir()}
        assert left == {*kept.files, "trace.json"}

    def test_a_trace_that_was_never_committed_is_not_seen(
        self,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
        keeper: FilesystemBucketKeeper,
    ) -> None:
        keeper.prepare()
        folder_of(bucket).mkdir(parents=True)
        (folder_of(bucket) / "source-0.zst").write_bytes(b"half written")
        (folder_of(bucket) / "steps.jsonl.gz").write_bytes(b"half written")

        assert list(traces.ids()) == []
        assert keeper.verify(deep=True).ok
        kept = keep(writer, A, step(1))

        assert b"".join(traces.source(kept, 0, 0)) == LINES
        assert keeper.verify(deep=True).ok

    def test_a_generation_that_outlived_its_steps_goes_with_the_next_commit(
        self, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        keep(writer, A, step(1))
        old = (folder_of(bucket) / "steps.jsonl.gz").read_bytes()
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_steps()
            edit.append_step(step(1, "new"))
            edit.commit(header(source(len(LINES)), steps=1))
        assert not (folder_of(bucket) / "steps.jsonl.gz").exists()
        (folder_of(bucket) / "steps.jsonl.gz").write_bytes(old)

        keep(writer, A, step(2))

        assert not (folder_of(bucket) / "steps.jsonl.gz").exists()

    @pytest.mark.parametrize("name", ["source-0.zst", "steps.jsonl.gz", "sources.jsonl.gz"])
    @pytest.mark.parametrize("damage", ["missing", "short"])
    def test_a_file_that_lost_bytes_is_never_written_to(
        self, bucket: Path, writer: FilesystemTraceWriter, name: str, damage: str
    ) -> None:
        keep(writer, A, step(1))
        keep(writer, B, step(1))
        path = folder_of(bucket) / name
        if damage == "missing":
            path.unlink()
        else:
            os.truncate(path, path.stat().st_size - 1)
        before = contents(bucket)

        with writer.batch() as batch:
            with pytest.raises(Corrupt, match=name):
                batch.edit(A, wait=True)
            batch.edit(B, wait=True)

        assert contents(bucket) == before

    @pytest.mark.parametrize("name", ["source-0.zst", "steps.jsonl.gz"])
    def test_readers_name_the_file_that_is_damaged(
        self,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
        texts: FilesystemStepTexts,
        name: str,
    ) -> None:
        kept = keep(writer, A, step(1))
        path = folder_of(bucket) / name
        whole = path.read_bytes()
        for damaged in (None, whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1])):
            path.unlink()
            if damaged is not None:
                path.write_bytes(damaged)

            with pytest.raises(Corrupt, match=f"{A}/{name}"):
                list(traces.steps(kept, 1, None)) + list(traces.source(kept, 0, 0))
            if name == "steps.jsonl.gz":
                with pytest.raises(Corrupt, match=f"{A}/{name}"):
                    texts.texts(A, 1)
            path.write_bytes(whole)

    def test_a_damaged_envelope_is_reported_and_can_be_deleted(
        self,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
        texts: FilesystemStepTexts,
    ) -> None:
        keep(writer, A, step(1))
        path = folder_of(bucket) / "trace.json"
        path.write_bytes(path.read_bytes().replace(b"work", b"worm"))

        for look in (traces.envelope, texts.brief):
            with pytest.raises(Corrupt, match=A):
                look(A)
        with pytest.raises(Corrupt, match=A):
            keep(writer, A)
        writer.delete(A)

        assert list(traces.ids()) == []
        assert writer.is_deleted(A)


class TestHostileNames(OnDisk):
    def test_a_folder_behind_a_link_is_not_there(
        self,
        tmp_path: Path,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
    ) -> None:
        keep(writer, A, step(1))
        elsewhere = tmp_path / "elsewhere"
        folder_of(bucket).rename(elsewhere)
        folder_of(bucket).symlink_to(elsewhere)
        before = contents(elsewhere)

        assert list(traces.ids()) == []
        with pytest.raises(TraceNotFound):
            traces.envelope(A)
        with pytest.raises(StorageUnavailable):
            keep(writer, A)
        assert contents(elsewhere) == before

    @pytest.mark.parametrize("name", ["trace.json", "source-0.zst", "steps.jsonl.gz"])
    def test_a_file_behind_a_link_is_damage(
        self,
        tmp_path: Path,
        bucket: Path,
        writer: FilesystemTraceWriter,
        traces: FilesystemTraceStore,
        keeper: FilesystemBucketKeeper,
        name: str,
    ) -> None:
        keeper.prepare()
        kept = keep(writer, A, step(1))
        secret = tmp_path / "secret"
        path = folder_of(bucket) / name
        path.rename(secret)
        path.symlink_to(secret)
        before = secret.read_bytes()

        with pytest.raises(Corrupt):
            keep(writer, A, step(2))
        with pytest.raises((Corrupt, TraceNotFound)):
            _read(traces, kept)
        assert not keeper.verify(deep=False).ok
        assert secret.read_bytes() == before

    def test_a_link_where_a_new_file_goes_is_replaced(
        self, tmp_path: Path, bucket: Path, writer: FilesystemTraceWriter
    ) -> None:
        victim = tmp_path / "victim"
        victim.write_bytes(b"precious")
        folder_of(bucket).mkdir(parents=True)
        for name in ("source-0.zst", "steps.jsonl.gz", "sources.jsonl.gz", "trace.json.tmp"):
            (folder_of(bucket) / name).symlink_to(victim)

        keep(writer, A, step(1))

        assert victim.read_bytes() == b"precious"
        assert not any(path.is_symlink() for path in folder_of(bucket).iterdir())

    def test_a_fifo_does_not_hang_a_reader(
        self, bucket: Path, writer: FilesystemTraceWriter, traces: FilesystemTraceStore
    ) -> None:
        kept = keep(writer, A, step(1))
        (folder_of(bucket) / "source-0.zst").unlink()
        os.mkfifo(folder_of(bucket) / "source-0.zst")

        with pytest.raises(Corrupt):
            list(traces.source(kept, 0, 0))


def _read(traces: FilesystemTraceStore, kept: Envelope) -> None:
    for _ in (*traces.steps(traces.envelope(A), 1, None), *traces.source(kept, 0, 0)):
        pass


class TestInterruptedDelete(OnDisk):
    @pytest.mark.parametrize("finisher", ["prepare", "delete"])
    @pytest.mark.parametrize("call", ["rename", "unlink", "rmdir"])
    def test_it_is_finished_by_whoever_comes_next(
        self, place: Path, monkeypatch: pytest.MonkeyPatch, call: str, finisher: str
    ) -> None:
        keeper, writer, traces = keeper_of(place), writer_of(place), traces_of(place)
        keeper.prepare()
        keep(writer, A, step(1, "a secret"))
        keep(writer, B, step(1))
        (place / "state" / "dirty" / A).unlink()
        with monkeypatch.context() as broken:
            broken.setattr(os, call, _refusing(getattr(os, call)))
            with pytest.raises(StorageUnavailable):
                writer.delete(A)
        assert list(traces.ids()) == [B]
        assert writer.is_deleted(A)
        assert (place / "state" / "dirty" / A).exists()
        assert keeper.verify(deep=True).ok

        if finisher == "prepare":
            keeper.prepare()
        else:
            with pytest.raises(TraceNotFound):
                writer.delete(A)

        left = [path for path in (place / "bucket").rglob("*") if A in str(path)]
        assert left == [place / "bucket" / "tombstones" / "v1" / A[:2] / f"{A}.json"]
        assert keeper.verify(deep=True).ok


def _refusing(real: Callable[..., object]) -> Callable[..., object]:
    """Refuse what removes; a temporary file may still be renamed."""

    def call(*args: object, **kwargs: object) -> object:
        if str(args[0]).endswith(".tmp"):
            return real(*args, **kwargs)
        raise OSError(5, "broken")

    return call
