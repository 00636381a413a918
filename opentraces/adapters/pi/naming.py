"""What the names of session files say, and names for kept files out of names nobody vouches for."""

import re
from pathlib import PurePosixPath

from opentraces.adapters._reading.naming import component
from opentraces.domain.ids import SessionId

ENDING = ".jsonl"

FOLDER = "sessions"
"""The folder of Pi's that holds sessions, and where a restore puts them."""

_ID = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_SAFE = re.compile(_ID)
_FILE = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{{3}}Z_({_ID})")
_PROJECT = re.compile(r"--.*--", re.DOTALL)
_LONGEST_ID = 64
_DEEPEST = 8


def is_lines(name: str) -> bool:
    """Whether a file's name is that of lines."""
    return name.endswith(ENDING)


def is_safe(session: str) -> bool:
    """Whether a session's id can name files."""
    return len(session) <= _LONGEST_ID and _SAFE.fullmatch(session) is not None


def session_of(name: str) -> SessionId | None:
    """Return the session that a file's name tells. None: it is no name that Pi gives.

    Pi puts the id of the first line into the name.
    """
    found = _FILE.fullmatch(name.removesuffix(ENDING)) if is_lines(name) else None
    return SessionId(found[1]) if found and is_safe(found[1]) else None


def kept_name(path: PurePosixPath) -> str:
    """Return where a restore puts a session: in its place below Pi's folder.

    Of a file that is not below one, its project's folder is known by its name, if it has any.
    """
    folders = list(path.parent.parts)
    if FOLDER in folders:
        below = folders[len(folders) - folders[::-1].index(FOLDER) :][-_DEEPEST:]
    else:
        below = [each for each in folders[-1:] if _PROJECT.fullmatch(each)]
    parts = [FOLDER, *map(component, below), component(path.name.removesuffix(ENDING))]
    return f"{'/'.join(parts)}{ENDING}"
