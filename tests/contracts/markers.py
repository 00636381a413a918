"""What every Markers keeps to."""

from collections.abc import Callable

import pytest

from opentraces.domain.ids import TraceId
from opentraces.ports.markers import Markers

Commits = dict[TraceId, int]
MakeMarkers = Callable[[Commits], Markers]

A = TraceId("0a3c5f0e-0000-5000-8000-000000000001")
B = TraceId("f14fc1d2-0000-5000-8000-000000000002")


class MarkersContract:
    @pytest.fixture
    def commits(self) -> Commits:
        """The commit number of each trace that is there."""
        return {A: 1, B: 1}

    @pytest.fixture
    def markers(self, commits: Commits) -> Markers:
        raise NotImplementedError("give empty markers that read `commits`")

    def test_nothing_is_marked_at_first(self, markers: Markers) -> None:
        assert list(markers.marked()) == []

    def test_marked_traces_are_listed_ascending(self, markers: Markers) -> None:
        markers.mark([B])
        markers.mark([A])

        assert list(markers.marked()) == [A, B]

    def test_mark_twice_is_one_mark(self, markers: Markers) -> None:
        markers.mark([A, B])
        markers.mark([A])

        assert list(markers.marked()) == [A, B]

    def test_mark_of_nothing_marks_nothing(self, markers: Markers) -> None:
        markers.mark([])

        assert list(markers.marked()) == []

    def test_clear_takes_one_mark_away(self, markers: Markers) -> None:
        markers.mark([A, B])

        markers.clear(A, 1)

        assert list(markers.marked()) == [B]

    def test_clear_without_a_mark_does_nothing(self, markers: Markers) -> None:
        markers.clear(A, 1)

        assert list(markers.marked()) == []

    def test_mark_of_a_later_commit_stays(self, markers: Markers, commits: Commits) -> None:
        markers.mark([A])
        commits[A] = 2

        markers.clear(A, 1)

        assert list(markers.marked()) == [A]

    def test_mark_of_a_trace_that_is_gone_is_cleared_by_zero(
        self, markers: Markers, commits: Commits
    ) -> None:
        markers.mark([A])
        del commits[A]

        markers.clear(A, 0)

        assert list(markers.marked()) == []

    def test_mark_of_a_trace_that_came_back_stays(self, markers: Markers) -> None:
        markers.mark([A])

        markers.clear(A, 0)

        assert list(markers.marked()) == [A]

    def test_mark_of_a_trace_that_went_since_stays(
        self, markers: Markers, commits: Commits
    ) -> None:
        markers.mark([A])
        del commits[A]

        markers.clear(A, 1)

        assert list(markers.marked()) == [A]
