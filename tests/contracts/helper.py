"""What every Helper keeps to: here, one that doubles numbers, and refuses those below zero."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from opentraces.domain.errors import StorageUnavailable
from opentraces.ports.helper import Helper


def double(number: int) -> int:
    if number < 0:
        raise StorageUnavailable("it is below zero")
    return 2 * number


def taking(*orders: int) -> Callable[[], int | None]:
    left = iter(orders)
    return lambda: next(left, None)


class HelperContract:
    @pytest.fixture
    def made(self) -> Helper[int, int]:
        raise NotImplementedError("give one that carries out `double`")

    @pytest.fixture
    def helper(self, made: Helper[int, int]) -> Iterator[Helper[int, int]]:
        with closing(made):
            yield made

    def test_all_orders_are_carried_out_in_turn(self, helper: Helper[int, int]) -> None:
        helper.begin(taking(1, 2, 3, 4, 5, 6, 7))

        assert list(helper.done(wait=True)) == [(n, 2 * n) for n in range(1, 8)]

    def test_each_is_told_once_however_often_it_is_asked(self, helper: Helper[int, int]) -> None:
        helper.begin(taking(1, 2, 3))

        told = [*helper.done(wait=False), *helper.done(wait=False), *helper.done(wait=True)]
        assert told == [(1, 2), (2, 4), (3, 6)]
        assert list(helper.done(wait=True)) == []

    def test_without_orders_nothing_is_done(self, helper: Helper[int, int]) -> None:
        helper.begin(taking())

        assert list(helper.done(wait=True)) == []

    def test_what_it_cannot_carry_out_is_told(self, helper: Helper[int, int]) -> None:
        helper.begin(taking(1, -1))

        assert list(helper.done(wait=True)) == [(1, 2), (-1, None)]

    def test_closed_it_takes_no_more(self, made: Helper[int, int]) -> None:
        left = iter(range(1_000_000))
        made.begin(lambda: next(left, None))
        made.close()

        assert next(left) < 1_000
