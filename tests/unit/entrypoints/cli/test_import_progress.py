"""How far an import has come is drawn for a person, and only when it lasts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from opentraces.entrypoints.cli import import_progress


class Screen:
    """A terminal, and a clock that is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.drawn: list[tuple[int, int]] = []
        patch.setattr(import_progress, "monotonic", lambda: self.now)
        patch.setattr(import_progress, "_bar", self._bar)
        patch.setattr(sys.stderr, "isatty", lambda: True)

    @contextmanager
    def _bar(self) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: self.drawn.append((done, total))


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    return Screen(monkeypatch)


def test_a_short_import_draws_nothing(screen: Screen) -> None:
    with import_progress.shown_progress() as on_bytes:
        screen.now = 0.4
        on_bytes(1000, 2000)

    assert screen.drawn == []


def test_an_import_that_lasts_is_drawn_from_then_on(screen: Screen) -> None:
    with import_progress.shown_progress() as on_bytes:
        on_bytes(1000, 4000)
        screen.now = 0.6
        on_bytes(2000, 4000)
        on_bytes(4000, 4000)

    assert screen.drawn == [(2000, 4000), (4000, 4000)]


def test_an_import_of_many_bytes_is_drawn_at_once(screen: Screen) -> None:
    with import_progress.shown_progress() as on_bytes:
        on_bytes(0, 30_000_000)

    assert screen.drawn == [(0, 30_000_000)]
