"""The bucket as a folder of files."""

from contextlib import closing
from pathlib import Path
from uuid import uuid4

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.deleting import Deleting
from opentraces.adapters.filesystem.durable import replace
from opentraces.adapters.filesystem.layout import BUCKET_FILE, FOREIGN
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.status import status_of
from opentraces.adapters.filesystem.tree import Tree
from opentraces.adapters.filesystem.verifying import Verifying
from opentraces.domain.audit import Audit, BucketStatus
from opentraces.domain.errors import ForeignBucket
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.clock import Clock


class FilesystemBucketKeeper(BucketKeeper):
    """See BucketKeeper. The bucket is `bucket` in the home, its index `index`."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._bucket = Tree(home / "bucket")
        self._clock = clock
        self._locks = Locks(home / "state")

    def prepare(self) -> None:
        """See BucketKeeper. Goes on with deletions that were interrupted."""
        self._refuse_foreign()
        bucket_file.refuse_later(self._bucket.root)
        if not self._is_described():
            with closing(self._locks.hold(Locks.BUCKET, wait=True)):
                if not self._is_described():
                    created_at = self._clock.now().isoformat(timespec="seconds")
                    said = bucket_file.encode(str(uuid4()), created_at)
                    replace(self._bucket.root, BUCKET_FILE, said)
        Deleting(self._bucket.root, self._locks).finish(wait=False)

    def identify(self) -> str | None:
        """See BucketKeeper."""
        self._refuse_foreign()
        bucket_file.refuse_later(self._bucket.root)
        return bucket_file.read_bucket_id(self._bucket.root) or None

    def verify(self, *, deep: bool) -> Audit:
        """See BucketKeeper."""
        return Verifying(self._bucket, Tree(self._home / "state"), deep=deep).audit()

    def status(self) -> BucketStatus:
        """See BucketKeeper."""
        return status_of(self._bucket, Tree(self._home / "index"))

    def _refuse_foreign(self) -> None:
        if self._bucket.size(FOREIGN) is not None:
            raise ForeignBucket(
                f"{self._bucket.root} holds the bucket of another program ({FOREIGN}); "
                "set OPENTRACES_HOME to another folder"
            )

    def _is_described(self) -> bool:
        return self._bucket.size(BUCKET_FILE) is not None
