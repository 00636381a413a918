"""What every Revisions keeps to."""

import pytest

from opentraces.domain.errors import NoSuchRevision, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId
from opentraces.ports.revisions import Revisions
from tests.contracts.repository import MISSING, Maker

NAMES = ("", " ", "nope", "-x", "--all", "HEAD:a", "HEAD\nmain", MISSING)


class RevisionsContract:
    """Run by each adapter over a repository that it can read."""

    @pytest.fixture
    def maker(self) -> Maker:
        raise NotImplementedError("give a user of an empty repository")

    @pytest.fixture
    def revisions(self, maker: Maker) -> Revisions:
        raise NotImplementedError("give the names of that repository")

    @pytest.fixture
    def checkout(self, maker: Maker) -> str:
        raise NotImplementedError("say where that repository is")

    @pytest.fixture
    def chain(self, maker: Maker) -> list[CommitId]:
        commits: list[CommitId] = []
        for number in range(4):
            files = {"a": b"%d\n" % number, "deep/b": b"always\n"}
            commits.append(maker.commit(files, commits[-1:], f"Change {number}", 1_000 + number))
        maker.move(commits[-1])
        return commits

    def test_a_name_is_its_commit_alone(
        self, revisions: Revisions, checkout: str, chain: list[CommitId]
    ) -> None:
        for name in ("HEAD", "main", chain[3]):
            assert revisions.resolve(checkout, name) == (chain[3],)
        assert revisions.resolve(checkout, chain[1]) == (chain[1],)

    def test_a_range_is_what_one_has_and_the_other_lacks_the_newest_first(
        self, revisions: Revisions, checkout: str, chain: list[CommitId]
    ) -> None:
        assert revisions.resolve(checkout, f"{chain[1]}..main") == (chain[3], chain[2])
        assert revisions.resolve(checkout, f"{chain[1]}..") == (chain[3], chain[2])
        assert revisions.resolve(checkout, "HEAD..main") == ()
        assert revisions.resolve(checkout, f"HEAD..{chain[0]}") == ()

    @pytest.mark.parametrize("name", NAMES)
    def test_what_names_no_commit_is_said(
        self, revisions: Revisions, checkout: str, chain: list[CommitId], name: str
    ) -> None:
        with pytest.raises(NoSuchRevision):
            revisions.resolve(checkout, name)

    @pytest.mark.parametrize("name", ["nope..main", "main..nope"])
    def test_so_is_the_end_of_a_range(
        self, revisions: Revisions, checkout: str, chain: list[CommitId], name: str
    ) -> None:
        with pytest.raises(NoSuchRevision):
            revisions.resolve(checkout, name)

    def test_parents_in_their_order(
        self, revisions: Revisions, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        side = maker.commit({"a": b"x\n"}, chain[:1], "Side", 2_000)
        merge = maker.commit({"a": b"y\n"}, [chain[3], side], "Merge", 2_001)

        assert revisions.parents(checkout, merge) == (chain[3], side)
        assert revisions.parents(checkout, chain[0]) == ()
        with pytest.raises(NoSuchRevision):
            revisions.parents(checkout, MISSING)

    def test_files_at_a_commit(
        self, revisions: Revisions, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        then = revisions.files_at(checkout, chain[1], ["a", "deep/b", "nope", "deep", ""])
        now = revisions.files_at(checkout, chain[3], ["a", "deep/b"])

        assert set(then) == set(now) == {"a", "deep/b"}
        assert list(maker.repository().blobs([then["a"], now["a"]])) == [b"1\n", b"3\n"]
        assert then["deep/b"] == now["deep/b"]
        assert revisions.files_at(checkout, chain[1], []) == {}

    def test_names_of_files_are_no_patterns(
        self, revisions: Revisions, checkout: str, maker: Maker
    ) -> None:
        commit = maker.commit({"a*": b"1\n", "ab": b"2\n", "[c]": b"3\n", ":x": b"4\n"}, (), "Odd")

        found = revisions.files_at(checkout, commit, ["a*", "[c]", ":x", "c"])

        assert set(found) == {"a*", "[c]", ":x"}

    def test_what_went_is_not_there(
        self, revisions: Revisions, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        gone = maker.commit({"deep/b": b"always\n"}, chain[-1:], "Remove", 2_000)

        assert set(revisions.files_at(checkout, gone, ["a", "deep/b"])) == {"deep/b"}

    def test_which_commits_led_to_another(
        self, revisions: Revisions, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        side = maker.commit({"a": b"x\n"}, chain[:1], "Side", 2_000)

        asked = [*chain, side, MISSING]

        assert revisions.led_to(checkout, asked, [chain[2]]) == set(chain[:3])
        assert revisions.led_to(checkout, asked, [side]) == {chain[0], side}
        assert revisions.led_to(checkout, asked, [side, chain[1], MISSING]) == {*chain[:2], side}
        assert revisions.led_to(checkout, [], [side]) == frozenset()
        assert revisions.led_to(checkout, asked, []) == frozenset()

    def test_what_is_no_repository_is_said(
        self, revisions: Revisions, chain: list[CommitId]
    ) -> None:
        with pytest.raises(RepositoryUnreadable):
            revisions.resolve("/no/such/place", "HEAD")
