"""The real program as processes, over a home of its own and the sessions of one agent."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.integration.program import many

COMMAND = (sys.executable, "-m", "opentraces")


@dataclass(frozen=True)
class Machine:
    """One user's machine."""

    root: Path
    claude: Path
    codex: Path | None = None

    @property
    def home(self) -> Path:
        return self.root / "opentraces"

    @property
    def bucket(self) -> Path:
        return self.home / "bucket"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "OPENTRACES_HOME": str(self.home),
            "CLAUDE_CONFIG_DIR": str(self.claude),
            **({"CODEX_HOME": str(self.codex)} if self.codex else {}),
        }

    @property
    def command(self) -> tuple[str, ...]:
        """What starts the program."""
        return COMMAND

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one command, in a session of its own."""
        self.root.mkdir(parents=True, exist_ok=True)
        return subprocess.Popen(
            [*self.command, *arguments],
            env=self.environment,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, bytes, bytes]:
        """Run one command to its end: exit code, stdout, stderr."""
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=300)
        return process.returncode, out, errors

    def json(self, *arguments: str) -> Any:
        """Run one command that must succeed, and read what it prints."""
        code, out, errors = self.run(*arguments, "--json")
        assert code == 0, (code, out, errors)
        return orjson.loads(out)

    def many(self, commands: Iterable[Sequence[str]]) -> list[bytes]:
        """Run commands that must succeed in silence, in one process; return what each prints."""
        done = subprocess.run(
            [*self.command[: -len(COMMAND)], sys.executable, many.__file__],
            input=json.dumps([*commands]).encode(),
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert [each for each in said if (each[0], each[2]) != (0, "")] == []
        return [out.encode("utf-8", "surrogateescape") for _, out, _ in said]

    def trace_ids(self) -> list[str]:
        """Return the id of every trace, ascending."""
        hits = self.json("trace", "query", "--limit", "100000")["hits"]
        return sorted(hit["trace_id"] for hit in hits)

    def records(self) -> dict[str, bytes]:
        """Return every TraceRecord as it is printed."""
        traces = self.trace_ids()
        records = self.many(("trace", "get", each, "--json") for each in traces)
        return dict(zip(traces, records, strict=True))

    def record(self, trace: str) -> bytes:
        """Return one TraceRecord as it is printed."""
        code, out, errors = self.run("trace", "get", trace, "--json")
        assert (code, errors) == (0, b""), errors
        return out

    def restored(self) -> dict[str, str]:
        """Return a digest of every restored file, by trace and name."""
        places = {trace: self.root / "restored" / trace for trace in self.trace_ids()}
        self.many(("trace", "restore", trace, "--to", str(to)) for trace, to in places.items())
        return {
            f"{trace}/{name}": value
            for trace, place in places.items()
            for name, value in tree(place).items()
        }


def tree(folder: Path) -> dict[str, str]:
    """Return a digest of every file below a folder, by its path in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _files(folder)
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
