"""The port to the folder of all that we keep."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.home_part import HomePart


class Home(Protocol):
    """The folder of all that we keep, as a whole. Contract: tests/contracts/home.py."""

    @abstractmethod
    def parts(self) -> tuple[HomePart, ...]:
        """Return what is ours in it, by path; empty: nothing is there."""

    @abstractmethod
    def purge(self) -> None:
        """Remove all of that, for good; what is not ours stays, and then the folder does, too.

        Follows no link. Raises ForeignBucket: the bucket is another program's;
        StorageUnavailable: the machine refused.
        """
