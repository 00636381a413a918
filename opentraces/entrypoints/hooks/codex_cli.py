"""What Codex runs at its events: one line into the repository, and at a closing event a worker.

`setup` copies this file to a folder of the agent's, where it is run as `python -I -S FILE HOME`:
HOME is the folder of all that we keep, and nothing that a repository says can name another. It
knows the standard library alone, prints nothing, ends with 0 whatever happens, and its cost does
not depend on the repository. In a repository that is not enrolled it writes nothing. What asks for
a permission is written down and not answered.
"""

import fcntl
import posix  # not os: to import that takes a sixth as long as a bare interpreter
import select
import sys
import time

LONGEST = 8_000_000
"""Bytes of an event above which only its size and its head are written down."""

HEAD = 2048
"""Bytes of a longer event that are kept."""

KEYS = 16_384
"""Bytes of an event in which its own keys are looked for: they come before a tool's."""

PATIENCE_S = 2.0
"""How long it may take the agent to hand over its event."""

LOCK_TRIES = 200
"""How often a held file is tried, 2 ms apart: with the patience above less than the 3 s after
which the agent ends a hook of its last events."""

PLACE = (".opentraces", "codex-cli", "hooks")
"""The folder in a repository, one name a level."""

FORMAT, REGULAR = 0o170000, 0o100000
FOLDER = posix.O_RDONLY | posix.O_DIRECTORY | posix.O_CLOEXEC | posix.O_NOFOLLOW
APPEND = posix.O_APPEND | posix.O_CREAT | posix.O_CLOEXEC | posix.O_NOFOLLOW | posix.O_NONBLOCK
"""Never through a symbolic link, and never waiting as a named pipe makes one."""

SHARED = APPEND | posix.O_RDWR
"""What is only written to cannot be shared on a network's file system."""

CLOSING = (b"Stop", b"SubagentStop", b"Interrupt", b"SessionEnd")
TOLD = (b"HOME", b"LANG", b"LC_ALL", b"TZ", b"USER", b"LOGNAME")
"""All that a worker is told of the agent's environment: the rest may hold keys, and may be that of
another session, whose process this one shares."""


def main(script: str, home: str) -> None:
    """Write one event down."""
    posix.umask(0o077)
    is_enrolled = _is_enrolled(home)
    data, size = _event()
    if not is_enrolled or not data:
        return
    session = _field(data, b'"session_id":')
    session = session if _is_uuid(session) else b"unknown"
    _append(_opened(), session.decode() + ".jsonl", _line(data, size))
    if _field(data, b'"hook_event_name":') in CLOSING:
        _start_worker(script, home, session.decode())


def _is_enrolled(home: str) -> bool:
    """Whether the repository around the working directory is on the user's list; goes to its top.

    The first folder upwards that is listed or has a `.git` decides: a repository inside an
    enrolled one is not enrolled. Upwards without names, so that none can be made a link meanwhile.
    """
    try:
        with open(f"{home}/state/enrolled/codex-cli", "rb", opener=_unwaiting) as file:
            listed = file.read().split(b"\n")
        while (folder := posix.getcwdb()) not in listed:  # as the kernel names it
            if folder == b"/" or _has_git():
                return False
            posix.chdir(b"..")
    except OSError:
        return False  # and the event is read all the same: the agent is not to fail in handing over
    return True


def _unwaiting(path: str, flags: int) -> int:
    return posix.open(path, flags | posix.O_NONBLOCK)


def _has_git() -> bool:
    try:
        posix.lstat(b".git")
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


def _is_uuid(name: bytes) -> bool:
    dashes = [at for at in range(len(name)) if name[at] == 45]
    digits = name.replace(b"-", b"").lower()
    is_hex = len(digits) == 32 and not digits.strip(b"0123456789abcdef")
    return is_hex and dashes == [8, 13, 18, 23]


def _field(data: bytes, key: bytes) -> bytes:
    """Return the text that first stands behind a key."""
    rest = data[:KEYS].partition(key)[2].lstrip()
    return rest[1:].partition(b'"')[0] if rest.startswith(b'"') else b""


def _opened() -> int:
    """Open our folder in the repository; each level is made where it is missing.

    None of them may be a link, or another's: a repository may come with anything.
    """
    folder = posix.open(".", FOLDER)
    for name in PLACE:
        try:
            inner = posix.open(name, FOLDER, dir_fd=folder)
        except FileNotFoundError:
            try:
                posix.mkdir(name, 0o700, dir_fd=folder)
            except FileExistsError:
                pass
            inner = posix.open(name, FOLDER, dir_fd=folder)
        folder = inner
        if posix.fstat(folder).st_uid != posix.geteuid():
            raise PermissionError(name)
    return folder


def _append(folder: int, name: str, line: bytes) -> None:
    """Add the line to the session's file by one write.

    Whoever takes a file away holds it alone meanwhile, and this shares it: so a line never
    goes into a file that is gone. Who holds one for seconds is stuck, and waited for no longer.
    """
    for left in range(LOCK_TRIES, -1, -1):
        file = posix.open(name, SHARED, 0o600, dir_fd=folder)
        state = posix.fstat(file)
        is_plain = state.st_mode & FORMAT == REGULAR and state.st_nlink <= 1
        if not is_plain or state.st_uid != posix.geteuid():
            raise PermissionError(name)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                posix.close(file)
                time.sleep(0.002)
                continue
        except OSError:
            pass  # there are no locks, so nobody takes files away
        if posix.fstat(file).st_nlink:
            if posix.write(file, line) < len(line):
                posix.write(file, b"\n")  # cut short: the next line must not be glued to it
            return
        posix.close(file)


def _start_worker(script: str, home: str, session: str) -> None:
    """Start what reads the line, in a session of its own: it outlives the agent.

    It is told the agent's folder by where this script is, three levels down in it.
    """
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
        told | {b"OPENTRACES_HOME": home, b"CODEX_HOME": script.rsplit("/", 3)[0]},
        file_actions=[
            (posix.POSIX_SPAWN_OPEN, 0, "/dev/null", posix.O_RDWR, 0),
            (posix.POSIX_SPAWN_DUP2, log, 1),
            (posix.POSIX_SPAWN_DUP2, log, 2),
        ],
        setsid=True,
    )


if __name__ == "__main__":
    try:
        main(sys.argv[0], sys.argv[1])
    except BaseException:  # an agent is never disturbed
        pass
    posix._exit(0)  # noqa: SLF001
