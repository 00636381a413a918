"""The real Codex in a home with our program, and what is kept of its sessions."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any

import orjson
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from benchmarks.processes import ProgramFailed
from benchmarks.program import Program, command
from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.codex import Codex, kill, session_of
from tests.agents.rig.codex_model import Model, serving
from tests.agents.rig.codex_script import Lane
from tests.agents.rig.codex_story import FILES, FREE, Scene, script_of
from tests.agents.rig.installed import codex_program
from tests.agents.rig.running import Ended
from tests.agents.rig.told import Told
from tests.agents.rig.waiting import wait_until

HOOKS = Path(".opentraces", "codex-cli", "hooks")
"""Where in a repository hooks write."""


@dataclass(frozen=True)
class Beside(Program):
    """Our program in the home of a user of Codex, which it finds on the PATH."""

    search_path: str

    @property
    def environment(self) -> Mapping[str, str]:
        """See Program."""
        return {**super().environment, "PATH": self.search_path}


@dataclass(frozen=True)
class CodexLive:
    """One home: a client, a repository, and all that we keep."""

    client: Codex
    model: Model
    repository: Path

    @property
    def program(self) -> Program:
        """Our program."""
        user = self.client.user
        return Beside(user, user / ".claude", self.client.search_path)

    def ours(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command of ours in the repository, to an exit code; returns its document."""
        done = subprocess.run(
            (*command(), *arguments, "--json"),
            cwd=self.repository,
            env=self.program.environment,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done
        said: dict[str, Any] = orjson.loads(done.stdout)
        return said

    def play(self, scene: Scene) -> str:
        """Let the client play a scene to its end; returns the session."""
        ended = self.client.run(self.repository, *scene.options, scene.prompt)
        assert ended.code == scene.code, ended
        return session_of(ended)

    def say(self, text: str, *options: str) -> str:
        """Let the client answer one prompt to a good end; returns the session."""
        ended = self.client.run(self.repository, *options, text)
        assert ended.code == 0, ended
        return session_of(ended)

    def ended_in_a_command(self, word: str, number: Signals | None) -> tuple[str, Ended]:
        """Send the client a signal while a command of its script waits; None: kill all of it."""
        with self.client.started(self.repository, f"{word}: wait") as running:
            begins = self.repository.parent / f"{word}.begun"
            wait_until(begins.exists, lambda: f"{begins} exists")
            wait_until(lambda: self.sessions_with(begins.name), lambda: f"{begins} is written")
            if number is None:
                kill(running.process)
            else:
                running.send(number)
            ended = running.wait()
        return session_of(ended), ended

    def record(self, session: str) -> dict[str, Any] | None:
        """Return the kept TraceRecord of a session. None: nothing is kept of it."""
        try:
            return self.program.json("trace", "get", session)
        except ProgramFailed:
            return None

    def told(self, session: str) -> Told:
        """Return what is kept of a session now."""
        record = self.record(session)
        assert record, f"nothing of {session} is kept; {self.log()}"
        assert_is_whole(record)
        return Told(self.program, record)

    def kept(self, session: str, **events: int) -> Told:
        """Return what is kept of a session as soon as it is all that the client wrote.

        And as soon as its hooks told of at least these events. Nothing is run before they are
        taken up: a command that reads starts a worker, too, where events have waited for long.
        """
        self.wait_until_taken_up(session)

        def is_kept() -> bool:
            record = self.record(session)
            if record is None:
                return False
            found = record["metadata"].get("hooks", {}).get("events", {})
            enough = all(found.get(name, 0) >= times for name, times in events.items())
            return enough and self.is_given_back(session)

        wait_until(is_kept, lambda: f"{session} is kept, with {events}; {self.log()}")
        return self.told(session)

    def wait_until_taken_up(self, session: str) -> None:
        """Return when nothing that hooks told of a session lies in the repository any more."""
        events = self.repository / HOOKS / f"{session}.jsonl"
        wait_until(lambda: not events.exists(), lambda: f"{session} is taken up; {self.log()}")

    def is_given_back(self, session: str) -> bool:
        """Whether a restore gives the client's own file of a session, byte for byte."""
        to = self.client.user / "restored" / session
        shutil.rmtree(to, ignore_errors=True)
        self.program.run("trace", "restore", session, "--to", str(to))
        return rollouts(to, session) == rollouts(self.client.home, session) != []

    def sessions_with(self, word: str) -> list[str]:
        """Return the sessions of whose files one holds a word, each by its thread."""
        files = self.client.home.rglob("rollout-*.jsonl")
        return [path.stem[-36:] for path in files if word.encode() in path.read_bytes()]

    def commits(self) -> list[str]:
        """Return the commits of the repository, the newest first."""
        given = ("git", "log", "--format=%H")
        done = subprocess.run(given, cwd=self.repository, capture_output=True, check=True)
        return done.stdout.decode().split()

    def log(self) -> str:
        """Return the end of the workers' log."""
        path = self.program.store / "state" / "ingest.log"
        return path.read_text()[-2000:] if path.exists() else "no worker ever began"


@contextmanager
def living(
    root: Path,
    files: Mapping[str, str] = FILES,
    script: Callable[[Path], Sequence[Lane]] = script_of,
) -> Iterator[CodexLive]:
    """Make a home below a folder: the client, hooks that are not trusted, a folder enrolled.

    `files` are in the repository; `script` is what the model says in that.
    """
    repository, user = root / "rates", root / "user"
    new_repository(repository, files)
    client = Codex(codex_program(), user)
    client.home.mkdir(parents=True)
    with serving(script(repository)) as (model, address):
        client.configure(address)
        live = CodexLive(client, model, repository)
        live.ours("setup", "codex-cli")
        live.ours("init", "--agent", "codex-cli")
        try:
            yield live
        finally:
            (root / FREE).touch()


def rollouts(folder: Path, session: str) -> list[bytes]:
    """Return the client's own files of a session, wherever below a folder."""
    return [path.read_bytes() for path in sorted(folder.rglob(f"rollout-*{session}.jsonl"))]


def assert_is_whole(record: dict[str, Any]) -> None:
    """Fail when a record is not of the public schema, or a line of its source was not known."""
    assert TraceRecord.model_validate(record).model_dump(mode="json") == record
    assert record["agent"]["name"] == "codex-cli"
    lines = record["metadata"]["lines"]
    assert lines["unknown"] == lines["bad"] == 0, lines


def answers(record: Mapping[str, Any]) -> int:
    """Return how many responses of a model a record has."""
    return sum(step["role"] == "agent" for step in record["steps"])


def prompts(record: Mapping[str, Any]) -> list[str]:
    """Return what was typed, in order."""
    return [step["content"] for step in record["steps"] if step["role"] == "user"]


def tools(record: Mapping[str, Any]) -> list[str]:
    """Return the tools that were called, in order."""
    return [call["tool_name"] for step in record["steps"] for call in step["tool_calls"]]
