"""Git's way of comparing two texts, without a repository."""

from collections.abc import Sequence

import pygit2
from pygit2.enums import DiffOption

from opentraces.domain.trail.text import Edit
from opentraces.ports.text_diff import TextDiff

_FLAGS = DiffOption.INDENT_HEURISTIC | DiffOption.FORCE_TEXT


class LibraryTextDiff(TextDiff):
    """See TextDiff. The same edits as `git diff --text`."""

    def edits(self, old: bytes, new: bytes) -> Sequence[Edit]:
        """See TextDiff."""
        if old == new:
            return ()
        patch = pygit2.Patch.create_from(old, new, flag=_FLAGS, context_lines=0)
        return [
            (*_range(hunk.old_start, hunk.old_lines), *_range(hunk.new_start, hunk.new_lines))
            for hunk in patch.hunks
        ]


def _range(start: int, count: int) -> tuple[int, int]:
    """Return places from 0; a hunk without lines names the line that it follows."""
    first = start - 1 if count else start
    return first, first + count
