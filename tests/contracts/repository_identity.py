"""What every RepositoryIdentity keeps to."""

import pytest

from opentraces.domain.enrolment import Identity
from opentraces.ports.repository_identity import RepositoryIdentity


class RepositoryIdentityContract:
    @pytest.fixture
    def identities(self) -> RepositoryIdentity:
        raise NotImplementedError("give what knows the checkouts of the other fixtures")

    @pytest.fixture
    def cloned(self) -> str:
        raise NotImplementedError(
            "give a checkout with commits, cloned from acme/widgets at a host"
        )

    @pytest.fixture
    def nothing(self) -> str:
        raise NotImplementedError("give a folder that is no checkout")

    def test_a_clone_says_its_first_commit_and_its_remote(
        self, identities: RepositoryIdentity, cloned: str
    ) -> None:
        said = identities.identify(cloned)

        assert said.root_commit is not None
        assert len(said.root_commit) in (40, 64)
        assert (said.remote, said.reason) == ("github.com/acme/widgets", None)
        assert identities.identify(cloned) == said

    def test_no_checkout_says_nothing_and_why(
        self, identities: RepositoryIdentity, nothing: str
    ) -> None:
        said = identities.identify(nothing)

        assert said == Identity(None, None, said.reason)
        assert said.reason
