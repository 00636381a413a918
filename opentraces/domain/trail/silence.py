"""Why nobody is named for a line."""

from collections import Counter
from collections.abc import Collection, Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.credit import Reason
from opentraces.domain.trail.text import is_telling, lines_of


@frozen_dataclass
class Witness:
    """One change to a file, as far as it may explain a line."""

    moment: int
    """When it happened, in milliseconds since 1970."""

    wrote: Collection[bytes]
    """Lines that it wrote."""

    is_known: bool
    """Whether all that it wrote is known."""

    is_command: bool
    """Whether a command made it, and no tool that says what it writes."""


def witness(action: Action, *, is_command: bool) -> Witness:
    """Return what a change says of the lines that it wrote."""
    wrote = {line.encode("utf-8", "replace") for each in action.hunks for line in each.authored}
    is_known = bool(action.hunks) or action.operation == "delete"
    if action.after is not None:
        before = Counter(lines_of(action.before or b""))
        wrote |= (Counter(lines_of(action.after)) - before).keys()
        is_known = True
    return Witness(action.moment, wrote, is_known, is_command)


def reason_of(line: bytes, authored: int, committed: int, witnesses: Sequence[Witness]) -> Reason:
    """Say why nobody is named for a line of a commit.

    `authored`: when the commit was first written, and `committed`: when it was made as it is now,
    by an amend or a rebase, in seconds since 1970. What happened later cannot have led to it; what
    happened in between only where it wrote this very line.
    """
    before = [
        each
        for each in witnesses
        if each.moment < ((committed if line in each.wrote else authored) + 1) * 1000
    ]
    if not before:
        return Reason.NO_SESSION_AT_TIME
    if not is_telling(line):
        return Reason.NOT_ENOUGH_TEXT
    if any(line in each.wrote and not each.is_command for each in before):
        return Reason.AMBIGUOUS
    if any(line in each.wrote for each in before):
        return Reason.SCRIPT_WRITTEN
    if any(not each.is_known for each in before):
        return Reason.SOURCE_MISSING
    return Reason.REWRITTEN
