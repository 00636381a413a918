"""The workers that hooks start: a stand-in for ours, and how a test finds and awaits them."""

import ctypes
import json
import os
import signal
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PR_SET_CHILD_SUBREAPER = 36
_LONG_S = 300

STAND_IN = '''
"""Waits while there is a named pipe called `hold`, and writes down what it was given."""

import json, os, sys

store = os.environ["OPENTRACES_HOME"]
if os.path.exists(f"{store}/hold"):
    open(f"{store}/hold").close()
files = {}
for name in os.listdir("/proc/self/fd"):
    try:
        files[name] = os.readlink(f"/proc/self/fd/{name}")
    except FileNotFoundError:
        pass  # the listing itself
seen = {
    "argv": sys.argv,
    "cwd": os.getcwd(),
    "environment": dict(os.environ),
    "files": files,
    "flags": [sys.flags.ignore_environment, sys.flags.safe_path],
    "group": os.getpgid(0),
    "pid": os.getpid(),
    "session": os.getsid(0),
    "umask": os.umask(0o077),
}
print("a worker was here", flush=True)
print("and complained", file=sys.stderr, flush=True)
with open(f"{store}/worker-{os.getpid()}.json", "w") as file:
    json.dump(seen, file)
'''


def make_python(folder: Path, *, with_package: bool) -> Path:
    """Make an environment of its own, with the stand-in in place of our package or nothing."""
    venv.create(folder, symlinks=True)
    if with_package:
        [packages] = folder.glob("lib/python3*/site-packages")
        (packages / "opentraces").mkdir()
        (packages / "opentraces" / "__init__.py").touch()
        (packages / "opentraces" / "__main__.py").write_text(STAND_IN)
    return folder / "bin" / "python"


@dataclass(frozen=True)
class Workers:
    """Those that were started since a test began, and outlived the hook that did it."""

    older: frozenset[int]
    """Children of this process from before."""

    def running(self) -> list[int]:
        """Return their process ids; one that ended counts until it is awaited."""
        return sorted(_children() - self.older)

    def wait(self) -> int:
        """Wait until all of them have ended; return how many there were.

        One that does not end for long is killed, and is an error.
        """
        found, limit = self.running(), time.monotonic() + _LONG_S
        left = found
        while left := [pid for pid in left if os.waitpid(pid, os.WNOHANG) == (0, 0)]:
            if time.monotonic() > limit:
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                raise TimeoutError(f"{len(left)} did not end")
            time.sleep(0.005)
        return len(found)


@contextmanager
def adopted() -> Iterator[Workers]:
    """Be the parent of each process whose own parent ends: then none is missed, and none left."""
    libc = ctypes.CDLL(None)
    workers = Workers(frozenset(_children()))
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield workers
        workers.wait()
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def reports(store: Path) -> list[Any]:
    """Return what each stand-in wrote down."""
    return [json.loads(path.read_bytes()) for path in sorted(store.glob("worker-*.json"))]


def _children() -> set[int]:
    found = set[int]()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            # The name in the second field may hold spaces, but nothing behind its parenthesis.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                found.add(int(status.parent.name))
    return found
