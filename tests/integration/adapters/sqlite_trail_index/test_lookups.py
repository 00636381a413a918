"""A question about trails costs no more where more is noted that it does not ask for."""

import sqlite3
from collections.abc import Callable, Iterator, Sized
from pathlib import Path

import pytest

from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedTrail
from tests.contracts.trail_index import FIRST, KEY, ONE, SEARCHED, credit, noted, trail

FEW, MANY = 40, 2000


class Steps:
    """Counts what SQLite's machine does, an instruction at a time."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return 0


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps, connect = Steps(), sqlite3.connect

    def counted(*arguments: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)  # type: ignore[call-overload]
        connection.set_progress_handler(steps, 1)
        return connection

    monkeypatch.setattr(sqlite3, "connect", counted)
    return steps


def others(number: int) -> Iterator[NotedTrail]:
    """Yield traces of other repositories, and of this one, with files of every name."""
    for index in range(number):
        key = KEY if index % 2 else f"{index:040x}"
        trace = TraceId(f"other-{index}")
        found = tuple(
            credit(trace, 1, 2, commit=CommitId(f"{index:040x}"), patch=f"{index}") for _ in "x"
        )
        name = "wanted.py" if key != KEY else f"{index}.py"
        files = (name, f"src/{index}.py")
        at = noted(trace, *files, repository=key, worktree=f"/w/{index if key != KEY else 0}")
        yield NotedTrail(at, {key: found, f"{KEY}-of-a-clone": found})


def filled(path: Path, number: int) -> SqliteTrailIndex:
    trails = SqliteTrailIndex(path, "b7e6", 0.1)
    trails.renew([trail(ONE, "src/wanted.py"), *others(number)])
    trails.settle(KEY, SEARCHED, [], [credit(ONE)])
    return trails


ASKED: dict[str, tuple[Callable[[SqliteTrailIndex], Sized], int]] = {
    "who touched a file": (lambda trails: trails.noted(KEY, [], ["src/wanted.py"]), 1),
    "who touched a file of a worktree": (lambda t: t.noted("", ["/home/dev/widgets"], ["x"]), 0),
    "who wrote a commit": (lambda trails: list(trails.credits(KEY, [FIRST], None)), 1),
    "what became of a trace": (lambda trails: list(trails.credits(KEY, None, ONE)), 1),
    "what is known of a trace": (lambda trails: trails.known([ONE]), 1),
    "what was searched": (lambda trails: trails.searched(KEY).tips, 2),
    "whether it is complete": (lambda trails: "x" * trails.is_complete(), 1),
}
DONE: dict[str, Callable[[SqliteTrailIndex], None]] = {
    "to note a trace": lambda trails: trails.note([trail(ONE, "b.py")]),
    "to settle": lambda trails: trails.settle(KEY, SEARCHED, [(ONE, 3)], [credit(ONE, 2, 3)]),
    "to forget a trace": lambda trails: trails.note([], [ONE]),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_asked_for_is_not_read(name: str, tmp_path: Path, steps: Steps) -> None:
    ask, answers = ASKED[name]
    took = []
    for number in (FEW, MANY):
        trails = filled(tmp_path / f"{number}", number)
        before = steps.count
        assert len(ask(trails)) == answers
        took.append(steps.count - before)

    assert took[1] <= took[0] + 20, took


@pytest.mark.parametrize("name", DONE)
def test_what_is_not_noted_is_not_read(name: str, tmp_path: Path, steps: Steps) -> None:
    took = []
    for number in (FEW, MANY):
        trails = filled(tmp_path / f"{number}", number)
        before = steps.count
        DONE[name](trails)
        took.append(steps.count - before)

    assert took[1] <= took[0] + 20, took
