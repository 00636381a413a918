"""Which commit was checked out when a step began, out of what a reflog has."""

from collections.abc import Collection

from opentraces.domain.trail.history import CommitId


def commit_then(
    before: CommitId | None, within: CommitId | None, made: Collection[str]
) -> CommitId | None:
    """Return what was checked out at a moment, of which a reflog tells the second alone.

    `before`: what was at the end of the second before; `within`: at the end of the second itself.
    `made`: the commits, by the beginnings of their ids, that the session says it made until then.
    Where both differ, only one that it made is known to have been there. None: none is known.
    """
    if before == within or within is None:
        return before
    is_made = any(len(each) >= _TELLING and within.startswith(each) for each in made)
    return within if is_made else before


_TELLING = 7
"""Digits of an id that name one commit of a repository."""
