"""What Claude Code runs at its events: one line into the spool, and at a closing event a worker.

`setup` copies this file to a folder of the agent's, where it is run as `python -I -S FILE HOME`:
HOME is the folder of all that we keep, and nothing that a repository says can name another. It
knows the standard library alone, prints nothing, ends with 0 whatever happens, and its cost does
not depend on the repository. In a repository that is not enrolled it writes nothing.
"""

import fcntl
import posix  # not os: to import that takes a sixth as long as a bare interpreter
import select
import sys
import time

AGENT = "claude-code"
LONGEST = 8_000_000
"""Bytes of an event above which only its size and its head are written down."""

HEAD = 2048
"""Bytes of a longer event that are kept."""

KEYS = 16_384
"""Bytes of an event in which its own keys are looked for: they come before a tool's."""

PATIENCE_S = 5.0
"""How long it may take the agent to hand over its event."""

LOCK_TRIES = 1000
"""How often a held file is tried, 2 ms apart: with the patience above less than the 10 s after
which the agent ends a hook."""

FORMAT, REGULAR = 0o170000, 0o100000
APPEND = posix.O_APPEND | posix.O_CREAT | posix.O_CLOEXEC | posix.O_NOFOLLOW | posix.O_NONBLOCK
"""Never through a symbolic link, and never waiting as a named pipe makes one."""

SHARED = APPEND | posix.O_RDWR
"""What is only written to cannot be shared on a network's file system."""

CLOSING = (b"Stop", b"StopFailure", b"SubagentStop", b"PreCompact", b"SessionEnd")
TOLD = (b"HOME", b"LANG", b"LC_ALL", b"TZ", b"USER", b"LOGNAME")
"""All that a worker is told of the agent's environment: the rest may hold keys, or be set by a
repository."""


def main(home: str) -> None:
    """Write one event down."""
    posix.umask(0o077)
    is_enrolled = _is_enrolled(home)
    data, size = _event()
    if not is_enrolled or not data:
        return
    session = _session(data)
    _append(f"{home}/spool/{AGENT}", session, _line(data, size))
    if _field(data, b'"hook_event_name":') in CLOSING:
        _start_worker(home, session)


def _is_enrolled(home: str) -> bool:
    """Whether the repository around the folder the session began in is on the user's list.

    The first folder upwards that is listed or has a `.git` decides: a repository inside an
    enrolled one is not enrolled.
    """
    project = posix.environ.get(b"CLAUDE_PROJECT_DIR") or b"."
    listed = [b""]
    try:
        with open(f"{home}/state/enrolled/{AGENT}", "rb", opener=_unwaiting) as file:
            listed += file.read().split(b"\n")
        posix.chdir(project)
        folder = posix.getcwdb()  # as the kernel names it, so without symbolic links
        while folder not in listed and not _has_git(folder):
            folder = folder.rpartition(b"/")[0]
    except OSError:
        folder = project  # it is gone, and so is what stood in it: its own name decides
    return folder != b"" and folder in listed


def _unwaiting(path: str, flags: int) -> int:
    return posix.open(path, flags | posix.O_NONBLOCK)


def _has_git(folder: bytes) -> bool:
    try:
        posix.lstat(folder + b"/.git")
    except FileNotFoundError:
        return False
    return True


def _event() -> tuple[bytes, int]:
    """Return the event, all of it or the head of a giant, and its size; empty: none came whole.

    An agent may leave its end of the pipe open: an object that ends in a newline is whole when
    nothing follows it at once, and any other when nothing follows it for as long as we wait.
    """
    poll = select.poll()
    poll.register(0, select.POLLIN)
    limit = time.monotonic() + PATIENCE_S
    pieces, size = [], 0
    while (left := limit - time.monotonic()) > 0 and poll.poll(left * 1000):
        piece = posix.read(0, 1 << 16)
        size += len(piece)
        if size <= LONGEST:
            pieces.append(piece)
        if not piece or (piece.endswith(b"}\n") and not poll.poll(0)):
            break
    data = b"".join(pieces).strip()
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
    for name in (_field(data, b'"session_id":'), posix.environ.get(b"CLAUDE_CODE_SESSION_ID", b"")):
        dashes = [at for at in range(len(name)) if name[at] == 45]
        digits = name.replace(b"-", b"").lower()
        is_hex = len(digits) == 32 and not digits.strip(b"0123456789abcdef")
        if is_hex and dashes == [8, 13, 18, 23]:
            return name.decode()
    return "unknown"


def _field(data: bytes, key: bytes) -> bytes:
    """Return the text that first stands behind a key."""
    rest = data[:KEYS].partition(key)[2].lstrip()
    return rest[1:].partition(b'"')[0] if rest.startswith(b'"') else b""


def _append(folder: str, session: str, line: bytes) -> None:
    """Add the line to the session's file by one write.

    Whoever takes a file away holds it alone meanwhile, and this shares it: so a line never
    goes into a file that is gone. Who holds one for seconds is stuck, and waited for no longer.
    """
    for left in range(LOCK_TRIES, -1, -1):
        file = _opened(folder, f"{folder}/{session}.jsonl")
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                posix.close(file)
                time.sleep(0.002)
                continue
        except OSError:
            pass  # there are no locks, so nobody takes files away
        state = posix.fstat(file)
        if state.st_mode & FORMAT != REGULAR:
            raise FileExistsError(session)
        if state.st_nlink:
            if posix.write(file, line) < len(line):
                posix.write(file, b"\n")  # cut short: the next line must not be glued to it
            return
        posix.close(file)


def _opened(folder: str, path: str) -> int:
    try:
        return posix.open(path, SHARED, 0o600)
    except FileNotFoundError:
        for missing in (folder.rpartition("/")[0], folder):
            try:
                posix.mkdir(missing, 0o700)
            except FileExistsError:
                pass
        return posix.open(path, SHARED, 0o600)


def _start_worker(home: str, session: str) -> None:
    """Start what reads the spool, in a session of its own: it outlives the agent."""
    posix.closerange(3, 1024)  # who reads an agent's pipe to its end must not wait for the worker
    posix.chdir(home)
    log = 0
    try:
        log = posix.open("state/ingest.log", APPEND | posix.O_WRONLY, 0o600)
    except OSError:
        pass  # a worker without a log is better than none
    told = {name: posix.environ[name] for name in TOLD if name in posix.environ}
    python = sys.executable
    posix.posix_spawn(
        python,
        [python, "-E", "-P", "-m", "opentraces", "ingest", "--session", session],
        told | {b"OPENTRACES_HOME": home},
        file_actions=[
            (posix.POSIX_SPAWN_OPEN, 0, "/dev/null", posix.O_RDWR, 0),
            (posix.POSIX_SPAWN_DUP2, log, 1),
            (posix.POSIX_SPAWN_DUP2, log, 2),
        ],
        setsid=True,
    )


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BaseException:  # an agent is never disturbed
        pass
    posix._exit(0)  # noqa: SLF001
