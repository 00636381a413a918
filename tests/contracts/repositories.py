"""What every Repositories keeps to."""

import pytest

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.ports.repositories import Repositories


class RepositoriesContract:
    @pytest.fixture
    def repositories(self) -> Repositories:
        raise NotImplementedError("give what knows the checkouts of the other fixtures")

    @pytest.fixture
    def checkout(self) -> str:
        raise NotImplementedError("give a checkout without commits, on a branch `main`")

    @pytest.fixture
    def nothing(self) -> str:
        raise NotImplementedError("give a folder inside of the checkout")

    def test_a_checkout_s_repository_can_be_asked(
        self, repositories: Repositories, checkout: str
    ) -> None:
        repository = repositories.open(checkout)

        assert repository.heads().branch == "main"
        assert list(repository.commits([], [], None)) == []

    def test_none_is_looked_for_around_a_folder(
        self, repositories: Repositories, nothing: str
    ) -> None:
        with pytest.raises(RepositoryUnreadable, match=nothing):
            repositories.open(nothing)
