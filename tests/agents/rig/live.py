"""The real client with our hooks installed, and what of its sessions is kept without a command."""

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.processes import ProgramFailed
from benchmarks.program import Program, command
from tests.agents.rig.choosing import Chooser
from tests.agents.rig.claude_code import ClaudeCode
from tests.agents.rig.told import Told
from tests.agents.rig.waiting import wait_until

KEPT_WITHIN_S = 5.0


@dataclass(frozen=True)
class Live:
    """One home: a client, a repository that is enrolled, and all that we keep."""

    client: ClaudeCode
    api: Chooser

    @property
    def program(self) -> Program:
        """Our program, in the client's home."""
        return Program(self.client.home, self.client.claude)

    def in_repository(self, *arguments: str) -> None:
        """Run a command of ours in the repository."""
        subprocess.run(
            (*command(), *arguments),
            cwd=self.client.repository,
            env=self.program.environment,
            check=True,
            timeout=60,
        )

    def record(self, session: str) -> dict[str, Any] | None:
        """Return the kept TraceRecord of a session. None: nothing is kept of it."""
        try:
            return self.program.json("trace", "get", session)
        except ProgramFailed:
            return None

    def kept(self, session: str, since: float, word: str, ends: int = 0) -> Told:
        """Return what is kept of a session as soon as it has a word.

        `since` is when the closing event was over, as `time.monotonic` counts: fails 5 s after it.
        With `ends` the client must have ended so often in it, and a restore must give its files,
        byte for byte. No command that keeps anything is run meanwhile.
        """

        def is_kept() -> bool:
            record = self.record(session)
            if record is None or word.encode() not in orjson.dumps(record):
                return False
            return not ends or (self.ends(session) >= ends and self.is_given_back(session))

        left = since + KEPT_WITHIN_S - time.monotonic()
        wait_until(is_kept, lambda: f"{session} is kept, with {word}; {self.log()}", left)
        return self.told(session)

    def ends(self, session: str) -> int:
        """Return how often the client ended in a session, as hooks told and is kept."""
        return self.told(session).events.get("SessionEnd", 0)

    def told(self, session: str) -> Told:
        """Return what is kept of a session now."""
        record = self.record(session)
        assert record, f"nothing of {session} is kept"
        return Told(self.program, record)

    def log(self) -> str:
        """Return the end of the workers' log."""
        path = self.program.store / "state" / "ingest.log"
        return path.read_text()[-2000:] if path.exists() else "no worker ever began"

    def is_given_back(self, session: str) -> bool:
        """Whether a restore gives the client's own files of a session, byte for byte."""
        to = self.client.home / "restored" / session
        shutil.rmtree(to, ignore_errors=True)
        self.program.run("trace", "restore", session, "--to", str(to))
        return _files(to / "projects", session) == self.transcripts(session)

    def transcripts(self, session: str) -> dict[str, bytes]:
        """Return the client's own files of a session, by path below its folder of projects."""
        return _files(self.client.claude / "projects", session)

    def sessions(self) -> list[str]:
        """Return every session of which the client has a transcript."""
        return [path.stem for path in self.client.claude.glob("projects/*/*.jsonl")]

    def wait_until_written(self, session: str, text: str) -> None:
        """Return when the client has written a text to its transcript of a session."""

        def is_written() -> bool:
            return any(text.encode() in data for data in self.transcripts(session).values())

        wait_until(is_written, lambda: f"{text} is in the transcript of {session}")


def _files(projects: Path, session: str) -> dict[str, bytes]:
    found = ((str(path.relative_to(projects)), path) for path in projects.rglob("*"))
    return {name: path.read_bytes() for name, path in found if session in name and path.is_file()}


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, by path."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
