"""What Git said of a worktree between two moments, as events of a trail.

A patch of that kind is no step's: it tells that a file changed while commands ran, and not which
of them did it, or whether a person did. Nobody is ever credited with it.
"""

from collections.abc import Iterable, Iterator, Sequence

from opentraces.domain.ids import StepKey, TraceId, canonical_bytes, digest
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import PatchCreated, StartObserved
from opentraces.domain.trail.file_change import SHELL_MADE, FileChange, Hunk, Method, Operation
from opentraces.domain.trail.hunks import hunks_between
from opentraces.domain.trail.patch_ids import patch_id_of
from opentraces.domain.trail.text import Edits

WORKTREE: tuple[Method, ...] = ("worktree",)
"""How all of them came to be known."""


@frozen_dataclass
class ObservedFile:
    """A file that changed between two moments, and by no tool that says what it writes."""

    path: str
    """The file, absolute."""

    operation: Operation
    """What happened to it."""

    had_file: bool
    """Whether there was such a file before."""

    hunks: tuple[Hunk, ...]
    """What changed, against what it was last known to hold."""

    moment: int
    """When it held that, in milliseconds since 1970."""


def is_observed(event: object) -> bool:
    """Whether an event of a trail tells of a worktree: it follows from no step."""
    if isinstance(event, PatchCreated):
        return event.change.methods == WORKTREE
    return isinstance(event, StartObserved)


def compared(
    path: str, before: bytes | None, after: bytes | None, moment: int, edits: Edits
) -> ObservedFile:
    """Return what became of a file. None: there was, or is, none."""
    hunks = hunks_between(before or b"", after or b"", edits)
    written: Operation = "write" if before is None else "edit"
    operation = "delete" if after is None else written
    return ObservedFile(path, operation, before is not None, hunks, moment)


def observed_patches(trace: TraceId, files: Iterable[ObservedFile]) -> Iterator[PatchCreated]:
    """Yield a patch for each file."""
    for number, each in enumerate(files):
        change = FileChange(
            call=None,
            number=number,
            path=each.path,
            operation=each.operation,
            moment=each.moment,
            had_file=each.had_file,
            hunks=each.hunks,
            methods=WORKTREE,
            limitations=(SHELL_MADE,),
        )
        key = StepKey(digest(canonical_bytes([each.moment, _lines(each.hunks)])))
        yield PatchCreated(patch_id=patch_id_of(trace, key, change), step_index=0, change=change)


def _lines(hunks: Sequence[Hunk]) -> list[list[str]]:
    return [list(hunk.lines) for hunk in hunks]
