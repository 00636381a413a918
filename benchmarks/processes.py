"""Run one program to its end and say what it cost, everything of it included."""

import fcntl
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_PIPE = 1 << 20
"""Bytes that a pipe is made to hold."""

_APART = """
import os, resource, sys
null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""What starts a program from a process of some MB and prints how many KiB the program held."""


class ProgramFailed(Exception):
    """A program ended with another exit code than 0."""


@dataclass(frozen=True)
class Finished:
    """A program that ran, from its start to its end as seen from outside."""

    code: int
    """Negative: the signal that ended it."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float
    """The most memory one process of it held."""

    stdout: bytes
    stderr: bytes


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    expected: Sequence[int] = (0,),
    stdin: bytes = b"",
) -> Finished:
    """Run `command` in exactly this environment, `stdin` (at most 1 MiB) waiting in a pipe.

    The peak is never below what this process holds itself (Linux counts the time before
    `exec`), so a harness must stay small.

    Raises:
        ProgramFailed: it ended with a code that is not `expected`.
    """
    with TemporaryDirectory(prefix="opentraces-bench-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        given = _pipe_with(stdin)
        actions = [
            (os.POSIX_SPAWN_DUP2, given, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.fspath(out), _NEW, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, os.fspath(err), _NEW, 0o600),
        ]
        started = perf_counter()
        process = os.posix_spawn(command[0], list(command), environment, file_actions=actions)
        os.close(given)
        _, status, usage = os.wait4(process, 0)
        finished = Finished(
            code=os.waitstatus_to_exitcode(status),
            wall_ms=(perf_counter() - started) * 1000,
            cpu_ms=(usage.ru_utime + usage.ru_stime) * 1000,
            peak_mb=usage.ru_maxrss * 1024 / 1e6,
            stdout=out.read_bytes(),
            stderr=err.read_bytes(),
        )
    if finished.code not in expected:
        said = finished.stderr.decode(errors="replace").strip()[-2000:]
        raise ProgramFailed(f"{' '.join(command)}: exit code {finished.code}\n{said}")
    return finished


def peak_mb(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the most memory that `command` holds, also where a harness holds more itself.

    Raises:
        ProgramFailed: it ended with another exit code than 0.
    """
    apart = (sys.executable, "-I", "-S", "-c", _APART, *command)
    return int(run(apart, environment).stdout) * 1024 / 1e6


def _pipe_with(data: bytes) -> int:
    """Return the reading end of a pipe that holds `data` and gets no more."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    with os.fdopen(writing, "wb") as file:
        file.write(data)
    return reading
