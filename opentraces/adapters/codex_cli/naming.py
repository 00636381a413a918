"""What the names of rollout files say, and names for kept files out of names nobody vouches for."""

import re

from opentraces.adapters._reading.naming import component
from opentraces.domain.ids import SessionId

INFLATED, DEFLATED = ".jsonl", ".jsonl.zst"

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ROLLOUT = re.compile(rf"rollout-(\d{{4}})-(\d\d)-(\d\d)T\d\d-\d\d-\d\d-({_ID})")
_CONTINUED = re.compile(rf"{_ROLLOUT.pattern}_{_ID}")


def is_continued(name: str) -> bool:
    """Whether a file's name says that it goes on with a thread that was taken back."""
    return _CONTINUED.fullmatch(stem(name.rpartition("/")[2])) is not None


def is_lines(name: str) -> bool:
    """Whether a file's name is that of lines, compressed or not."""
    return name.endswith((INFLATED, DEFLATED))


def is_rollout(name: str) -> bool:
    """Whether a file's name is one that Codex gives to a session."""
    return name.startswith("rollout-") and is_lines(name)


def is_deflated(name: str) -> bool:
    """Whether a file's name says that it is compressed."""
    return name.endswith(DEFLATED)


def stem(name: str) -> str:
    """Return a file's name without what says that it holds lines."""
    return name.removesuffix(DEFLATED).removesuffix(INFLATED)


def thread_of(name: str) -> SessionId | None:
    """Return the thread that a rollout's name tells. None: it is no name that Codex gives."""
    found = _ROLLOUT.fullmatch(stem(name))
    return SessionId(found[4]) if found else None


def kept_name(name: str) -> str:
    """Return where a restore puts a rollout: where Codex looks for it, wherever it was found.

    So an archived or compressed rollout is the same source as the live one.
    """
    found = _ROLLOUT.fullmatch(stem(name)) or _CONTINUED.fullmatch(stem(name))
    folder = "/".join(("sessions", *found.group(1, 2, 3))) if found else "sessions"
    return f"{folder}/{component(stem(name))}{INFLATED}"
