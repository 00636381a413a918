"""The port to what a repository says of itself."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.enrolment import Identity


class RepositoryIdentity(Protocol):
    """First commit and remote of repositories. Contract: tests/contracts/repository_identity.py."""

    @abstractmethod
    def identify(self, checkout: str) -> Identity:
        """Return what the repository of a checkout says; whatever cannot be told is None.

        Nothing that the repository names is run, fetched or written. Never raises.
        """
