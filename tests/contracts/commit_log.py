"""What every CommitLog keeps to."""

import pytest

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId
from opentraces.ports.commit_log import CommitLog
from tests.contracts.repository import MISSING, Maker


class CommitLogContract:
    """Run by each adapter over a repository that it can read."""

    @pytest.fixture
    def maker(self) -> Maker:
        raise NotImplementedError("give a user of an empty repository")

    @pytest.fixture
    def log(self, maker: Maker) -> CommitLog:
        raise NotImplementedError("give the log of that repository")

    @pytest.fixture
    def checkout(self, maker: Maker) -> str:
        raise NotImplementedError("say where that repository is")

    @pytest.fixture
    def chain(self, maker: Maker) -> list[CommitId]:
        commits: list[CommitId] = []
        for number in range(4):
            text = b"%d\n" % number
            message = f"Change {number}\n\nwith a body"
            commits.append(maker.commit({"a": text}, commits[-1:], message, 1_000 + number))
        maker.move(commits[-1])
        return commits

    def test_the_newest_come_first_and_no_more_than_asked_for(
        self, log: CommitLog, checkout: str, chain: list[CommitId]
    ) -> None:
        found = log.latest(checkout, chain[-1], 3)

        assert found == (
            CommitBrief(chain[3], (chain[2],), 1_003, "Change 3"),
            CommitBrief(chain[2], (chain[1],), 1_002, "Change 2"),
            CommitBrief(chain[1], (chain[0],), 1_001, "Change 1"),
        )

    def test_a_history_that_is_shorter_is_told_to_its_beginning(
        self, log: CommitLog, checkout: str, chain: list[CommitId]
    ) -> None:
        found = log.latest(checkout, chain[1], 20)

        assert [each.commit for each in found] == [chain[1], chain[0]]
        assert found[-1].parents == ()

    def test_commits_come_as_they_are_named(
        self, log: CommitLog, checkout: str, chain: list[CommitId]
    ) -> None:
        named = [chain[1], MISSING, chain[3], chain[1]]

        found = log.named(checkout, named)

        assert list(found) == [chain[1], chain[3]]
        assert found[chain[3]].subject == "Change 3"
        assert log.named(checkout, []) == {}

    def test_a_commit_need_not_be_on_a_branch(
        self, log: CommitLog, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        left = maker.commit({"a": b"x\n"}, chain[:1], "Left", 2_000)

        assert log.named(checkout, [left])[left] == CommitBrief(left, (chain[0],), 2_000, "Left")

    def test_a_merge_has_both_parents(
        self, log: CommitLog, checkout: str, maker: Maker, chain: list[CommitId]
    ) -> None:
        side = maker.commit({"a": b"x\n"}, chain[:1], "Side", 2_000)
        merge = maker.commit({"a": b"y\n"}, [chain[3], side], "Merge", 2_001)

        assert log.named(checkout, [merge])[merge].parents == (chain[3], side)

    @pytest.mark.parametrize("subject", ["", "ünïcode «…»", "one\ttab", "\x1b[31mred"])
    def test_a_subject_is_as_it_was_written(
        self, log: CommitLog, checkout: str, maker: Maker, subject: str
    ) -> None:
        commit = maker.commit({"a": b"1\n"}, (), subject, 1_000)

        assert log.named(checkout, [commit])[commit].subject == subject

    def test_what_is_no_repository_is_said(self, log: CommitLog, chain: list[CommitId]) -> None:
        with pytest.raises(RepositoryUnreadable):
            log.named("/no/such/place", chain[:1])
