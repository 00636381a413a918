"""Workers that are killed, or work at once, while sessions grow; and what is kept afterwards."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import orjson

from opentraces.domain.address import parse_address
from opentraces.entrypoints.cli.documents.trace import gotten_bytes
from opentraces.entrypoints.container import catching_up, reading, restoring
from opentraces.entrypoints.settings import Settings
from tests.integration.program.machine import Machine, tree
from tests.memory_world import event_line
from tests.transcript_lines import answered, typed

_TOGETHER = 12
"""Processes after which what is kept is compared, and a copy of it goes on."""

_NAMES = ("PostToolUse", "PostToolUse", "UserPromptSubmit", "PostCompact", "SubagentStop", "Stop")
_WORDS = tuple(f"{front}{back}" for front in ("om", "wim", "nar", "qua") for back in ("bat", "dle"))
_BEGUN = '{"type":"queue-operation","operation":"enqueue","timestamp":"2026-11-01T11:00:00Z"}\n'


@dataclass
class Tally:
    """What became of the workers."""

    killed: int = 0
    ended: int = 0
    """Before they were to be killed."""

    compared: int = 0
    """How often all that is kept was compared."""

    wrong: list[str] = field(default_factory=list)
    """Whatever must not be; empty, unless the program is at fault."""


@dataclass
class _Session:
    """A session that grows: a transcript, a sub-agent, and events with serial numbers."""

    id: str
    claude: Path
    random: Random
    lines: int = 0
    serial: int = 0

    @property
    def transcript(self) -> Path:
        return self.claude / "projects" / "-work-widgets" / f"{self.id}.jsonl"

    def grow(self, copies_to: "_Session | None") -> None:
        """Let the agent write some lines; those of an original stand in its fork, too."""
        for _ in range(self.random.randrange(1, 12)):
            line = self._line()
            self.append(self.transcript, line)
            if copies_to is not None:
                copied = line.replace(self.id.encode(), copies_to.id.encode())
                copies_to.append(copies_to.transcript, copied)
        helper = self.transcript.with_suffix("") / "subagents" / "agent-a1.jsonl"
        at = self.lines % 3000
        text = self._text()
        self.append(helper, answered(text, at=at, session=self.id, isSidechain=True, agentId="a1"))

    def events(self, number: int, *, ends: bool) -> bytes:
        """Return some events more, each with its serial number."""
        names = [self.random.choice(_NAMES) for _ in range(number)] + ["SessionEnd"] * ends
        said = []
        for name in names:
            self.serial += 1
            where = {"transcript_path": str(self.transcript), "serial": self.serial}
            said.append(event_line(self.id, name, padding=self._text(), **where))
        return b"".join(said)

    def _line(self) -> bytes:
        self.lines += 1
        make = typed if self.lines % 2 else answered
        uuid = f"{self.id}-{self.lines}"
        at = self.lines % 3000
        return make(self._text(), at=at, session=self.id, uuid=uuid, **self._message())

    def _message(self) -> dict[str, str]:
        return {} if self.lines % 2 else {"message": f"{self.id[:4]}{self.lines}"}

    def _text(self) -> str:
        return " ".join(self.random.choices(_WORDS, k=self.random.choice((3, 30, 600))))

    def append(self, path: Path, line: bytes) -> None:
        """Let the agent write a line."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_BEGUN.encode() if path == self.transcript else b"")
        with path.open("ab") as file:
            file.write(line)


class WorkerKills:
    """One machine whose workers are killed, beside one whose workers are not."""

    def __init__(self, root: Path, seed: int) -> None:
        self.tally = Tally()
        self._random = Random(seed)
        self._claude = root / "claude"
        self._killed = Machine(root / "killed", self._claude)
        self._left_alone = Machine(root / "left-alone", self._claude)
        self._root = root
        ids = [f"{number:08x}-57a1-4c39-9d3e-2f6a1c7e9b04" for number in range(4)]
        self._sessions = [_Session(each, self._claude, self._random) for each in ids]
        self._told = {each.id: b"" for each in self._sessions}
        self._usual_s = 1.0

    def run(self, rounds: int) -> Tally:
        """Start `rounds` processes, and kill what is not quick; a few comparisons in between."""
        self._grow()
        began = time.monotonic()
        self._finish(self._killed)
        self._usual_s = time.monotonic() - began
        for first in range(0, rounds, _TOGETHER):
            self._copy()
            before = dict(self._told)
            for _ in range(first, min(first + _TOGETHER, rounds)):
                self._grow()
                self._work()
            for session, told in self._told.items():
                _spool(self._left_alone, session, told[len(before[session]) :])
            for machine in (self._killed, self._left_alone):
                self._finish(machine)
            self._compare(self._left_alone, kept_as_read)
        self._compare_with_one_import()
        return self.tally

    def _grow(self) -> None:
        """Let some sessions grow, and their hooks write events down."""
        original, fork = self._sessions[:2]
        some = self._random.sample(self._sessions, k=2)
        for session in some:
            session.grow(fork if session is original else None)
        for session in {each.id: each for each in (*some, *([fork] * (original in some)))}.values():
            ends = self._random.random() < 0.15
            said = session.events(self._random.randrange(1, 5), ends=ends)
            self._told[session.id] += said
            _spool(self._killed, session.id, said)

    def _work(self) -> None:
        """Start a worker, now and then an import, and kill it at a random instant."""
        process = self._start(imports=0.15)
        time.sleep(self._random.uniform(0.1, 1.0) * self._usual_s)
        os.killpg(process.pid, signal.SIGKILL)
        _, errors = process.communicate()
        self.tally.killed += process.returncode == -signal.SIGKILL
        self.tally.ended += process.returncode == 0
        self._usual_s *= 1.1 if process.returncode else 0.8  # neither all nor none are quick enough
        if process.returncode not in (0, -signal.SIGKILL):
            self.tally.wrong.append(f"one ended with {process.returncode}: {errors.decode()}")

    def _start(self, imports: float) -> subprocess.Popen[bytes]:
        """Start a worker, or an import: so often as that."""
        session = self._random.choice(self._sessions).id
        if self._random.random() < imports:
            return self._killed.start("import", "--all")
        return self._killed.start("ingest", "--session", session)

    def _finish(self, machine: Machine) -> None:
        """Run one worker that nobody disturbs."""
        code, _, errors = machine.run("ingest")
        if (code, errors) != (0, b""):
            self.tally.wrong.append(f"a worker ended with {code}: {errors.decode()}")

    def _copy(self) -> None:
        """Let the other machine go on from here."""
        shutil.rmtree(self._left_alone.home, ignore_errors=True)
        shutil.copytree(self._killed.home, self._left_alone.home)

    def _compare_with_one_import(self) -> None:
        whole = Machine(self._root / "whole", self._claude)
        for session, told in self._told.items():
            _spool(whole, session, told)
        whole.json("import", "--all")
        self._killed.json("import", "--all")
        self._compare(whole, kept_as_printed)
        for word in _WORDS[:2]:
            found, expected = (
                machine.json("trace", "query", word)["total"] for machine in (self._killed, whole)
            )
            if found != expected:
                self.tally.wrong.append(f"{word} is found in {found} traces, not in {expected}")
        if not self._killed.json("bucket", "verify", "--deep")["ok"]:
            self.tally.wrong.append("the bucket is damaged")

    def _compare(self, other: Machine, read: Callable[[Machine, str], "Kept"]) -> None:
        self.tally.compared += 1
        for session in self._sessions:
            if not self._told[session.id]:
                continue
            found, expected = read(self._killed, session.id), read(other, session.id)
            if found.record != expected.record:
                self.tally.wrong.append(f"{session.id} reads otherwise")
            if found.files != expected.files:
                self.tally.wrong.append(f"files of {session.id} are others")
            expected_serials = list(range(1, session.serial + 1))
            if found.serials != expected_serials:
                odd = Counter(found.serials)
                odd.subtract(expected_serials)
                some = {serial: number for serial, number in odd.items() if number}
                self.tally.wrong.append(f"events of {session.id}, too often or too rarely: {some}")


class WorkerCrowd(WorkerKills):
    """One machine where a few of them work at once, beside one where each works alone."""

    def _work(self) -> None:
        processes = []
        for _ in range(4):
            processes.append(self._start(imports=0.4))
            time.sleep(self._random.uniform(0, 0.3) * self._usual_s)
            self._grow()
        for process in processes:
            _, errors = process.communicate()
            self.tally.ended += process.returncode == 0
            if process.returncode != 0:
                self.tally.wrong.append(f"one ended with {process.returncode}: {errors.decode()}")


@dataclass(frozen=True)
class Kept:
    """What is kept of a session."""

    record: bytes
    """As `trace get --json` prints it."""

    files: dict[str, str]
    """A digest of every restored file, by name."""

    serials: list[int]
    """Of the restored events."""


def kept_as_printed(machine: Machine, session: str) -> Kept:
    """Read it by the program."""
    with TemporaryDirectory(dir=machine.root) as folder:
        machine.json("trace", "restore", session, "--to", folder)
        return Kept(machine.record(session), tree(Path(folder)), _serials(Path(folder), session))


def kept_as_read(machine: Machine, session: str) -> Kept:
    """Read it as the program does, without a process for each word: many times as fast."""
    settings = Settings.from_environment(machine.environment)
    if reading.is_marked(settings):
        catching_up.catch_up(settings).execute()
    gotten = reading.get_trace(settings).execute(parse_address(session))
    with TemporaryDirectory(dir=machine.root) as folder:
        restoring.restore_trace(settings).execute(session, restoring.destination(Path(folder)))
        files = tree(Path(folder))
        return Kept(gotten_bytes(gotten) + b"\n", files, _serials(Path(folder), session))


def _serials(folder: Path, session: str) -> list[int]:
    lines = (folder / "hooks" / f"{session}.jsonl").read_bytes().splitlines()
    return [orjson.loads(line)["event"]["serial"] for line in lines]


def _spool(machine: Machine, session: str, said: bytes) -> None:
    """Do what hooks do: share a lock while a line is added, and never to a file that is gone."""
    place = machine.home / "spool" / "claude-code" / f"{session}.jsonl"
    place.parent.mkdir(parents=True, exist_ok=True)
    while said:
        with place.open("ab", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            if os.fstat(file.fileno()).st_nlink:
                file.write(said)
                return
