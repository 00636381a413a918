"""Which bucket is ours."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.bucket_file import encode, read_bucket_id
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.sealed import sealed
from opentraces.adapters.memory.clock import FixedClock
from opentraces.domain.errors import Corrupt, ForeignBucket, NewerFormat
from tests.integration.adapters.filesystem.on_disk import OnDisk, contents, keeper_of

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def _prepare(home: str) -> None:
    keeper_of(Path(home)).prepare()


class TestPrepare(OnDisk):
    def test_a_bucket_says_what_it_is(self, place: Path, bucket: Path) -> None:
        assert read_bucket_id(bucket) == ""

        FilesystemBucketKeeper(place, FixedClock(NOON)).prepare()

        said = json.loads((bucket / "bucket.json").read_bytes())
        assert said["format"] == "opentraces.bucket/1"
        assert said["created_at"] == "2026-01-02T12:00:00+00:00"
        assert said["bucket_id"] == read_bucket_id(bucket)

    def test_another_programs_bucket_is_left_alone(
        self, bucket: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        bucket.mkdir(parents=True)
        (bucket / "manifest.json").write_text("{}")

        for look in (keeper.prepare, keeper.identify):
            with pytest.raises(ForeignBucket, match="OPENTRACES_HOME"):
                look()

        assert contents(bucket.parent) == {"bucket/manifest.json": b"{}"}

    def test_a_later_format_is_refused(self, bucket: Path, keeper: FilesystemBucketKeeper) -> None:
        bucket.mkdir(parents=True)
        later = sealed(b'{"format":"opentraces.bucket/2","what":1}')
        (bucket / "bucket.json").write_bytes(later)

        with pytest.raises(NewerFormat):
            keeper.prepare()
        with pytest.raises(NewerFormat):
            keeper.identify()
        assert read_bucket_id(bucket) == ""

        assert (bucket / "bucket.json").read_bytes() == later
        assert [problem.kind for problem in keeper.verify(deep=False).problems] == ["newer"]

    def test_a_damaged_description_is_refused(
        self, bucket: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        bucket.mkdir(parents=True)
        (bucket / "bucket.json").write_bytes(encode("id", "now").replace(b"id", b"di"))

        for look in (keeper.prepare, keeper.identify):
            with pytest.raises(Corrupt):
                look()
        assert [problem.kind for problem in keeper.verify(deep=False).problems] == ["damaged"]

    def test_processes_that_prepare_at_once_agree(self, place: Path, bucket: Path) -> None:
        context = multiprocessing.get_context("spawn")
        processes = [context.Process(target=_prepare, args=(str(place),)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()

        assert [process.exitcode for process in processes] == [0] * 4
        assert [path.name for path in bucket.iterdir()] == ["bucket.json"]
        read_bucket_id(bucket)
