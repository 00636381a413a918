from collections.abc import Sequence
from dataclasses import replace

import pytest

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.application.diagnosing.index import IndexChecker
from opentraces.domain.health import Check, Level
from opentraces.ports.index import IndexState
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

FIX = "opentraces doctor --fix"


class SpoiltIndex(MemoryIndex):
    """Some of its files are damaged, until it is made anew."""

    def __init__(self, *files: str) -> None:
        super().__init__()
        self._files = files

    def damaged(self) -> tuple[str, ...]:
        return self._files

    def lose(self) -> None:
        super().lose()
        self._files = ()


def world_of(*sessions: str, index: MemoryIndex | None = None) -> MemoryWorld:
    """A machine on which some sessions are kept."""
    world = MemoryWorld(index=index)
    for name in sessions:
        lines = typed("Fix it", at=0, session=name) + answered("Done", at=5, session=name)
        world.leave(name, {f"{name}.jsonl": lines})
    world.run()
    return world


def checks(world: MemoryWorld, deep: bool = False) -> list[Check]:
    return list(IndexChecker(world.catch_up, deep).checks())


def mended(world: MemoryWorld, deep: bool = False) -> list[str]:
    return list(IndexChecker(world.catch_up, deep).mend())


def test_where_nothing_is_kept_nothing_is_missed_nor_made() -> None:
    world = MemoryWorld()

    assert checks(world) == [Check("index", Level.OK, "nothing is to be found yet")]
    assert mended(world, deep=True) == []
    assert world.index.state() is IndexState.ABSENT


def test_an_index_that_answers_is_ready() -> None:
    world = world_of("s1")

    assert checks(world) == [Check("index", Level.OK, "ready")]
    assert checks(world, deep=True) == [Check("index", Level.OK, "ready, every byte of it read")]
    assert mended(world) == []


def test_a_lost_index_is_made_anew() -> None:
    world = world_of("s1", "s2")
    world.index.lose()

    (check,) = checks(world)
    assert (check.level, check.advice) == (Level.WARN, FIX)
    assert mended(world) == ["brought the index up to date: 2 traces"]
    assert checks(world) == [Check("index", Level.OK, "ready")]
    assert world.query("Fix").total == 2


def test_an_index_that_is_behind_is_nothing_to_worry_about_and_is_caught_up() -> None:
    world = world_of("s1", "s2")
    world.markers.mark([trace_of("s1")])

    (check,) = checks(world)
    assert check.level is Level.OK
    assert check.text == "ready, 1 trace behind: the next search catches up"
    assert mended(world) == ["brought the index up to date: 1 trace"]
    assert checks(world) == [Check("index", Level.OK, "ready")]


@pytest.mark.parametrize(
    ("files", "text"),
    [
        (["a.idx"], "damaged: a.idx"),
        (["a.idx", "b", "c"], "damaged: a.idx, b, c"),
        (["a.idx", "b", "c", "d", "e"], "damaged: a.idx, b, c and 2 more"),
    ],
)
def test_damage_is_found_and_mended_by_a_deep_look_alone(files: Sequence[str], text: str) -> None:
    world = world_of("s1", index=SpoiltIndex(*files))

    assert checks(world) == [Check("index", Level.OK, "ready")]
    assert mended(world) == []
    assert checks(world, deep=True) == [
        Check("index", Level.FAIL, text, "opentraces doctor --deep --fix")
    ]
    assert mended(world, deep=True) == [
        "gave the damaged index up",
        "brought the index up to date: 1 trace",
    ]
    assert [check.level for check in checks(world, deep=True)] == [Level.OK]
    assert world.query("Fix").total == 1


def test_trails_that_are_noted_nowhere_are_noted_anew() -> None:
    world = world_of("s1", "s2")
    world.trails.lose()

    ready, check = checks(world)
    assert ready == Check("index", Level.OK, "ready")
    assert (check.topic, check.level, check.advice) == ("index", Level.WARN, FIX)
    assert mended(world) == ["noted anew what sessions did to files"]
    assert checks(world) == [ready]
    assert len(world.trails.known([trace_of("s1"), trace_of("s2")])) == 2


def test_trails_that_are_lost_with_the_index_are_noted_with_it() -> None:
    world = world_of("s1")
    world.trails.lose()
    world.index.lose()

    assert len(checks(world)) == 1
    assert mended(world) == [
        "brought the index up to date: 1 trace",
        "noted anew what sessions did to files",
    ]
    assert checks(world) == [Check("index", Level.OK, "ready")]


def test_trails_are_not_missed_where_only_a_later_release_may_write() -> None:
    world = world_of("s1")
    world.trails.lose()

    assert list(IndexChecker(replace(world.catch_up, may_settle=False), False).checks()) == [
        Check("index", Level.OK, "ready")
    ]
