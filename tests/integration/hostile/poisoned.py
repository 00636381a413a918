"""A machine on which every text that others wrote holds what a terminal obeys."""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner, Result

from opentraces.entrypoints.cli.main import cli
from tests.git_repositories import git, make_repository
from tests.integration.cli.conftest import DATA

SHAPE = frozenset(("type", "role", "timestamp", "subtype", "hook_event_name", "commandMode"))
"""Keys whose values say what a line is: poisoned, nobody would read the rest of it."""

PLAIN = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
"""A session whose working directory is the repository itself."""

MARK = "zebra"


@dataclass(frozen=True)
class Machine:
    """One user's machine."""

    home: Path
    poison: str

    @property
    def store(self) -> Path:
        return self.home / ".opentraces"

    @property
    def claude(self) -> Path:
        return self.home / ".claude"

    @property
    def repository(self) -> Path:
        return self.home / "work" / self.named("widgets")

    def named(self, what: str) -> str:
        """Return a name for a file, with as much of the poison as it can hold."""
        kept = self.poison.replace("/", "").replace("\0", "").encode("utf-8", "ignore")
        return f"{what}-{MARK}-{kept[:60].decode('utf-8', 'ignore')}"

    def call(self, *arguments: str, **extra: str) -> Result:
        """Run one command in the repository."""
        environment = {"HOME": str(self.home), "OPENTRACES_HOME": str(self.store), **extra}
        with contextlib.chdir(self.repository):
            return CliRunner(env=environment).invoke(cli, arguments, prog_name="opentraces")

    def prepare(self) -> None:
        """Lay everything out."""
        make_repository(self.repository)
        url = f"https://example.org/{self.named('widgets')}.git"
        git(self.repository, "config", "remote.origin.url", url)
        self._lay_sessions()
        other = self.home / self.named("other")
        assert self.call("setup", "claude-code", OPENTRACES_HOME=str(other)).exit_code == 0
        cannot_be_listed = "\n" in str(self.repository)
        assert self.call("init").exit_code == (2 if cannot_be_listed else 0)
        self._lay_events()

    def litter(self) -> None:
        """Put a file into the bucket that belongs to nobody."""
        (self.store / "bucket" / self.named("stray")).write_text("x")

    def misconfigure(self) -> None:
        """Set what cannot be set."""
        points = (ord(c) for c in f"{MARK}{self.poison}" if not 0xD800 <= ord(c) <= 0xDFFF)
        key = "".join(f"\\U{point:08x}" for point in points)
        (self.store / "config.toml").write_text(f'"{key}" = 1\n')

    def _lay_sessions(self) -> None:
        projects = self.claude / "projects"
        for name in ("edit_commit", "subagent", "failures"):
            shutil.copytree(DATA / name / "projects", projects, dirs_exist_ok=True)
        for path in [*projects.rglob("*.jsonl"), *projects.rglob("*.json")]:
            is_plain = path.stem == PLAIN
            lines = path.read_bytes().splitlines()
            path.write_bytes(b"".join(self._poisoned(line, is_plain) for line in lines))
        session = next(projects.glob(f"*/{PLAIN}"), projects / "-w" / PLAIN)
        outputs = session / "tool-results"
        outputs.mkdir(parents=True, exist_ok=True)
        (outputs / f"{self.named('b1')}.txt").write_text("spilled")
        (projects / "-w").mkdir(exist_ok=True)
        (projects / "-w" / f"{self.named('odd')}.jsonl").write_bytes(b'{"type":"hologram"}\n' * 3)

    def _poisoned(self, line: bytes, is_plain: bool) -> bytes:
        said = self._in(orjson.loads(line))
        if is_plain and "cwd" in said:
            said["cwd"] = str(self.repository)
        if said.get("type") == "assistant":
            said["message"]["id"] += "~"
        return json.dumps(said).encode() + b"\n"

    def _in(self, value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            return value if key in SHAPE else f"{value} {MARK}{self.poison}"
        if isinstance(value, list):
            return [self._in(each) for each in value]
        if isinstance(value, Mapping):
            return {name: self._in(each, name) for name, each in value.items()}
        return value

    def _lay_events(self) -> None:
        spool = self.store / "spool" / "claude-code"
        spool.mkdir(parents=True, exist_ok=True)
        lines = list(self._events())
        (spool / f"{PLAIN}.jsonl").write_bytes(b"".join(lines))

    def _events(self) -> Iterator[bytes]:
        transcript = next(self.claude.rglob(f"{PLAIN}.jsonl"))
        for number, path in enumerate(sorted((DATA / "hooks").glob("*.json"))):
            event = self._in(orjson.loads(path.read_bytes()))
            event |= {"transcript_path": str(transcript), "cwd": str(self.repository)}
            yield json.dumps({"opentraces": 1, "at": number, "event": event}).encode() + b"\n"
        odd = {"hook_event_name": f"{MARK}{self.poison}", "session_id": PLAIN}
        yield json.dumps({"opentraces": 1, "at": 99, "event": odd}).encode() + b"\n"
