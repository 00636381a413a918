"""Whether libgit2 can be let at a repository's files.

It waits for pipes, reads what a configuration includes, and never ends on an object that was cut
short, which is looked for in the repository's own folder only.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.git.place import common_dir, read_small

_LONGEST = 8192
_MOST_CONFIG = 1024 * 1024
_NAMES = ("HEAD", "commondir", "config", "config.worktree", "info/grafts", "packed-refs", "shallow")
_FOLDERS = ("refs", "objects/pack")
_POINTER = b"gitdir: "


def is_plain(checkout: str) -> bool:
    """Whether nothing but files and folders is where libgit2 looks, and nothing is included."""
    own = _git_dir(Path(checkout))
    if own is None:
        return False
    folders = {own, Path(common_dir(str(own)))}
    borrows = any(os.path.lexists(folder / "objects/info/alternates") for folder in folders)
    return (
        not borrows
        and all(_is_plain(folder / name) for folder in folders for name in _NAMES)
        and all(_holds_files(folder / name) for folder in folders for name in _FOLDERS)
    )


def _git_dir(checkout: Path) -> Path | None:
    pointed = checkout / ".git"
    if pointed.is_dir():
        return pointed
    if not os.path.lexists(pointed):
        return checkout
    line = read_small(str(pointed), _LONGEST).strip()
    return checkout / os.fsdecode(line[len(_POINTER) :]) if line.startswith(_POINTER) else None


def _holds_files(folder: Path) -> bool:
    """Whether nothing but files and folders, or links to such, is below a folder."""
    for place, _, names in os.walk(folder):
        with suppress(OSError):
            if not all(_is_file(os.path.join(place, name)) for name in names):  # noqa: PTH118
                return False
    return True


def _is_file(path: str) -> bool:
    return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a path of any bytes


def _is_plain(file: Path) -> bool:
    try:
        mode = file.stat().st_mode
    except OSError:
        return not os.path.lexists(file)
    if not stat.S_ISREG(mode):
        return False
    if not file.name.startswith("config"):
        return True
    text = read_small(os.path.realpath(file), _MOST_CONFIG)
    return len(text) < _MOST_CONFIG and b"[include" not in text.lower().replace(b" ", b"")
