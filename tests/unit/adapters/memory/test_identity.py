"""Identities in memory."""

import pytest

from opentraces.adapters.memory.identity import MemoryRepositoryIdentity
from opentraces.domain.enrolment import Identity
from tests.contracts.repository_identity import RepositoryIdentityContract


class TestMemoryRepositoryIdentity(RepositoryIdentityContract):
    @pytest.fixture
    def identities(self) -> MemoryRepositoryIdentity:
        said = Identity("4f2a91c0" * 5, "github.com/acme/widgets")
        return MemoryRepositoryIdentity({"/w/widgets": said})

    @pytest.fixture
    def cloned(self) -> str:
        return "/w/widgets"

    @pytest.fixture
    def nothing(self) -> str:
        return "/w/nothing"
