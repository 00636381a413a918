"""One account of a change to a file out of two: the agent's own lines', and a hook's. Pure."""

from opentraces.domain.trail.file_change import (
    AFTER_UNKNOWN,
    BEFORE_UNKNOWN,
    INDENT_UNKNOWN,
    PLACE_UNKNOWN,
    USER_MODIFIED,
    FileChange,
    Method,
)

_MENDED = frozenset((AFTER_UNKNOWN, BEFORE_UNKNOWN, INDENT_UNKNOWN, PLACE_UNKNOWN))
"""Limitations that a hook's account may not have."""

_ASKED_ONLY: tuple[Method, ...] = ("tool_input",)


def wants_hook(change: FileChange) -> bool:
    """Whether a hook may know more of a change than the agent's own lines say."""
    return not _MENDED.isdisjoint(change.limitations) or change.methods == _ASKED_ONLY


def joined_change(told: FileChange, heard: FileChange) -> FileChange:
    """Return what the agent's own lines and a hook say together of one file of one call.

    Where the lines have only the call, what the hook heard stands: another hook may have rewritten
    the call. Else it stands where it knows more, and is about the same.
    """
    if told.methods == _ASKED_ONLY:
        agreeing = told.methods if _agree(told, heard) else ()
        return _stated(told, heard, agreeing)
    fewer = set(heard.limitations) - {USER_MODIFIED} < set(told.limitations) - {USER_MODIFIED}
    if not fewer or (told.path, told.operation) != (heard.path, heard.operation):
        return told
    joined = _stated(told, heard, told.methods)
    kept = {"before": told.before or heard.before, "after": told.after or heard.after}
    return joined.but(**kept)


def _stated(told: FileChange, heard: FileChange, agreeing: tuple[Method, ...]) -> FileChange:
    same = {"call": told.call, "number": told.number, "moment": told.moment}
    methods = tuple(sorted({*heard.methods, *agreeing}))
    return heard.but(**{**same, "methods": methods})


def _agree(told: FileChange, heard: FileChange) -> bool:
    """Whether all that a call was to write into lines was heard to be there then."""
    after = "\n".join(line for hunk in heard.hunks for line in hunk.after)
    asked = [line for hunk in told.hunks for line in hunk.authored]
    return told.path == heard.path and bool(asked) and all(line in after for line in asked)
