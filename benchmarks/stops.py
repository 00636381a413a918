"""What the worker costs at each Stop of a session that grows: late as early."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import mean

from benchmarks.corpora import single_session
from benchmarks.processes import Finished
from benchmarks.program import Program
from benchmarks.table import Row, at_most, compared

_MB = 20.0
_STOPS = 100
_EARLY, _LATE = slice(10, 20), slice(90, 100)
_BOUND = 1.5
_EVENTS = ("PostToolUse", "PostToolUse", "Stop")


def rows(cache: Path) -> Iterator[Row]:
    """Yield a late Stop by an early one, and whether the last lines were found.

    A worker waits for an agent's last lines a quarter of a second, which is in the time it takes
    and not in that of the processor.
    """
    corpus = single_session(_MB, cache)
    [session] = corpus.manifest.sessions
    program = _emptied(cache)
    lines = (corpus.root / session.main.path).read_bytes().splitlines(keepends=True)
    stops = list(_stops(program, program.claude / session.main.path, lines))
    figure = f"Stops 91 to 100 by 11 to 20, {_MB:g} MB"
    early, late = (mean(each.wall_ms for each in stops[some]) for some in (_EARLY, _LATE))
    yield at_most(figure, "ms", late, early, _BOUND)
    early, late = (mean(each.cpu_ms for each in stops[some]) for some in (_EARLY, _LATE))
    yield compared(f"{figure}, processor", "ms", late, early)
    kept = program.json("trace", "get", session.session_id)["metadata"]
    whole = sum(row["size"] for row in kept["sources"] if row["kind"] == "transcript")
    expected = sum(map(len, lines))
    yield Row("Stops, bytes kept", f"{whole:,}", f"{expected:,}", bound="all", ok=whole == expected)


def _emptied(cache: Path) -> Program:
    program = Program(cache / "homes" / "stops", cache / "stops")
    for folder in (program.home, program.claude):
        shutil.rmtree(folder, ignore_errors=True)
    return program


def _stops(program: Program, transcript: Path, lines: list[bytes]) -> Iterator[Finished]:
    """Let the session grow a hundredth before each."""
    transcript.parent.mkdir(parents=True)
    moments = count(1)
    for number in range(_STOPS):
        begin, end = (len(lines) * at // _STOPS for at in (number, number + 1))
        with transcript.open("ab") as file:
            file.write(b"".join(lines[begin:end]))
        yield stop(program, transcript, moments)


def stop(program: Program, transcript: Path, moments: Iterator[int]) -> Finished:
    """Write down what the hooks of a turn would, and run the worker that the last would start."""
    spool = program.store / "spool" / "claude-code" / f"{transcript.stem}.jsonl"
    spool.parent.mkdir(parents=True, exist_ok=True)
    with spool.open("ab") as file:
        file.write(b"".join(_event(transcript, name, next(moments)) for name in _EVENTS))
    return program.run("ingest", "--session", transcript.stem)


def _event(transcript: Path, name: str, at: int) -> bytes:
    event = {
        "session_id": transcript.stem,
        "transcript_path": str(transcript),
        "cwd": "/home/dev",
        "hook_event_name": name,
    }
    said = {"opentraces": 1, "at": at, "event": event}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
