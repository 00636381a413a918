"""A change or sight of a file, with its contents: what the evidence for a credit is made of."""

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.file_change import Hunk, Operation


@frozen_dataclass
class Action:
    """What one tool call did to one file of a worktree, or saw of it."""

    patch: str | None
    """The id of its patch. None: the file was only seen, or changed by nobody we can credit."""

    moment: int
    """When it had happened, in milliseconds since 1970."""

    worktree: str
    """The worktree it happened in: its root, absolute."""

    path: str
    """The file, relative to that root, with `/`."""

    operation: Operation
    """What happened."""

    moved_from: str | None = None
    """The file's path before, likewise. None: it was not moved."""

    had_file: bool | None = None
    """Whether there was such a file before. None: not known."""

    before: bytes | None = None
    """The whole file before. None: there was none, or it is not known."""

    after: bytes | None = None
    """The whole file after. None: it is gone, or not known but for `hunks`."""

    hunks: tuple[Hunk, ...] = ()
    """What changed."""
