"""An agent that writes what we do not know: an error that names the file, and no byte lost."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.integration.program.machine import Machine
from tests.integration.program.test_two_releases import Released, make_release
from tests.transcript_lines import answered, typed

DATA = Path(__file__).parents[2] / "data" / "codex-cli"
THREAD = "01a206c2-0000-7000-8000-00000000000{}"
NOTHING = "no line of it was recognised: the agent may have changed its format"
HARDLY = "hardly a line of it was recognised: the agent may have changed its format"

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class World:
    """A machine on which both agents left sessions."""

    machine: Machine

    def claude(self, name: str, lines: bytes) -> Path:
        return self._written(self.machine.claude / "projects" / "-w" / name, lines)

    def codex(self, number: int, lines: bytes, ending: str = ".jsonl") -> Path:
        assert self.machine.codex is not None
        name = f"rollout-2026-11-23T05-00-00-{THREAD.format(number)}{ending}"
        return self._written(self.machine.codex / "sessions/2026/11/23" / name, lines)

    def _written(self, path: Path, lines: bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lines)
        return path

    def imported(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Import; returns the exit code, the document, and what was said beside it."""
        code, out, errors = self.machine.run("import", *(arguments or ("--all",)), "--json")
        return code, json.loads(out), errors.decode()

    def formats(self) -> tuple[int, list[tuple[str, str]]]:
        """Ask the doctor; returns the exit code, and what is said of formats."""
        code, out, _ = self.machine.run("doctor", "--json")
        rows = json.loads(out)["checks"]
        return code, [(r["level"], r["text"]) for r in rows if r["topic"] == "formats"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Machine(tmp_path / "machine", tmp_path / "claude", tmp_path / "codex"))


def lines_of(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def rollout() -> Rows:
    """Every line of a real session of Codex."""
    (path,) = (DATA / "edit").glob("rollout-*")
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def renamed(rows: Rows) -> Rows:
    return [{**row, "type": f"x_{row['type']}"} for row in rows]


def of_release(release: str, rows: Rows) -> Rows:
    head = {**rows[0], "payload": {**rows[0]["payload"], "cli_version": release}}
    return [head, *rows[1:]]


def transcript() -> Rows:
    lines = typed("Fix it", at=0, session="s1") + answered("Done", at=5, session="s1")
    return [json.loads(line) for line in lines.splitlines()]


def alien_transcript() -> Rows:
    return [{**row, "type": f"x-{row['type']}", "version": "3.0.0"} for row in transcript()]


def _codex(*rows: dict[str, Any]) -> Callable[[World], Path]:
    return lambda world: world.codex(1, lines_of(rows))


BEFORE = {
    "__init__.py": ('__version__ = "0.1.0"', '__version__ = "0.0.9"'),
    "adapters/codex_cli/line_types.py": (
        '    kind = line.get("type")',
        "    kind = f\"x_{line.get('type')}\"",
    ),
    "adapters/claude_code/automaton.py": (
        '        kind = value.get("type")',
        "        kind = f\"x_{value.get('type')}\"",
    ),
}
"""What makes an older release of this one, that has yet to learn what the agents write."""

MODE = {"type": "mode", "mode": "normal", "sessionId": "s1"}
BARE = {"id": THREAD.format(1), "timestamp": "2025-05-01T00:00:00.000Z", "instructions": None}
SAID = {"type": "utterance", "role": "user", "content": "Hello"}
ALIEN: dict[str, tuple[Callable[[World], Path], str, str]] = {
    "claude code, each type renamed": (
        lambda world: world.claude("s1.jsonl", lines_of(alien_transcript())),
        NOTHING,
        "claude-code 3.0.0",
    ),
    "claude code, but for its mode": (
        lambda world: world.claude("s1.jsonl", lines_of([MODE, *alien_transcript()])),
        HARDLY,
        "claude-code 3.0.0",
    ),
    "claude code, no JSON": (
        lambda world: world.claude("s1.jsonl", b"\x00\xffgarbage\n" * 3),
        NOTHING,
        "claude-code of no known release",
    ),
    "claude code, not one line": (
        lambda world: world.claude("s1.jsonl", b"\x00" * 4096),
        NOTHING,
        "claude-code of no known release",
    ),
    "codex, each type renamed": (
        _codex(*renamed(of_release("0.199.0", rollout()))),
        NOTHING,
        "codex-cli 0.199.0",
    ),
    "codex, but for its first line": (
        _codex(*of_release("0.199.0", [rollout()[0], *renamed(rollout()[1:])])),
        HARDLY,
        "codex-cli 0.199.0",
    ),
    "codex, no envelope": (
        _codex(*({"kind": "item", "v": 2} for _ in range(5))),
        NOTHING,
        "codex-cli of no known release",
    ),
    "codex, bare lines but for the first": (
        _codex(BARE, SAID, SAID),
        HARDLY,
        "codex-cli of no known release",
    ),
    "codex, no JSON": (
        lambda world: world.codex(1, b"\x00\xffgarbage\n" * 3),
        NOTHING,
        "codex-cli of no known release",
    ),
    "codex, not one line": (
        lambda world: world.codex(1, b"\x00" * 4096),
        NOTHING,
        "codex-cli of no known release",
    ),
    "codex, compressed": (
        lambda world: world.codex(
            1, zstandard.compress(lines_of(renamed(rollout()))), ".jsonl.zst"
        ),
        NOTHING,
        "codex-cli 0.169.0",
    ),
}


@pytest.mark.parametrize("case", ALIEN)
def test_it_is_an_error_that_names_the_file(case: str, world: World) -> None:
    leave, reason, writer = ALIEN[case]
    path = leave(world)

    for _ in range(2):
        code, done, said = world.imported()

        assert code == 6
        assert (done["kept"], done["unchanged"], done["skipped"]) == (0, 0, [])
        assert done["failed"] == [{"path": str(path), "reason": reason}]
        assert said == f"opentraces: {path}: {reason}\n"
    code, checks = world.formats()
    assert code == 1
    assert checks[0] == (
        "fail",
        f"no line, or hardly one, was recognised in 1 file of {writer}, such as {path}: "
        "the agent may have changed its format",
    )


@pytest.mark.parametrize("case", ALIEN)
def test_its_bytes_are_kept(case: str, world: World, tmp_path: Path) -> None:
    path = ALIEN[case][0](world)
    left = path.read_bytes()
    world.imported()
    path.unlink()

    session = "s1" if case.startswith("claude") else THREAD.format(1)
    place = tmp_path / "restored"
    code, _, errors = world.machine.run("trace", "restore", session, "--to", str(place))

    assert code == 0, errors
    (back,) = (each for each in place.rglob("*") if each.is_file())
    is_compressed = path.name.endswith(".zst")
    assert back.read_bytes() == (zstandard.decompress(left) if is_compressed else left)


def test_text_names_it_once_beside_the_result(world: World) -> None:
    path = world.codex(1, lines_of(renamed(rollout())))

    code, out, errors = world.machine.run("import", "--all")

    assert code == 6
    assert b"Failed    1 session" in out
    assert errors.decode() == f"opentraces: {path}: {NOTHING}\n"


def test_many_are_named_in_json_and_a_few_beside_it(world: World) -> None:
    for number in range(12):
        world.claude(f"s{number:02}.jsonl", b"garbage\n")

    _, done, said = world.imported()

    assert len(done["failed"]) == 12
    assert said.count(NOTHING) == 10
    assert said.endswith("opentraces: … and 2 more: --json lists all\n")


def test_a_file_that_cannot_be_read_is_named_once(world: World) -> None:
    path = world.codex(1, b"no zstandard", ".jsonl.zst")

    code, done, said = world.imported()

    assert code == 6
    assert [row["path"] for row in done["failed"]] == [str(path)]
    assert said == f"opentraces: {path}: zstd decompress error: Unknown frame descriptor\n"


def test_an_empty_file_is_no_error(world: World) -> None:
    world.claude("s1.jsonl", b"")
    world.codex(1, b"")

    code, done, said = world.imported()

    assert (code, done["failed"], said) == (0, [], "")
    assert len(done["skipped"]) == 2
    assert world.formats() == (0, [("ok", "every line that is kept was understood")])


def test_the_first_releases_of_codex_are_recognised(world: World) -> None:
    words = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    world.codex(1, lines_of([BARE, {"record_type": "state"}, words]))

    code, done, said = world.imported()

    assert (code, done["kept"], done["failed"], said) == (0, 1, [], "")


def test_an_alien_sub_agent_is_an_error_beside_a_session_that_is_kept(world: World) -> None:
    main = lines_of(transcript())
    world.claude("s1.jsonl", main)
    helper = world.claude("s1/subagents/agent-a1.jsonl", lines_of(alien_transcript()))
    row = {"path": str(helper), "reason": NOTHING}

    code, done, said = world.imported()
    assert (code, done["kept"], done["failed"]) == (0, 1, [row])
    assert said == f"opentraces: {helper}: {NOTHING}\n"
    code, done, said = world.imported()
    assert (code, done["kept"], done["unchanged"], done["failed"]) == (0, 0, 1, [row])
    code, checks = world.formats()
    assert (code, checks[0][0]) == (1, "fail")
    assert f"in 1 file of claude-code 3.0.0, such as {helper}: " in checks[0][1]
    world.claude("s1.jsonl", main + typed("More", at=90, session="s1"))
    code, done, _ = world.imported()
    assert (code, done["kept"], done["failed"]) == (0, 1, [row])
    assert len(world.machine.records()) == 1


def test_a_few_unknown_lines_before_anybody_spoke_are_no_error(world: World) -> None:
    world.claude("s1.jsonl", lines_of([MODE, {"type": "brand-new", "sessionId": "s1"}]))

    code, done, said = world.imported()

    assert (code, done["failed"], len(done["skipped"]), said) == (0, [], 1, "")


def test_files_are_counted_by_the_release_that_wrote_them(world: World) -> None:
    for number, release in enumerate(["0.198.0", "0.199.0", "0.199.0"], 1):
        world.codex(number, lines_of(renamed(of_release(release, rollout()))))

    world.imported()

    counted = [text.partition(" recognised in ")[2] for _, text in world.formats()[1]]
    assert [text.partition(",")[0] for text in counted if text] == [
        "2 files of codex-cli 0.199.0",
        "1 file of codex-cli 0.198.0",
    ]


def test_a_file_that_grows_into_what_is_known_is_no_error_any_more(world: World) -> None:
    whole = lines_of(rollout())
    path = world.codex(1, whole[:50])
    assert [row["reason"] for row in world.imported()[1]["failed"]] == [NOTHING]

    path.write_bytes(whole)

    code, done, said = world.imported()
    assert (code, done["kept"], done["failed"], said) == (0, 1, [], "")
    assert world.formats()[0] == 0


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a release is that knows no type of line of either agent."""
    return make_release(tmp_path_factory.mktemp("0.0.9"), BEFORE)


def test_a_release_that_understands_it_ends_the_alarm(world: World, before: Path) -> None:
    now = world.machine
    old = World(Released(now.root, now.claude, now.codex, packages=before))
    world.claude("s1.jsonl", lines_of(transcript()))
    world.codex(1, lines_of(rollout()))
    assert (old.imported()[0], old.formats()[0]) == (6, 1)
    assert (world.imported()[0], world.formats()[0]) == (6, 1)

    assert now.json("bucket", "repair", "--reproject")["reprojected"] == 2

    code, done, said = world.imported()
    assert (code, done["unchanged"], done["failed"], said) == (0, 2, [], "")
    assert world.formats() == (0, [("ok", "every line that is kept was understood")])
    assert len(now.records()) == 2
