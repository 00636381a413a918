"""What repositories say of themselves, in a dict."""

from collections.abc import Mapping

from opentraces.domain.enrolment import Identity
from opentraces.ports.repository_identity import RepositoryIdentity


class MemoryRepositoryIdentity(RepositoryIdentity):
    """The identity of each checkout that has one; remembers which were asked."""

    def __init__(self, identities: Mapping[str, Identity] | None = None) -> None:
        self.identities = dict(identities or {})
        self.asked: list[str] = []

    def identify(self, checkout: str) -> Identity:
        """See RepositoryIdentity."""
        self.asked.append(checkout)
        return self.identities.get(checkout, Identity(reason="no repository"))
