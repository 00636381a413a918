"""What every Repository keeps to."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

import pytest

from opentraces.domain.errors import NoSuchFile
from opentraces.domain.trail.history import (
    MOST_BYTES,
    Commit,
    CommitId,
    FileBefore,
    Heads,
    ObjectId,
    PathChange,
)
from opentraces.ports.repository import Repository

LINES = {name: b"".join(b"%s %d\n" % (name.encode(), n) for n in range(20)) for name in "abc"}
MISSING = CommitId("7" * 40)


class Maker(Protocol):
    """A user of a repository."""

    @abstractmethod
    def repository(self) -> Repository:
        """Return what is to keep to the contract, for the repository as it is now."""

    @abstractmethod
    def commit(
        self,
        files: Mapping[str, bytes],
        parents: Sequence[CommitId] = (),
        message: str = "change",
        at: int = 0,
        authored: int | None = None,
    ) -> CommitId:
        """Make a commit that holds `files` and no others; no branch leads to it yet."""

    @abstractmethod
    def move(self, commit: CommitId, branch: str | None = "main", at: int | None = None) -> None:
        """Let a branch lead to a commit, and check it out. None: detached."""

    @abstractmethod
    def amend(self, old: CommitId, new: CommitId) -> None:
        """Check out a commit in place of the one that it replaces."""

    @abstractmethod
    def forget(self, name: CommitId | ObjectId) -> None:
        """Let a commit or a content be missing."""

    @abstractmethod
    def write(self, path: str, data: bytes | None) -> None:
        """Write a file of the worktree. None: remove it."""


def told(maker: Maker, *tips: CommitId, known: Sequence[CommitId] = ()) -> list[Commit]:
    return list(maker.repository().commits(tips, known, None))


def ids(commits: Sequence[Commit]) -> list[CommitId]:
    return [commit.commit for commit in commits]


def paths(commit: Commit) -> dict[str, list[str]]:
    """Return the paths that a commit changed, each with those it had before."""
    return {change.path: [old.path for old in change.before] for change in commit.changes}


class RepositoryContract:
    @pytest.fixture
    def maker(self) -> Maker:
        raise NotImplementedError("give one of a new repository")

    def test_a_commit_says_who_when_and_what(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1\n"}, at=100)
        second = maker.commit({"f": b"2\n"}, [first], "Fix it\n\nAt last.", at=200, authored=150)

        one, two = told(maker, second)

        assert (one.commit, one.parents, one.author) == (first, (), "A <a@example.org>")
        assert (one.authored, one.committed, one.subject) == (100, 100, "change")
        assert (two.commit, two.parents) == (second, (first,))
        assert (two.authored, two.committed, two.subject) == (150, 200, "Fix it")

    def test_changes_name_contents_before_and_after(self, maker: Maker) -> None:
        first = maker.commit({"changed": b"1\n", "gone": b"2\n", "same": b"3\n"})
        second = maker.commit({"changed": b"1b\n", "d/new": b"4\n", "same": b"3\n"}, [first])

        one, two = told(maker, second)
        blobs = {change.path: change.blob for change in (*one.changes, *two.changes)}

        assert [change.before for change in one.changes] == [(), (), ()]
        old = {change.path: change.blob for change in one.changes}
        assert old["changed"]
        assert old["gone"]
        assert two.changes == (
            PathChange("changed", blobs["changed"], (FileBefore("changed", old["changed"]),)),
            PathChange("d/new", blobs["d/new"]),
            PathChange("gone", None, (FileBefore("gone", old["gone"]),)),
        )
        named = [old["changed"], old["gone"], blobs["changed"], blobs["d/new"]]
        contents = maker.repository().blobs([name for name in named if name])
        assert [*contents] == [b"1\n", b"2\n", b"1b\n", b"4\n"]

    def test_a_commit_of_nothing_changed_nothing(self, maker: Maker) -> None:
        first = maker.commit({})
        second = maker.commit({}, [first])

        assert [commit.changes for commit in told(maker, second)] == [(), ()]

    def test_a_rename_is_followed_as_long_as_half_is_the_same(self, maker: Maker) -> None:
        kept = LINES["a"].splitlines(keepends=True)
        first = maker.commit({"a": LINES["a"], "b": LINES["b"]})
        moved = b"".join([b"another line\n", *kept[:16]])
        second = maker.commit({"new/a": moved, "c": LINES["c"]}, [first])

        change = told(maker, second)[1]

        assert paths(change) == {"b": ["b"], "c": [], "new/a": ["a"]}

    def test_a_file_that_only_moved_is_told(self, maker: Maker) -> None:
        first = maker.commit({"a": LINES["a"]})
        second = maker.commit({"b": LINES["a"]}, [first])

        (change,) = told(maker, second)[1].changes

        assert (change.path, [old.path for old in change.before]) == ("b", ["a"])
        assert change.blob == change.before[0].blob

    def test_a_merge_lists_what_is_in_none_of_its_parents(self, maker: Maker) -> None:
        files = {**LINES, "d": b"d\n"}
        base = maker.commit(files, at=1)
        left = maker.commit({**files, "a": b"left\n", "c": b"left\n"}, [base], at=2)
        right = maker.commit({**files, "b": b"right\n", "c": b"right\n"}, [base], at=3)
        both = {"a": b"left\n", "b": b"right\n", "c": b"both\n", "new": b"merged\n"}
        merge = maker.commit(both, [left, right], at=4)

        commits = told(maker, merge)

        assert ids(commits)[0] == base
        assert ids(commits)[-1] == merge
        assert paths(commits[-1]) == {"c": ["c", "c"], "d": ["d", "d"], "new": []}
        old = commits[-1].changes[0].before
        assert [*maker.repository().blobs([each.blob for each in old])] == [b"left\n", b"right\n"]

    def test_a_merge_follows_renames_in_each_parent(self, maker: Maker) -> None:
        base = maker.commit({"a": LINES["a"]}, at=1)
        left = maker.commit({"moved": LINES["a"] + b"left\n"}, [base], at=2)
        right = maker.commit({"a": b"right\n" + LINES["a"]}, [base], at=3)
        both = b"right\n" + LINES["a"] + b"left\n"
        merge = maker.commit({"moved": both}, [left, right], at=4)

        assert paths(told(maker, merge)[-1]) == {"moved": ["moved", "a"]}

    def test_a_merge_of_three_and_one_of_strangers(self, maker: Maker) -> None:
        roots = [maker.commit({name: LINES[name]}, at=n) for n, name in enumerate("abc")]
        merge = maker.commit({**LINES, "a": b"other\n"}, roots, at=9)

        commits = told(maker, merge)

        assert {*ids(commits)} == {*roots, merge}
        assert paths(commits[-1]) == {"a": ["a"]}

    def test_parents_come_before_children_even_with_wrong_clocks(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=900)
        second = maker.commit({"f": b"2"}, [first], at=100)
        third = maker.commit({"f": b"3"}, [second], at=500)
        side = maker.commit({"f": b"4"}, [first], at=50)
        merge = maker.commit({"f": b"5"}, [third, side], at=10)

        found = ids(told(maker, merge))

        assert sorted(found) == sorted([first, second, third, side, merge])
        assert found.index(first) < found.index(second) < found.index(third)
        assert found.index(first) < found.index(side)
        assert found[-1] == merge

    def test_what_is_known_is_not_told(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        second = maker.commit({"f": b"2"}, [first], at=2)
        side = maker.commit({"f": b"3"}, [first], at=3)
        merge = maker.commit({"f": b"4"}, [second, side], at=4)

        assert ids(told(maker, merge, known=[second])) == [side, merge]
        assert ids(told(maker, merge, second, known=[side, MISSING])) == [second, merge]
        assert told(maker, merge, known=[merge]) == []
        assert told(maker, known=[first]) == []

    def test_what_is_older_is_not_told_nor_what_lies_behind_it(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=300)
        second = maker.commit({"f": b"2"}, [first], at=100)
        third = maker.commit({"f": b"3"}, [second], at=200)

        found = maker.repository().commits([third], [], 150)

        assert [commit.commit for commit in found] == [third]
        assert list(maker.repository().commits([second], [], 150)) == []

    def test_what_is_not_there_is_passed_over(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        second = maker.commit({"f": b"2"}, [first], at=2)
        third = maker.commit({"f": b"3"}, [second], at=3)
        maker.forget(first)

        commits = told(maker, third, MISSING, first)

        assert ids(commits) == [second, third]
        assert (commits[0].parents, commits[0].changes) == ((first,), ())
        assert paths(commits[1]) == {"f": ["f"]}

    def test_a_commit_says_what_it_takes_back(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"})
        text = f'Revert "change"\n\nThis reverts commit {first}.\n'
        second = maker.commit({}, [first], text)
        third = maker.commit({}, [second], "Reverts nothing\n\n  This reverts commit abc.")

        assert [commit.reverts for commit in told(maker, third)] == [None, first, None]

    def test_contents_come_in_the_order_asked_for(self, maker: Maker) -> None:
        contents = [b"", b"one\n", b"\0\xff\n", b"x" * 300_000]
        files = {str(number): data for number, data in enumerate(contents)}
        (commit,) = told(maker, maker.commit(files))
        names = [change.blob for change in commit.changes if change.blob]
        gone = names[1]
        maker.forget(gone)

        asked = [*names, ObjectId(MISSING), ObjectId("no id"), *reversed(names)]
        found = list(maker.repository().blobs(asked))

        expected = [contents[0], None, *contents[2:]]
        assert found == [*expected, None, None, *reversed(expected)]
        assert list(maker.repository().blobs([])) == []

    def test_a_giant_is_no_content_that_is_read(self, maker: Maker) -> None:
        most = {"giant": bytes(MOST_BYTES + 1), "large": bytes(MOST_BYTES), "small": b"s"}
        (commit,) = told(maker, maker.commit(most))
        names = [change.blob for change in commit.changes if change.blob]

        found = maker.repository().blobs(names)

        assert [data and len(data) for data in found] == [None, MOST_BYTES, 1]

    def test_a_commit_is_no_content(self, maker: Maker) -> None:
        commit = maker.commit({"f": b"1"})

        assert list(maker.repository().blobs([ObjectId(commit)])) == [None]

    def test_without_a_commit_there_is_no_head(self, maker: Maker) -> None:
        assert maker.repository().heads() == Heads(branch="main")

    def test_heads_say_what_is_checked_out_and_where_branches_are(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        second = maker.commit({"f": b"2"}, [first], at=2)
        maker.move(first)
        maker.move(second, "topic/one")

        heads = maker.repository().heads()

        assert (heads.head, heads.branch) == (second, "topic/one")
        assert heads.branches == {"main": first, "topic/one": second}
        assert heads.logged >= {first, second}

        maker.move(first, None)
        assert maker.repository().heads().head == first
        assert maker.repository().heads().branch is None

    def test_a_commit_that_no_branch_has_any_more_is_in_a_log(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        lost, gone = (maker.commit({"f": b"2"}, [first], at=number) for number in (2, 3))
        for commit in (first, lost, gone, first):
            maker.move(commit)
        maker.forget(gone)

        heads = maker.repository().heads()

        assert heads.branches == {"main": first}
        assert heads.logged == {first, lost}

    def test_an_amended_commit_has_a_follower(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        second = maker.commit({"f": b"2"}, [first], at=2)
        better = maker.commit({"f": b"3"}, [first], at=3)
        best = maker.commit({"f": b"4"}, [first], at=4)
        maker.move(first)
        maker.move(second)
        maker.amend(second, better)
        maker.amend(better, best)

        assert maker.repository().heads().rewritten == {second: better, better: best}

    def test_the_log_says_what_was_checked_out_when(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1"}, at=1)
        second = maker.commit({"f": b"2"}, [first], at=2)
        maker.move(first, at=100)
        maker.move(second, at=200)
        maker.move(first, "topic", at=300)

        repository = maker.repository()

        moments = (99, 100, 199, 200, 299, 300, 10**10)
        found = [repository.checked_out(moment) for moment in moments]
        assert found == [None, first, first, second, second, first, first]

    def test_blame_says_which_commit_brought_a_line(self, maker: Maker) -> None:
        first = maker.commit({"d/f": b"one\ntwo\nthree\n"}, at=1)
        second = maker.commit({"d/f": b"zero\none\nthree\n"}, [first], at=2, authored=5)
        maker.move(second)

        lines = maker.repository().blame("d/f", second)

        assert [(line.commit, line.line, line.text) for line in lines] == [
            (second, 1, "zero"),
            (first, 1, "one"),
            (first, 3, "three"),
        ]
        assert {line.path for line in lines} == {"d/f"}
        assert [line.authored for line in lines] == [5, 1, 1]
        assert [line.committed for line in lines] == [2, 1, 1]
        assert [line.text for line in maker.repository().blame("d/f", first)][-2:] == [
            "two",
            "three",
        ]

    def test_blame_of_the_worktree_says_what_is_not_committed(self, maker: Maker) -> None:
        first = maker.commit({"f": b"one\ntwo  \n"}, at=1)
        maker.move(first)
        maker.write("f", b"zero\none\ntwo  \nthree \t")

        lines = maker.repository().blame("f", None)

        assert [(line.commit, line.text, line.authored) for line in lines] == [
            (None, "zero", 0),
            (first, "one", 1),
            (first, "two  ", 1),
            (None, "three \t", 0),
        ]
        assert [line.committed for line in lines] == [0, 1, 1, 0]
        assert [line.line for line in lines] == [1, 1, 2, 4]

    def test_there_is_no_blame_for_what_is_not_there(self, maker: Maker) -> None:
        first = maker.commit({"f": b"1\n", "g": b"2\n", "empty": b""})
        maker.move(first)
        maker.write("g", None)
        maker.write("new", b"new\n")
        repository = maker.repository()

        assert repository.blame("empty", None) == repository.blame("empty", first) == ()
        asked = [("g", None), ("new", None), ("f/f", None), ("no", None), ("no", first)]
        asked += [("f", MISSING), ("", first), ("../f", None), ("/etc/passwd", None)]
        asked += [("--help", first), ("f\0", first), ("\ud800", first), ("f", CommitId("--root"))]
        for path, revision in asked:
            with pytest.raises(NoSuchFile):
                repository.blame(path, revision)

    def test_files_of_folders_are_those_that_stand_in_them(self, maker: Maker) -> None:
        files = {"f": b"1\n", "d/f": b"2\n", "d/e/f": b"3\n", "da/f": b"4\n", "é/f g": b"5\n"}
        first = maker.commit(files)
        second = maker.commit({**files, "f": b"6\n"}, [first])
        repository = maker.repository()

        def found(commit: CommitId, *folders: str) -> dict[str, bytes | None]:
            there = repository.files_in(commit, folders)
            return dict(zip(there, repository.blobs([*there.values()]), strict=True))

        assert found(first, "") == {"f": b"1\n"}
        assert found(second, "") == {"f": b"6\n"}
        assert found(first, "d", "é") == {"d/f": b"2\n", "é/f g": b"5\n"}
        assert found(first, "", "d/e") == {"f": b"1\n", "d/e/f": b"3\n"}
        asked = ["no", "f", "d/f", "d/e/f", "..", "d/..", ".git", "*", "D", "\ud800", "d\0"]
        assert found(first, *asked) == found(first) == found(MISSING, "") == {}
