"""A process that is a worker at each Stop of a session that grows: `python -m … HOME TRANSCRIPT`.

The session's lines come on standard input, and reach the transcript in 100 pieces. Prints, as
JSON, how many bytes were read and written at each Stop: files only, what importing modules reads
left out, and no time goes by where a worker waits.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from opentraces.adapters.memory.clock import FixedClock
from opentraces.application.ingest_all import IngestAll
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.container.keeping_events import ingest_all
from opentraces.entrypoints.settings import Settings

STOPS = 100


def worker(home: Path) -> IngestAll:
    """Return a new worker: no two share what they remember."""
    settings = Settings.from_environment({"HOME": str(home), "OPENTRACES_HOME": str(home / "kept")})
    agents = ingest_all(settings).agents
    return IngestAll(tuple(replace(agent, clock=FixedClock()) for agent in agents))


def bytes_moved() -> int:
    """Return how many bytes this process has read and written."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines[:2])


def event(transcript: Path, name: str, at: int) -> bytes:
    said = {"transcript_path": str(transcript), "cwd": "/x", "hook_event_name": name}
    return json.dumps({"opentraces": 1, "at": at, "event": said}).encode() + b"\n"


def stop(home: Path, transcript: Path, lines: bytes, number: int) -> int:
    """Let the session grow and stop; returns how many bytes the worker moved."""
    spool = home / "kept" / "spool" / "claude-code" / f"{transcript.stem}.jsonl"
    with transcript.open("ab") as file:
        file.write(lines)
    with spool.open("ab") as file:
        for place, name in enumerate(("PostToolUse", "PostToolUse", "Stop")):
            file.write(event(transcript, name, 10 * number + place))
    before = bytes_moved()
    [done] = worker(home).execute(SessionId(transcript.stem))
    moved = bytes_moved() - before
    assert done.imported.kept == 1
    return moved


def all_stops(home: Path, transcript: Path, lines: list[bytes]) -> Iterator[int]:
    share = len(lines) / STOPS
    for number in range(STOPS):
        piece = lines[round(number * share) : round((number + 1) * share)]
        yield stop(home, transcript, b"".join(piece), number + 1)


def main(home: Path, transcript: Path) -> None:
    transcript.parent.mkdir(parents=True)
    (home / "kept" / "spool" / "claude-code").mkdir(parents=True)
    lines = sys.stdin.buffer.read().splitlines(keepends=True)
    first = transcript.with_stem("0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04")
    stop(home, first, b"".join(lines[:40]), 0)  # whatever is imported late is imported now
    sys.stdout.write(json.dumps(list(all_stops(home, transcript, lines))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
