import pytest

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.application.diagnosing.bucket import BucketChecker
from opentraces.domain.errors import ForeignBucket
from opentraces.domain.health import Check, Level
from tests.memory_world import MemoryWorld
from tests.transcript_lines import answered, typed


class ForeignKeeper(MemoryBucketKeeper):
    """That of a folder which another program uses."""

    def identify(self) -> str | None:
        raise ForeignBucket("another program's")


def test_where_nothing_is_kept_an_import_is_the_next_step() -> None:
    checker = BucketChecker(MemoryBucketKeeper(MemoryBucket()))

    assert list(checker.checks()) == [
        Check("bucket", Level.WARN, "nothing is kept yet", "opentraces import --all")
    ]


def test_a_bucket_is_told_with_what_it_holds() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0) + answered("Done", at=5)})
    world.run()

    (check,) = BucketChecker(MemoryBucketKeeper(world.bucket)).checks()

    assert check.level is Level.OK
    assert check.text.startswith("format 1, 1 trace, ")
    assert check.text.endswith(" kB")


def test_what_is_no_bucket_of_ours_is_an_error() -> None:
    with pytest.raises(ForeignBucket):
        list(BucketChecker(ForeignKeeper(MemoryBucket())).checks())


def test_a_bucket_is_never_mended() -> None:
    assert list(BucketChecker(MemoryBucketKeeper(MemoryBucket())).mend()) == []
