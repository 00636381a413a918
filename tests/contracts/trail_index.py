"""What every TrailIndex, and TrailNoting, keeps to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, NotedTrail, Searched
from opentraces.ports.trail_index import TrailIndex
from opentraces.ports.trail_noting import TrailNoting


class Trails(TrailIndex, TrailNoting, Protocol):
    """Both ports, of one index."""


TRACES = [TraceId(f"{n}a3c5f0e-0000-5000-8000-00000000000{n}") for n in range(4)]
ONE, TWO, THREE, _ = TRACES
KEY, OTHER = "4b" * 20, "c7" * 20
"""Keys of repositories: each is the id of a first commit."""

HERE, THERE = "/home/dev/widgets", "/home/dev/widgets-2"
FIRST, SECOND = CommitId("1a" * 20), CommitId("2b" * 20)
SEARCHED = Searched(
    frozenset((FIRST, SECOND)), "2026-11-26T10:00:00Z", leading=frozenset((SECOND,))
)


def noted(trace: TraceId, *paths: str, repository: str = KEY, worktree: str = HERE) -> NotedTrace:
    """A trace that touched some files of a worktree."""
    at = frozenset(path if path.startswith("/") else f"{worktree}/{path}" for path in paths)
    return NotedTrace(trace, repository, worktree, commit=3, first=1_700_000_000_000, paths=at)


def trail(trace: TraceId, *paths: str, repository: str = KEY, worktree: str = HERE) -> NotedTrail:
    """Its trail, of which nothing was found."""
    return NotedTrail(noted(trace, *paths, repository=repository, worktree=worktree))


def credit(
    trace: TraceId,
    first: int = 1,
    last: int = 2,
    *,
    commit: CommitId = FIRST,
    path: str = "src/a.py",
    patch: str | None = None,
) -> NotedCredit:
    """A run of lines that a trace wrote."""
    return NotedCredit(
        commit=commit,
        path=path,
        first=first,
        last=last,
        trace=trace,
        step_index=4,
        call="toolu_1",
        patch=patch or trace[0] * 64,
        tier="exact_blob_hash",
        committed="2026-11-26T09:00:00Z",
    )


def found_in(trails: TrailIndex, repository: str = KEY) -> list[NotedCredit]:
    return list(trails.credits(repository, None, None))


class TrailIndexContract:
    @pytest.fixture
    def trails(self) -> Trails:
        raise NotImplementedError("give an index that was never used")

    def test_a_new_one_is_not_complete_and_holds_nothing(self, trails: Trails) -> None:
        assert not trails.is_complete()
        assert list(trails.noted(KEY, [HERE], None)) == []
        assert trails.known([ONE]) == {}
        assert trails.searched(KEY) == Searched()
        assert found_in(trails) == []

    def test_it_is_complete_once_all_was_noted(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        assert not trails.is_complete()

        trails.renew([])

        assert trails.is_complete()
        assert trails.known([ONE]) == {}

    def test_to_renew_it_replaces_everything(self, trails: Trails) -> None:
        trails.note([trail(ONE, "a.py"), trail(TWO, "a.py")])
        trails.settle(KEY, SEARCHED, [(TWO, 3)], [credit(ONE), credit(TWO)])

        trails.renew([NotedTrail(noted(TWO, "b.py"), {OTHER: (credit(TWO, 5, 9),)})])

        assert list(trails.noted(KEY, [], None)) == [noted(TWO, "b.py")]
        assert list(trails.noted(KEY, [], ["a.py"])) == []
        assert trails.searched(KEY) == Searched()
        assert found_in(trails) == []
        assert found_in(trails, OTHER) == [credit(TWO, 5, 9)]

    def test_what_is_raised_meanwhile_leaves_all_as_it_was(self, trails: Trails) -> None:
        def failing() -> Iterator[NotedTrail]:
            yield trail(TWO)
            raise ZeroDivisionError

        trails.note([trail(ONE, "a.py")])
        trails.settle(KEY, SEARCHED, [], [credit(ONE)])
        with pytest.raises(ZeroDivisionError):
            trails.renew(failing())

        assert not trails.is_complete()
        assert list(trails.noted(KEY, [], None)) == [noted(ONE, "a.py")]
        assert trails.searched(KEY) == SEARCHED
        assert found_in(trails) == [credit(ONE)]

    def test_traces_are_known_as_they_were_noted(self, trails: Trails) -> None:
        kept = replace(noted(ONE, "a.py"), trail_generation=2, trail_length=900)
        trails.note([NotedTrail(kept), trail(TWO)])

        assert trails.known([ONE, THREE]) == {ONE: kept}

    def test_a_trace_is_that_of_its_repository_and_of_its_worktree(self, trails: Trails) -> None:
        trails.note(
            [
                trail(THREE, repository=OTHER, worktree=HERE),
                trail(ONE, repository=KEY, worktree=THERE),
                trail(TWO, repository=OTHER, worktree=THERE),
            ]
        )

        assert [each.trace for each in trails.noted(KEY, [HERE], None)] == [ONE, THREE]
        assert [each.trace for each in trails.noted(KEY, [], None)] == [ONE]
        assert [each.trace for each in trails.noted("", [HERE, THERE], None)] == [
            TRACES[0],
            *TRACES[1:3],
        ]

    def test_what_is_not_known_is_asked_for_by_nobody(self, trails: Trails) -> None:
        trails.note([trail(ONE, "/a.py", repository="", worktree="")])

        assert list(trails.noted("", [""], None)) == []
        assert list(trails.noted("", [""], ["a.py"])) == []

    def test_a_file_is_found_by_the_end_of_its_path(self, trails: Trails) -> None:
        trails.note([trail(ONE, "src/a.py", "b.py"), trail(TWO, "lib/src/a.py"), trail(THREE)])

        def touching(*paths: str) -> list[TraceId]:
            return [each.trace for each in trails.noted(KEY, [], paths)]

        assert touching("src/a.py") == [ONE, TWO]
        assert touching("lib/src/a.py") == [TWO]
        assert touching("a.py") == [ONE, TWO]
        assert touching("rc/a.py", "src", "src/A.py", "%.py", "*") == []
        assert touching("b.py", "lib/src/a.py") == [ONE, TWO]
        assert touching() == []

    def test_a_session_that_began_elsewhere_is_found_by_what_it_touched(
        self, trails: Trails
    ) -> None:
        inner = f"{HERE}/inner"
        trails.note(
            [
                trail(ONE, f"{inner}/src/a.py", worktree=HERE),
                trail(TWO, f"{inner}0/a.py", f"{inner}", repository="", worktree=""),
            ]
        )

        assert [each.trace for each in trails.noted(OTHER, [inner], None)] == [ONE]
        assert [each.trace for each in trails.noted(OTHER, [inner], ["src/a.py"])] == [ONE]
        assert list(trails.noted(OTHER, [inner], ["a.py"])) == []
        assert list(trails.noted(OTHER, [], None)) == []

    def test_strays_are_those_of_a_folder_and_no_worktree(self, trails: Trails) -> None:
        stray = replace(
            noted(ONE, "/gone/a.py", repository="", worktree=""), folder="/gone", base=FIRST
        )
        trails.renew([NotedTrail(stray), trail(TWO, "a.py")])
        trails.settle(OTHER, Searched(), [(ONE, 3)], [])
        assert trails.strays(KEY) == [stray]
        assert trails.strays(OTHER) == [replace(stray, searched=3)]

        trails.note([trail(ONE, "a.py")])
        assert trails.strays(KEY) == []
        assert [each.trace for each in trails.noted(KEY, (), ["a.py"])] == [ONE, TWO]

    def test_what_was_searched_is_noted_for_each_repository(self, trails: Trails) -> None:
        inner = f"{HERE}/inner"
        trails.note([trail(ONE, f"{inner}/a.py", worktree=HERE)])
        trails.settle(OTHER, SEARCHED, [(ONE, 3)], [])

        assert [each.searched for each in trails.noted(OTHER, [inner], None)] == [3]
        assert [each.searched for each in trails.noted(KEY, [HERE], None)] == [0]
        assert trails.known([ONE])[ONE].searched == 0

    def test_a_path_that_is_not_absolute_has_nothing_before_it(self, trails: Trails) -> None:
        relative = replace(noted(ONE), paths=frozenset(("a.py", "src/b.py")))
        trails.note([NotedTrail(relative)])

        assert list(trails.noted(KEY, [], ["a.py", "src/b.py"])) == []
        assert list(trails.noted(KEY, [], ["b.py"])) == [relative]

    def test_files_that_a_trace_does_not_touch_any_more_go(self, trails: Trails) -> None:
        trails.note([trail(ONE, "a.py", "b.py")])
        trails.note([trail(ONE, "b.py", "c.py", worktree=THERE)])

        assert list(trails.noted(KEY, [], ["a.py"])) == []
        assert list(trails.noted(KEY, [HERE], ["b.py"])) == [
            noted(ONE, "b.py", "c.py", worktree=THERE)
        ]

    def test_any_text_may_stand_in_it(self, trails: Trails) -> None:
        odd = "/home/\udcff\x00\n'\"%_/ä\U0001f600.py"
        name = odd.rpartition("/")[2]
        trails.note([trail(ONE, odd, repository="\ud800", worktree="/\x00")])
        found = replace(credit(ONE, path=odd), call="\udcff\x00", committed="")
        trails.settle("\ud800", SEARCHED, [], [found])

        assert list(trails.noted("\ud800", [], [name])) == [
            noted(ONE, odd, repository="\ud800", worktree="/\x00")
        ]
        assert found_in(trails, "\ud800") == [found]

    def test_a_search_is_noted_with_the_traces_it_took_in(self, trails: Trails) -> None:
        trails.note([trail(ONE), trail(TWO)])
        trails.settle(KEY, SEARCHED, [(ONE, 4), (THREE, 1)], [])

        assert trails.searched(KEY) == SEARCHED
        assert trails.searched(OTHER) == Searched()
        assert trails.known(TRACES) == {ONE: replace(noted(ONE), searched=4), TWO: noted(TWO)}

    def test_a_later_search_takes_the_place_of_the_one_before(self, trails: Trails) -> None:
        trails.settle(KEY, SEARCHED, [], [])
        trails.settle(KEY, Searched(), [], [])

        assert trails.searched(KEY) == Searched()

    def test_what_was_searched_stays_while_the_trace_grows(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        trails.settle(KEY, SEARCHED, [(ONE, 3)], [credit(ONE)])

        trails.note([NotedTrail(replace(noted(ONE), commit=5, searched=5))])

        assert trails.known([ONE])[ONE].searched == 3
        assert found_in(trails) == [credit(ONE)]

    def test_a_search_of_a_commit_that_is_no_more_is_void(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        trails.settle(KEY, SEARCHED, [(ONE, 3)], [])

        trails.note([NotedTrail(replace(noted(ONE), commit=2))])

        assert trails.known([ONE])[ONE].searched == 0

    def test_credits_come_by_commit_path_and_line(self, trails: Trails) -> None:
        wanted = [
            credit(TWO, 2, 10, path="a.py"),
            credit(ONE, 10, 10, path="a.py"),
            credit(ONE, 1, 1, path="b.py"),
            credit(ONE, 1, 1, commit=SECOND, path="a.py"),
        ]
        trails.note([trail(ONE), trail(TWO)])
        trails.settle(KEY, SEARCHED, [], [wanted[2], wanted[0], wanted[3], wanted[1]])

        assert found_in(trails) == wanted
        assert list(trails.credits(KEY, [SECOND], None)) == wanted[3:]
        assert list(trails.credits(KEY, [SECOND, FIRST, SECOND], None)) == wanted
        assert list(trails.credits(KEY, None, TWO)) == wanted[:1]
        assert list(trails.credits(KEY, [FIRST], ONE)) == wanted[1:3]
        assert list(trails.credits(KEY, [], None)) == []
        assert list(trails.credits(OTHER, None, None)) == []
        assert list(trails.credits(OTHER, None, ONE)) == []

    def test_one_commit_in_two_repositories_is_two(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        trails.settle(KEY, SEARCHED, [], [credit(ONE)])
        trails.settle(OTHER, SEARCHED, [], [credit(ONE, 7, 7)])

        assert found_in(trails) == [credit(ONE)]
        assert found_in(trails, OTHER) == [credit(ONE, 7, 7)]

    def test_what_is_found_replaces_what_was_found_of_that_patch_there(
        self, trails: Trails
    ) -> None:
        elsewhere = [credit(ONE, path="b.py"), credit(ONE, commit=SECOND), credit(TWO)]
        trails.note([trail(ONE), trail(TWO)])
        trails.settle(KEY, SEARCHED, [], [credit(ONE, 1, 3), credit(ONE, 8, 9), *elsewhere])

        renumbered = replace(credit(ONE, 2, 2), step_index=9, call=None)
        trails.settle(KEY, SEARCHED, [], [renumbered])

        assert set(found_in(trails)) == {renumbered, *elsewhere}

    def test_an_empty_run_takes_back_what_was_found(self, trails: Trails) -> None:
        trails.note([trail(ONE), trail(TWO)])
        trails.settle(KEY, SEARCHED, [], [credit(ONE), credit(TWO)])

        trails.settle(KEY, SEARCHED, [], [credit(ONE, 0, 0)])

        assert found_in(trails) == [credit(TWO)]

    def test_what_a_trail_says_is_found_with_it(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        trails.settle(KEY, SEARCHED, [], [credit(ONE), credit(ONE, path="b.py")])

        trails.note([NotedTrail(noted(ONE), {KEY: (credit(ONE, 4, 4),)})])

        assert found_in(trails) == [credit(ONE, path="b.py"), credit(ONE, 4, 4)]
        assert trails.searched(KEY) == SEARCHED

    def test_nothing_is_found_of_a_trace_that_is_not_noted(self, trails: Trails) -> None:
        trails.settle(KEY, SEARCHED, [(ONE, 3)], [credit(ONE)])
        trails.note([trail(ONE)])

        assert trails.known([ONE]) == {ONE: noted(ONE)}
        assert found_in(trails) == []

    def test_of_a_trace_that_is_gone_nothing_stays(self, trails: Trails) -> None:
        trails.note([trail(ONE, "a.py"), trail(TWO, "a.py")])
        trails.settle(KEY, SEARCHED, [(ONE, 3)], [credit(ONE), credit(TWO)])
        trails.settle(OTHER, SEARCHED, [], [credit(ONE)])

        trails.note([], [ONE, THREE])

        assert list(trails.noted(KEY, [HERE], ["a.py"])) == [noted(TWO, "a.py")]
        assert found_in(trails) == [credit(TWO)]
        assert found_in(trails, OTHER) == []

        trails.note([trail(ONE, "b.py")])
        assert trails.known([ONE]) == {ONE: noted(ONE, "b.py")}
        assert found_in(trails, OTHER) == []

    def test_credits_are_of_one_moment(self, trails: Trails) -> None:
        trails.note([trail(ONE)])
        trails.settle(KEY, SEARCHED, [], [credit(ONE, 1, 1), credit(ONE, 3, 3)])
        taken = trails.credits(KEY, None, None)
        assert next(taken) == credit(ONE, 1, 1)

        trails.settle(KEY, SEARCHED, [], [credit(ONE, 9, 9)])

        assert list(taken) == [credit(ONE, 3, 3)]
