"""What sessions show of the packages that their projects are built on."""

from typing import Any

import pytest
from opentraces_schema import TraceRecord as PublicRecord  # type: ignore[import-untyped]

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.application.get_trace import GetTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.assemble import wire_bytes
from opentraces.domain.environment import Pin
from opentraces.domain.session import Agent
from opentraces.domain.trace import TraceRecord
from tests.memory_world import FOLDER, MemoryWorld, release_of, trace_of
from tests.transcript_lines import answered, typed
from tests.unit.application.test_release_sources import LATER

PYPROJECT = '[project]\nname = "widgets"\ndependencies = [\n  "requests>=2",\n]\n'
LOCK = '[[package]]\nname = "requests"\nversion = "2.31.0"\nfiles = []\n'


class Session:
    """One session of Claude Code, call by call."""

    def __init__(self) -> None:
        self.lines = typed("build it", at=0)
        self.calls = 0

    def call(self, name: str, result: Any, *, is_error: bool = False, **given: Any) -> None:
        self.calls += 1
        call, at = f"t{self.calls}", 2 * self.calls
        block = {"type": "tool_use", "id": call, "name": name, "input": given}
        self.lines += answered(f"m{at}", at=at, blocks=[block])
        if result is not None:
            seen: dict[str, Any] = {"type": "tool_result", "tool_use_id": call, "content": "said"}
            if is_error:
                seen["is_error"] = True
            self.lines += typed([seen], at=at + 1, uuid=f"r{at}", toolUseResult=result)

    def write(self, name: str, text: str, before: str | None = None) -> None:
        path = f"{FOLDER}/{name}"
        result: dict[str, Any] = {
            "type": "create" if before is None else "update",
            "filePath": path,
            "content": text,
            "structuredPatch": [],
            "originalFile": before,
        }
        self.call("Write", result, file_path=path, content=text)

    def edit(self, name: str, before: str, old: str, new: str) -> None:
        path = f"{FOLDER}/{name}"
        lines = before.splitlines()
        at = lines.index(old)
        hunk = {
            "oldStart": at + 1,
            "oldLines": 1,
            "newStart": at + 1,
            "newLines": 1,
            "lines": [f"-{old}", f"+{new}"],
        }
        result: dict[str, Any] = {
            "filePath": path,
            "oldString": old,
            "newString": new,
            "originalFile": before,
            "structuredPatch": [hunk],
            "userModified": False,
            "replaceAll": False,
        }
        self.call("Edit", result, file_path=path, old_string=old, new_string=new)

    def read(self, name: str, text: str, lines: int | None = None) -> None:
        path = f"{FOLDER}/{name}"
        count = text.count("\n") + 1
        file = {
            "filePath": path,
            "content": text,
            "numLines": lines or count,
            "startLine": 1,
            "totalLines": count,
        }
        self.call("Read", {"type": "text", "file": file}, file_path=path)

    def run(self, command: str, *, is_error: bool = False) -> None:
        result = {"stdout": "", "stderr": "", "interrupted": False}
        said = "Error: no" if is_error else result
        self.call("Bash", said, is_error=is_error, command=command)

    def world(self) -> MemoryWorld:
        world = MemoryWorld(parser=ClaudeCodeParser())
        world.leave("s1", {"s1.jsonl": self.lines})
        world.run()
        return world


@pytest.fixture
def session() -> Session:
    return Session()


def record(world: MemoryWorld) -> TraceRecord:
    events = {Agent.CLAUDE_CODE: ClaudeCodeHookEvents()}
    use = GetTrace(world.traces, ResolveTrace(world.traces), events)
    found = use.execute(Address(trace_of("s1"))).record
    assert wire_bytes(found) == wire_bytes(world.record("s1"))
    PublicRecord.model_validate_json(wire_bytes(found))
    return found


def test_a_manifest_that_was_written_names_packages(session: Session) -> None:
    session.write("pyproject.toml", PYPROJECT)
    found = record(session.world())

    assert found.dependencies == ("requests",)
    assert found.environment.language_ecosystem == ("python",)
    assert found.environment.resolved_dependencies is None
    (row,) = found.metadata["dependencies"]["files"]
    assert row.pop("kept").startswith("s1.jsonl@")
    assert row == {
        "path": f"{FOLDER}/pyproject.toml",
        "ecosystem": "python",
        "step_index": 2,
        "names": 1,
    }


def test_of_several_states_of_a_file_the_last_one_counts(session: Session) -> None:
    session.write("pyproject.toml", PYPROJECT)
    session.edit("pyproject.toml", PYPROJECT, '  "requests>=2",', '  "httpx", "attrs",')
    found = record(session.world())

    assert found.dependencies == ("attrs", "httpx")
    (row,) = found.metadata["dependencies"]["files"]
    assert (row["step_index"], row["names"]) == (3, 2)


def test_a_lock_file_that_was_read_whole_pins(session: Session) -> None:
    session.read("poetry.lock", LOCK)
    found = record(session.world())

    assert found.environment.resolved_dependencies == (Pin(name="requests", version="2.31.0"),)
    assert found.metadata["dependencies"]["files"][0]["pins"] == 1


def test_a_file_that_was_read_in_part_says_nothing(session: Session) -> None:
    session.read("poetry.lock", LOCK, lines=2)

    assert record(session.world()).environment.resolved_dependencies is None


def test_commands_that_succeeded_name_what_they_installed(session: Session) -> None:
    session.run("pip install flask && npm i vite")
    session.run("pip install broken", is_error=True)
    session.run("cargo add serde || true")
    session.call("Bash", None, command="gem install rails")
    found = record(session.world())

    assert found.dependencies == ("flask", "vite")
    assert found.environment.language_ecosystem == ("npm", "python")
    rows = found.metadata["dependencies"]["commands"]
    assert [(row["step_index"], row["tool_call_id"], row["names"]) for row in rows] == [
        (2, "t1", ["flask"]),
        (2, "t1", ["vite"]),
    ]


def test_files_of_several_ecosystems_are_joined(session: Session) -> None:
    session.write("web/package.json", '{"dependencies": {"react": "18", "six": "1"}}')
    session.write("go.mod", "require github.com/pkg/errors v0.9.1\n")
    session.write("requirements.txt", "six==1.16.0\n")
    found = record(session.world())

    assert found.dependencies == ("github.com/pkg/errors", "react", "six")
    assert found.environment.language_ecosystem == ("go", "npm", "python")
    assert found.environment.resolved_dependencies == (
        Pin(name="github.com/pkg/errors", version="v0.9.1"),
        Pin(name="six", version="1.16.0"),
    )


def test_what_is_no_manifest_any_more_is_told_as_it_was_last_whole(session: Session) -> None:
    session.write("package.json", '{"dependencies": {"react": "18"}}')
    session.write("package.json", '{"dependencies": {', '{"dependencies": {"react": "18"}}')

    assert record(session.world()).dependencies == ("react",)


def test_a_session_that_shows_nothing_says_nothing(session: Session) -> None:
    session.write("README.md", "pip install flask\n")
    found = record(session.world())

    assert (found.dependencies, "dependencies" in found.metadata) == ((), False)


def test_what_was_let_go_is_told(session: Session) -> None:
    session.write("pyproject.toml", PYPROJECT)
    session.run("pip install flask")
    world = session.world()
    release_of(world).execute(LATER, dry_run=False)
    found = record(world)

    assert found.dependencies == ("flask",)
    assert found.metadata["dependencies"]["limitations"] == ["sources_released"]


@pytest.mark.parametrize("split", range(1, 12))
def test_kept_in_parts_it_is_the_same(session: Session, split: int) -> None:
    session.write("pyproject.toml", PYPROJECT)
    session.edit("pyproject.toml", PYPROJECT, '  "requests>=2",', '  "httpx",')
    session.run("pip install flask")
    whole = record(session.world())
    lines = session.lines.splitlines(keepends=True)
    world = MemoryWorld(parser=ClaudeCodeParser())
    world.leave("s1", {"s1.jsonl": b"".join(lines[:split])})
    world.run()
    world.agent.append("s1.jsonl", b"".join(lines[split:]))
    world.run()

    assert wire_bytes(record(world)) == wire_bytes(whole)
