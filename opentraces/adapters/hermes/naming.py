"""How sessions are named and where a restore puts them, out of names nobody vouches for.

A file holds many sessions. Where one of them is, is the file's path, `#`, and the number of a line
or the id of a session: `trajectory_samples.jsonl#12`, `state.db#20261123_045433_ab12cd`.
"""

from pathlib import Path

PLAIN, DEFLATED = ".jsonl", ".jsonl.gz"
DATABASE = "state.db"

ROWS, STATE = "trajectories", "state"
"""The folders of a restore: a row's line, and the rows of a session of the database."""

NOTE, PROMPT = ".session.json", ".system.txt"
"""What the names of a session's two other files end with, in the place of `.jsonl`."""

_MARK = "#"


def is_rows(name: str) -> bool:
    """Whether a file's name is that of rows, compressed or not."""
    return name.endswith((PLAIN, DEFLATED))


def is_deflated(name: str) -> bool:
    """Whether a file's name says that it is compressed."""
    return name.endswith(DEFLATED)


def located(path: str, inside: str) -> str:
    """Return where a part of a file is."""
    return f"{path}{_MARK}{inside}"


def taken_apart(location: str) -> tuple[str, str | None]:
    """Return the file of a location, and the part of it. None: the whole file."""
    if not Path(location).exists():
        for at in _marks(location):
            if Path(location[:at]).is_file():
                return location[:at], location[at + 1 :]
    return location, None


def _marks(location: str) -> list[int]:
    return [at for at in range(len(location)) if location[at] == _MARK]
