"""Tokens of Codex's sessions equal what ccusage counts; where they cannot, a test says why."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from benchmarks.corpus.tokens import Tokens, total
from benchmarks.program import Program, tokens_of
from tests.agents.rig.ccusage import CodexCount, ccusage_of_codex

pytestmark = pytest.mark.agents

FIXTURES = Path(__file__).parents[1] / "data" / "codex-cli"
FOLDERS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
DAY = Path("sessions/2026/11/23")
NONE = CodexCount(Tokens(), 0)
EDIT = CodexCount(Tokens(input=6946, cache_read=34304, output=490), 64)
RESUMED = CodexCount(Tokens(input=4512, cache_read=12288, output=88), 0)
FORK = CodexCount(Tokens(input=4132, cache_read=3968, output=34), 0)
STARTER = CodexCount(Tokens(input=3384, cache_read=6016, output=50), 0)
HELPER = CodexCount(Tokens(input=2180, cache_read=1920, output=32), 0)
HEIRS = {
    "fork": ("ce28fb43730e", FORK, NONE),
    "subagent_v2": ("e96443abdf6b", HELPER, STARTER),
}
"""By folder: which thread comes from another one, what it used, and what the other one did."""

Rows = list[dict[str, Any]]


def rollouts(folder: str) -> list[Path]:
    return sorted((FIXTURES / folder).glob("rollout-*.jsonl"))


def read(path: Path) -> Rows:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def packed(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def is_count(row: dict[str, Any]) -> bool:
    kind: str | None = row["payload"].get("type")
    return kind == "token_count"


def is_record(row: dict[str, Any]) -> bool:
    kind: str = row["type"]
    return kind == "token_usage_record"


@dataclass(frozen=True)
class World:
    """A user's home, with what Codex left in it."""

    home: Path

    @property
    def codex(self) -> Path:
        return self.home / ".codex"

    def leave(self, name: str, data: bytes, folder: Path = DAY) -> None:
        path = self.codex / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def copy(self, *folders: str) -> None:
        for folder in folders:
            for path in rollouts(folder):
                self.leave(path.name, path.read_bytes())

    def counted(self) -> tuple[CodexCount, CodexCount]:
        """Return what we count, and what ccusage does."""
        program = Program(self.home, self.home / "no-claude")
        program.run("import", "--all")
        records = list(program.records())
        tokens = total([Tokens(), *map(tokens_of, records)])
        said = (record["metadata"]["codex_cli"] for record in records)
        ours = CodexCount(tokens, sum(each.get("reasoning_tokens", 0) for each in said))
        return ours, ccusage_of_codex(self.codex, self.home)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each not in HEIRS])
def test_tokens_of_a_real_session_are_equal(folder: str, world: World) -> None:
    world.copy(folder)

    ours, theirs = world.counted()

    assert ours == theirs
    assert ours.tokens.output > 0


def test_tokens_of_all_of_them_together_are_equal(world: World) -> None:
    world.copy(*(each for each in FOLDERS if each not in HEIRS))

    ours, theirs = world.counted()

    assert ours == theirs
    assert ours.tokens.output > 1000


def stored(rows: Rows) -> bytes:
    """Let each of seven responses have written seven tokens of its input to the cache."""
    field = b'"cache_write_input_tokens":'
    return packed(rows).replace(field + b"0", field + b"7")


AGREED: dict[str, tuple[Callable[[Rows], bytes], CodexCount]] = {
    "each count is written twice": (
        lambda rows: packed(each for row in rows for each in [row] * (2 if is_count(row) else 1)),
        EDIT,
    ),
    "there are only counts": (
        lambda rows: packed(row for row in rows if not is_record(row)),
        EDIT,
    ),
    "some input is written to the cache": (
        stored,
        CodexCount(EDIT.tokens._replace(input=6946 - 49, cache_creation=49), 64),
    ),
    "the last line is cut short": (
        lambda rows: packed(rows) + packed([next(filter(is_count, rows))])[:-30],
        EDIT,
    ),
}


@pytest.mark.parametrize("case", AGREED)
def test_both_count_the_same_where(case: str, world: World) -> None:
    write, expected = AGREED[case]
    (path,) = rollouts("edit")
    world.leave(path.name, write(read(path)))

    assert world.counted() == (expected, expected)


def at_later(rows: Rows, seconds: float) -> Rows:
    """Let the second count come so long after the first."""
    first, second = (row for row in rows if is_count(row))
    moment = datetime.fromisoformat(first["timestamp"]) + timedelta(seconds=seconds)
    stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [{**row, "timestamp": stamp} if row is second else row for row in rows]


INHERITED = (
    "ccusage takes the counts of a thread that comes from another one for copies of that one's "
    "when they come within a second of its first; a model that answers twice in a second, as the "
    "scripted one did here, is not counted at all. Nothing was copied into these rollouts."
)


@pytest.mark.parametrize("folder", HEIRS)
@pytest.mark.parametrize(("seconds", "is_counted"), [(None, False), (1.0, False), (1.001, True)])
def test_answers_within_a_second_of_a_fork_or_helper_are_no_copies(
    folder: str, seconds: float | None, is_counted: bool, world: World
) -> None:
    thread, own, other = HEIRS[folder]
    world.copy(folder)
    (path,) = (each for each in rollouts(folder) if each.stem.endswith(thread))
    if seconds is not None:
        world.leave(path.name, packed(at_later(read(path), seconds)))

    ours, theirs = world.counted()

    assert ours == added(own, other)
    assert theirs == (added(own, other) if is_counted else other), INHERITED


def test_a_fork_is_counted_beside_the_session_it_comes_from(world: World) -> None:
    world.copy("resume2", "fork")

    ours, theirs = world.counted()

    assert ours == added(RESUMED, FORK)
    assert theirs == RESUMED, INHERITED


def added(one: CodexCount, other: CodexCount) -> CodexCount:
    return CodexCount(total([one.tokens, other.tokens]), one.reasoning + other.reasoning)


def test_a_session_that_was_archived_too_is_one(world: World) -> None:
    world.copy("edit")
    shutil.copytree(world.codex / DAY, world.codex / "archived_sessions")

    ours, theirs = world.counted()

    assert ours == EDIT
    assert theirs == added(EDIT, EDIT), "ccusage counts both files"


def test_a_compressed_session_is_counted(world: World) -> None:
    (path,) = rollouts("edit")
    world.leave(f"{path.name}.zst", zstandard.compress(path.read_bytes()))

    assert world.counted() == (EDIT, NONE), "ccusage reads no .jsonl.zst"


def test_a_response_is_counted_by_its_record_where_no_count_followed(world: World) -> None:
    """Codex writes the record as the answer ends, the count only when its calls are done."""
    (path,) = rollouts("edit")
    world.leave(path.name, packed(row for row in read(path) if not is_count(row)))

    assert world.counted() == (EDIT, NONE), "ccusage reads no token_usage_record"
