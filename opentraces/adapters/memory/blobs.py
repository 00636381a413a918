"""Whole files in a dict."""

from collections.abc import Iterable, Iterator

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.domain.envelope import BlobRef
from opentraces.domain.errors import BlobNotFound, Corrupt
from opentraces.domain.ids import BlobId, blob_id, digest
from opentraces.ports.blobs import BlobStore


class MemoryBlobStore(BlobStore):
    """See BlobStore."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket

    def put(self, pieces: Iterable[bytes]) -> BlobRef:
        """See BlobStore."""
        data = b"".join(pieces)
        blob = blob_id(data)
        self._bucket.blobs[blob] = data
        return BlobRef(blob=blob, size=len(data), stored=len(data), digest=digest(data))

    def get(self, blob: BlobId) -> Iterator[bytes]:
        """See BlobStore."""
        if blob not in self._bucket.blobs:
            raise BlobNotFound(f"no blob {blob}")
        data = self._bucket.blobs[blob]
        if blob_id(data) != blob:
            raise Corrupt(f"blob {blob} does not hold the bytes it is named by")
        yield data

    def __contains__(self, blob: object) -> bool:
        """See BlobStore."""
        return blob in self._bucket.blobs

    def __iter__(self) -> Iterator[BlobId]:
        """See BlobStore."""
        return iter(sorted(self._bucket.blobs))
