"""What the hooks of a repository noted: that something was committed, and what was replaced."""

import re
from collections.abc import Iterable, Mapping

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId

_ID = "[0-9a-f]{64}|[0-9a-f]{40}"
_LINE = re.compile(rf"post-rewrite (?:-|\d{{1,15}}) ({_ID}) ({_ID})(?: .*)?", re.DOTALL)


@frozen_dataclass
class NotedCommits:
    """What was noted since it was last looked at."""

    is_any: bool = False
    """Whether anything was: there is something new to look for."""

    length: int = 0
    """Bytes that it was read from."""

    pairs: tuple[tuple[CommitId, CommitId], ...] = ()
    """Commits that were replaced, each with the one that took its place, in the order of time."""

    @property
    def rewritten(self) -> Mapping[CommitId, CommitId]:
        """Which commit took the place of which; of several, the last one."""
        return dict(self.pairs)


def read_notes(data: bytes) -> NotedCommits:
    """Read the lines that hooks added. Lines that say nothing known are passed over."""
    whole = data[: data.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").split("\n")[:-1]
    return NotedCommits(bool(lines), len(whole), tuple(_pairs(lines)))


def _pairs(lines: Iterable[str]) -> Iterable[tuple[CommitId, CommitId]]:
    for line in lines:
        found = _LINE.fullmatch(line)
        if found and found[1] != found[2] and found[1].strip("0") and found[2].strip("0"):
            yield CommitId(found[1]), CommitId(found[2])
