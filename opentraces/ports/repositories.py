"""The port to the repositories on this machine."""

from abc import abstractmethod
from typing import Protocol

from opentraces.ports.repository import Repository


class Repositories(Protocol):
    """Opens the repositories of checkouts. Contract: tests/contracts/repositories.py."""

    @abstractmethod
    def open(self, checkout: str) -> Repository:
        """Return the repository of a checkout, or the bare one at this path; none around it.

        Nothing that it names is run, fetched or written. Raises RepositoryUnreadable: there is
        none, it is another user's, it is damaged, or what reads it is not installed.
        """
