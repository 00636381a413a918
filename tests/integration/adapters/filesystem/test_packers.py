"""Threads that pack."""

import threading
from contextlib import closing

import pytest

from opentraces.adapters.filesystem.packers import WORTH, Packers


def test_little_is_packed_where_it_is_asked_for_and_no_thread_is_begun() -> None:
    before = threading.active_count()
    with closing(Packers()) as packers:
        packing = packers.submit(threading.current_thread, WORTH - 1)

        assert threading.active_count() == before
        assert packing() is threading.current_thread()


def test_much_is_packed_by_threads_that_end_when_it_is_closed() -> None:
    before = threading.active_count()
    with closing(Packers()) as packers:
        packings = [packers.submit(threading.current_thread, WORTH) for _ in range(20)]

        assert threading.current_thread() not in {packing() for packing in packings}
    assert threading.active_count() == before


def test_what_fails_fails_for_who_asks_what_became_of_it() -> None:
    with closing(Packers()) as packers:
        packing = packers.submit(lambda: 1 // 0, WORTH)

        with pytest.raises(ZeroDivisionError):
            packing()
