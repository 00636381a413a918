"""What Claude Code runs at its events: one line into the spool, and at a closing event a worker.

`setup` copies this file to a folder of the agent's, where it is run as `python -I -S FILE HOME`:
HOME is the folder of all that we keep, and nothing that a repository says can name another. It
knows the standard library alone, prints nothing, ends with 0 whatever happens, and its cost does
not depend on the repository. In a repository that is not enrolled it writes nothing.
"""

import fcntl
import os
import select
import sys
import time

AGENT = "claude-code"
LONGEST = 8_000_000
"""Bytes of an event above which only its size and its head are written down."""

HEAD = 2048
IDLE_MS = 1000
"""How long the agent may keep silent before its event is given up."""

PATIENCE_S = 5.0
"""How long it may take the agent to hand over its event."""

LOCK_TRIES = 250
CLOSING = (b"Stop", b"StopFailure", b"SubagentStop", b"PreCompact", b"SessionEnd")
TOLD = ("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER", "LOGNAME")
"""All that a worker is told of the agent's environment: the rest may hold keys, or be set by a
repository."""


def main(home: str) -> None:
    """Write one event down."""
    is_enrolled = _is_enrolled(home)
    data, size = _event()
    if not is_enrolled or not data:
        return
    session = _session(data)
    _append(f"{home}/spool/{AGENT}", session, _line(data, size))
    if _field(data, b'"hook_event_name":') in CLOSING:
        _start_worker(home, session)


def _is_enrolled(home: str) -> bool:
    """Whether the repository around the project's folder is on the user's list.

    The first folder upwards that is listed or has a `.git` decides: a repository inside an
    enrolled one is not enrolled.
    """
    try:
        with open(f"{home}/state/enrolled/{AGENT}", "rb") as file:
            listed = file.read().split(b"\n")
        folder = _folder()
    except OSError:
        return False
    while folder:
        if folder in listed:
            return True
        if os.path.lexists(folder + b"/.git"):
            return False
        folder = folder.rpartition(b"/")[0]
    return False


def _folder() -> bytes:
    """Return the folder the session began in, as the kernel names it; else the present one."""
    project = os.environ.get("CLAUDE_PROJECT_DIR")
    if project:
        try:
            os.chdir(project)
        except OSError:
            pass  # it is gone: where the agent stands now is the next best
    return os.getcwdb()


def _event() -> tuple[bytes, int]:
    """Return the event, all of it or the head of a giant, and its size; empty: none came whole.

    An agent may leave its end of the pipe open: an object that ends in a newline is whole when
    nothing follows it at once.
    """
    poll = select.poll()
    poll.register(0, select.POLLIN)
    limit = time.monotonic() + PATIENCE_S
    pieces, size, data = [], 0, b""
    while time.monotonic() < limit and poll.poll(IDLE_MS):
        piece = os.read(0, 1 << 20)
        size += len(piece)
        if size <= LONGEST:
            pieces.append(piece)
        if not piece or (piece.endswith(b"}\n") and not poll.poll(0)):
            data = b"".join(pieces).strip()
            break
    is_object = data.startswith(b"{") and (size > LONGEST or data.endswith(b"}"))
    return (data if is_object else b"", size)


def _line(data: bytes, size: int) -> bytes:
    """Return the line that is kept: when, and what the agent said, newlines as spaces."""
    now = time.time_ns()
    if size > LONGEST:
        said = b'"bytes":%d,"head":"%b"' % (size, data[:HEAD].hex().encode())
    else:
        said = b'"event":' + data.replace(b"\n", b" ").replace(b"\r", b" ")
    return b'{"opentraces":1,"at":%d,%b}\n' % (now, said)


def _session(data: bytes) -> str:
    """Return the id of the session, if it is a UUID; the event's own word goes first."""
    for name in (_field(data, b'"session_id":'), os.environb.get(b"CLAUDE_CODE_SESSION_ID", b"")):
        dashes = [at for at in range(len(name)) if name[at] == 45]
        digits = name.replace(b"-", b"").lower()
        is_hex = len(digits) == 32 and not digits.strip(b"0123456789abcdef")
        if is_hex and dashes == [8, 13, 18, 23]:
            return name.decode()
    return "unknown"


def _field(data: bytes, key: bytes) -> bytes:
    """Return the text that first stands behind a key: the event's own keys go before a tool's."""
    rest = data[:HEAD].partition(key)[2].lstrip()
    return rest[1:].partition(b'"')[0] if rest.startswith(b'"') else b""


def _append(folder: str, session: str, line: bytes) -> None:
    """Add the line to the session's file by one write.

    Whoever takes a file away holds it alone meanwhile, and this shares it: so a line never
    goes into a file that is gone.
    """
    os.makedirs(folder, 0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    for _ in range(LOCK_TRIES):
        file = os.open(f"{folder}/{session}.jsonl", flags, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            time.sleep(0.002)
            continue
        if os.fstat(file).st_nlink:
            if os.write(file, line) < len(line):
                os.write(file, b"\n")  # cut short: the next line must not be glued to it
            return
        os.close(file)


def _start_worker(home: str, session: str) -> None:
    """Start what reads the spool, in a session of its own: it outlives the agent."""
    log = os.open(f"{home}/state/ingest.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.chdir(home)
    told = {name: os.environ[name] for name in TOLD if name in os.environ}
    python = sys.executable
    os.posix_spawn(
        python,
        [python, "-E", "-P", "-m", "opentraces", "ingest", "--session", session],
        told | {"OPENTRACES_HOME": home},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, log, 1),
            (os.POSIX_SPAWN_DUP2, log, 2),
        ],
        setsid=True,
    )


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BaseException:  # an agent is never disturbed
        pass
    os._exit(0)
