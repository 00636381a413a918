"""The port to the bucket as a whole."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.audit import Audit, BucketStatus


class BucketKeeper(Protocol):
    """The bucket as a whole: is it there, is it ours, is it as it was written.

    Contract: tests/contracts/bucket_keeper.py.
    """

    @abstractmethod
    def prepare(self) -> None:
        """Make the bucket when there is none. Idempotent; durable on return.

        Raises:
            ForeignBucket: the folder holds the bucket of another program.
            NewerFormat: a later release wrote it.
            Corrupt: its own description is damaged.
            StorageUnavailable: the medium refused.
        """

    @abstractmethod
    def identify(self) -> str | None:
        """Return the bucket's own name, a UUID. None: there is no bucket. Changes nothing.

        Raises as `prepare` does.
        """

    @abstractmethod
    def verify(self, *, deep: bool) -> Audit:
        """Compare every stored byte with its digest; `deep`: also decode and read all of it.

        Whatever is damaged is a Problem, never an error; nothing is changed.
        """

    @abstractmethod
    def status(self) -> BucketStatus:
        """Count what is held. An absent bucket is an empty one; damaged traces are left out."""
