"""The port to whole files that never change."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Protocol

from opentraces.domain.envelope import BlobRef
from opentraces.domain.ids import BlobId


class BlobStore(Protocol):
    """Immutable bytes, addressed by what they are.

    Contract: tests/contracts/blob_store.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def put(self, pieces: Iterable[bytes]) -> BlobRef:
        """Keep the bytes and name them. Idempotent; durable once the batch around it is."""

    @abstractmethod
    def get(self, blob: BlobId) -> Iterator[bytes]:
        """Yield the bytes `blob` names, in pieces.

        Raises:
            BlobNotFound: nothing was ever put under this id.
            Corrupt: the stored bytes no longer hash to it; may come after the first pieces.
        """

    @abstractmethod
    def __contains__(self, blob: object) -> bool:
        """Whether `get` would find it; does not verify the bytes."""

    @abstractmethod
    def __iter__(self) -> Iterator[BlobId]:
        """Yield every id once, ascending. Ids put during iteration may be missed."""
