"""What every Checkouts keeps to."""

from collections.abc import Callable

import pytest

from opentraces.domain.errors import BadRequest
from opentraces.ports.checkouts import Checkouts


class CheckoutsContract:
    """`main` has a linked worktree `main-fix`; `plain` has a folder, and `bare.git` is bare."""

    @pytest.fixture
    def place(self) -> str:
        raise NotImplementedError("give the folder that all is in")

    @pytest.fixture
    def checkouts(self) -> Checkouts:
        raise NotImplementedError("give what looks into it")

    @pytest.fixture
    def remove(self) -> Callable[[str], None]:
        raise NotImplementedError("give what removes a folder by hand")

    def test_a_checkout_knows_its_worktrees(self, checkouts: Checkouts, place: str) -> None:
        seen = checkouts.around(f"{place}/main")

        assert [each.path for each in seen.checkouts] == [f"{place}/main", f"{place}/main-fix"]
        assert {each.repository for each in seen.checkouts} == {f"{place}/main/.git"}
        assert len({(each.device, each.inode) for each in seen.checkouts}) == 1
        assert None not in (seen.own.device, seen.own.inode)
        assert (seen.is_repository, seen.is_ours, seen.is_main) == (True, True, True)

    def test_a_linked_worktree_comes_first_itself(self, checkouts: Checkouts, place: str) -> None:
        seen = checkouts.around(f"{place}/main-fix")

        assert [each.path for each in seen.checkouts] == [f"{place}/main-fix", f"{place}/main"]
        assert not seen.is_main
        assert seen.name == "main"

    def test_a_folder_below_is_in_the_checkout_around_it(
        self, checkouts: Checkouts, place: str
    ) -> None:
        assert checkouts.around(f"{place}/main/src") == checkouts.around(f"{place}/main")

    def test_a_plain_folder_stands_for_itself(self, checkouts: Checkouts, place: str) -> None:
        seen = checkouts.around(f"{place}/plain/folder")

        assert [(each.path, each.repository) for each in seen.checkouts] == [
            (f"{place}/plain/folder", None)
        ]
        assert not seen.is_repository

    def test_a_bare_repository_is_refused(self, checkouts: Checkouts, place: str) -> None:
        with pytest.raises(BadRequest, match="bare"):
            checkouts.around(f"{place}/bare.git")

    def test_a_folder_that_is_not_there_is_refused(self, checkouts: Checkouts, place: str) -> None:
        with pytest.raises(BadRequest, match="no folder"):
            checkouts.around(f"{place}/nowhere")

    def test_a_worktree_that_was_removed_by_hand_is_still_named(
        self, checkouts: Checkouts, place: str, remove: Callable[[str], None]
    ) -> None:
        for name in ("main", "main-fix", "plain", "bare.git", "nowhere"):
            assert checkouts.gone(f"{place}/{name}") == ()

        remove("main-fix")

        assert checkouts.gone(f"{place}/main/src") == (f"{place}/main-fix",)

    def test_what_is_there_is_said(self, checkouts: Checkouts, place: str) -> None:
        assert checkouts.is_there(f"{place}/main")
        assert not checkouts.is_there(f"{place}/nowhere")
