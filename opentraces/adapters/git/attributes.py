"""Which files Git keeps otherwise than they are, as attributes tell; nothing is run."""

import os
from collections.abc import Collection

from opentraces.adapters.git.command import GitCommand

_NAMES = ("filter", "ident", "working-tree-encoding")
_NOT_SET = (b"unspecified", b"unset")


def made_by_programs(git: GitCommand, worktree: str, paths: Collection[bytes]) -> frozenset[bytes]:
    """Return those of some files that Git makes something else of than of their line ends.

    All of them, where it cannot say. Starts one process; none for no files.
    """
    if not paths:
        return frozenset()
    names = map(os.fsdecode, paths)
    answer = git.run(worktree, ["check-attr", "-z", *_NAMES, "--", *names])
    if answer.output is None:
        return frozenset(paths)
    parts = answer.output.split(b"\0")
    rows = zip(parts[::3], parts[2::3], strict=False)
    return frozenset(path for path, value in rows if value not in _NOT_SET)
