"""The real Pi in a home with our program, and what is kept of its sessions."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any

import orjson

from benchmarks.corpus.tokens import Tokens
from benchmarks.processes import ProgramFailed
from benchmarks.program import Program, command
from tests.agents.rig.choosing import Chooser
from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.codex_live import Beside
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import pi_before_program, pi_program
from tests.agents.rig.pi import Pi
from tests.agents.rig.pi_story import COMMANDS, FILES, FREE, script_of
from tests.agents.rig.pi_told import PiTold, assert_is_whole
from tests.agents.rig.script import Lane
from tests.agents.rig.waiting import wait_until

EVENTS = Path(".opentraces", "pi", "events")
"""Where in a repository the extension writes."""

RELEASES = ("0.73.1", "0.87.1")
"""Of the client: the last under its former name, and a later one."""


@dataclass(frozen=True)
class Played:
    """A run of the client."""

    session: str
    """The session it left last. Empty: it left none."""

    code: int
    """With which exit code it ended."""

    served: tuple[Tokens, ...]
    """What each answer of the model was said to have cost, in order."""


@dataclass(frozen=True)
class PiLive:
    """One home: a client, a repository, and all that we keep."""

    release: str
    client: Pi
    model: Chooser
    repository: Path

    @property
    def program(self) -> Program:
        """Our program."""
        user = self.client.user
        return Beside(user, user / ".claude", self.client.search_path)

    @property
    def tells_of_summaries(self) -> bool:
        """Whether the client writes down what its summaries cost."""
        return self.release != RELEASES[0]

    @property
    def commands(self) -> tuple[str, str]:
        """What makes the client load an extension with commands."""
        return self.loading("commands", COMMANDS)

    def loading(self, name: str, text: str) -> tuple[str, str]:
        """Return what makes the client load an extension."""
        path = self.client.user / f"{name}.ts"
        path.write_text(text)
        return "-e", str(path)

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

    def play(self, *arguments: str, code: int = 0) -> Played:
        """Let the client do what its arguments say, to its end."""
        before, served = self._states(), len(self.model.served)
        ended = self.client.run(self.repository, *arguments)
        assert ended.code == code, ended
        return self._played(before, served, ended.code)

    def cut(self, word: str, number: Signals) -> Played:
        """Send the client a signal while a command of its script waits."""
        before, served = self._states(), len(self.model.served)
        with self.client.started(self.repository, "-p", f"{word}: wait") as running:
            begun = self.repository.parent / f"{word}.begun"
            wait_until(begun.exists, lambda: f"{begun} exists")
            wait_until(lambda: self._states() != before, lambda: "a session is written")
            running.send(number)
            ended = running.wait()
        return self._played(before, served, ended.code)

    def record(self, session: str) -> dict[str, Any] | None:
        """Return the kept TraceRecord of a session. None: nothing is kept of it."""
        try:
            return self.program.json("trace", "get", session)
        except ProgramFailed:
            return None

    def told(self, session: str) -> PiTold:
        """Return what is kept of a session now."""
        record = self.record(session)
        assert record, f"nothing of {session} is kept; {self.log()}"
        return self._whole(record)

    def kept(self, session: str, **events: int) -> PiTold:
        """Return what is kept of a session as soon as it is all that the client wrote.

        And as soon as its extension told of at least these events. Nothing is run before they are
        taken up: a command that reads starts a worker, too, where events have waited for long.
        """
        self.wait_until_taken_up(session)

        found: list[dict[str, Any]] = []

        def is_kept() -> bool:
            record = self.record(session)
            if record is None:
                return False
            found.append(record)
            told = record["metadata"].get("hooks", {}).get("events", {})
            enough = all(told.get(name, 0) >= times for name, times in events.items())
            return enough and self.is_given_back(session)

        wait_until(is_kept, lambda: f"{session} is kept, with {events}; {self.log()}")
        return self._whole(found[-1])

    def wait_until_taken_up(self, session: str) -> None:
        """Return when nothing that was told of a session lies in the repository any more."""
        events = self.events_of(session)
        wait_until(lambda: not events.exists(), lambda: f"{session} is taken up; {self.log()}")

    def events_of(self, session: str) -> Path:
        """Return the file into which the extension writes of a session."""
        return self.repository / EVENTS / f"{session}.jsonl"

    def is_given_back(self, session: str) -> bool:
        """Whether a restore gives the client's own file of a session, byte for byte."""
        to = self.client.user / "restored" / session
        shutil.rmtree(to, ignore_errors=True)
        self.program.run("trace", "restore", session, "--to", str(to))
        given = [path.read_bytes() for path in to.rglob(f"*_{session}.jsonl")]
        return given == [self.client.sessions()[session].read_bytes()]

    def waiting(self) -> list[str]:
        """Return the sessions of which something that was told lies in the repository."""
        return [path.stem for path in (self.repository / EVENTS).glob("*.jsonl")]

    def commits(self) -> list[str]:
        """Return the commits of the repository, the newest first."""
        given = ("git", "log", "--format=%H")
        done = subprocess.run(given, cwd=self.repository, capture_output=True, check=True)
        return done.stdout.decode().split()

    def log(self) -> str:
        """Return the end of the workers' log."""
        path = self.program.store / "state" / "ingest.log"
        return path.read_text()[-2000:] if path.exists() else "no worker ever began"

    def _whole(self, record: dict[str, Any]) -> PiTold:
        assert_is_whole(record)
        return PiTold(self.program, record)

    def _states(self) -> dict[str, int]:
        return {session: path.stat().st_size for session, path in self.client.sessions().items()}

    def _played(self, before: Mapping[str, int], served: int, code: int) -> Played:
        states = self._states()
        changed = [session for session in states if states[session] != before.get(session)]
        tokens = tuple(each.tokens for each in self.model.served[served:])
        return Played(max(changed, default=""), code, tokens)


@contextmanager
def living(
    root: Path,
    release: str,
    files: Mapping[str, str] = FILES,
    script: Callable[[Path], Sequence[Lane]] = script_of,
) -> Iterator[PiLive]:
    """Make a home below a folder: the client, our package in it, and a folder enrolled.

    `files` are in the repository; `script` is what the model says in that.
    """
    repository, user = root / "rates", root / "user"
    new_repository(repository, files)
    program, node = (pi_before_program(), None) if release == RELEASES[0] else pi_program()
    client = Pi(program, node, user)
    with serving(script(repository)) as (model, address):
        client.configure(address)
        live = PiLive(release, client, model, repository)
        live.ours("setup", "pi")
        live.ours("init", "--agent", "pi")
        try:
            yield live
        finally:
            (root / FREE).touch()
