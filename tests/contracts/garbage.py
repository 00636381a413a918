"""What every GarbageCollector keeps to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from opentraces.domain.garbage import GarbageKind, Heap
from opentraces.ports.garbage import GarbageCollector

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=8)
YOUNG = NOW - timedelta(days=6)
LATEST = NOW - timedelta(days=7)
"""Between the two."""

Litter = Callable[[GarbageKind, datetime], int]
"""Leaves a piece of some kind, last changed then; returns its size."""


class GarbageCollectorContract:
    @pytest.fixture
    def collector(self) -> GarbageCollector:
        raise NotImplementedError("give one of a place without garbage, beside something needed")

    @pytest.fixture
    def kinds(self) -> tuple[GarbageKind, ...]:
        raise NotImplementedError("give the kinds of which age decides")

    @pytest.fixture
    def litter(self) -> Litter:
        raise NotImplementedError("give what leaves garbage in that place")

    def test_where_there_is_no_garbage_none_is_found(self, collector: GarbageCollector) -> None:
        found = collector.collect(NOW, remove=True)

        assert (found.total, found.problems) == (Heap(0, 0), ())

    def test_what_is_old_goes_and_what_is_young_stays(
        self, collector: GarbageCollector, kinds: tuple[GarbageKind, ...], litter: Litter
    ) -> None:
        for kind in kinds:
            old, young = litter(kind, OLD), litter(kind, YOUNG)

            assert collector.collect(LATEST, remove=True).heaps.get(kind) == Heap(1, old)
            assert collector.collect(LATEST, remove=True).total == Heap(0, 0)
            assert collector.collect(NOW, remove=True).heaps.get(kind) == Heap(1, young)
            assert collector.collect(NOW, remove=True).total == Heap(0, 0)

    def test_what_is_as_old_as_asked_for_goes(
        self, collector: GarbageCollector, kinds: tuple[GarbageKind, ...], litter: Litter
    ) -> None:
        for kind in kinds:
            litter(kind, OLD)

            assert collector.collect(OLD, remove=True).total.number == 1

    def test_what_will_be_changed_is_dated_now_and_goes_when_it_has_lain(
        self, collector: GarbageCollector, kinds: tuple[GarbageKind, ...], litter: Litter
    ) -> None:
        """A clock was set back: nothing of before goes too early, and nothing stays for ever."""
        for kind in kinds:
            litter(kind, NOW + timedelta(days=1000))
            litter(kind, YOUNG)
            assert collector.collect(NOW, remove=False).heaps[kind].number == 1

            collector.redate(NOW)

            assert (
                collector.collect(NOW - timedelta(seconds=1), remove=True).heaps[kind].number == 1
            )
            assert collector.collect(NOW, remove=True).heaps[kind].number == 1
            assert collector.collect(NOW, remove=True).total == Heap(0, 0)

    def test_what_is_ahead_by_little_keeps_its_time(
        self, collector: GarbageCollector, kinds: tuple[GarbageKind, ...], litter: Litter
    ) -> None:
        for kind in kinds:
            litter(kind, NOW + timedelta(hours=1))

            collector.redate(NOW)

            assert collector.collect(NOW, remove=True).total == Heap(0, 0)
            assert collector.collect(NOW + timedelta(hours=2), remove=True).total.number == 1

    def test_a_look_says_the_same_and_removes_nothing(
        self, collector: GarbageCollector, kinds: tuple[GarbageKind, ...], litter: Litter
    ) -> None:
        for kind in kinds:
            litter(kind, OLD)
            litter(kind, YOUNG)

        looked = collector.collect(LATEST, remove=False)

        assert {kind for kind, heap in looked.heaps.items() if heap.number} == set(kinds)
        assert collector.collect(LATEST, remove=False) == looked
        assert collector.collect(LATEST, remove=True) == looked
