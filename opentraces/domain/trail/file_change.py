"""What one tool call did to one file, or saw of it, as the agent's own lines tell."""

from typing import Literal

from opentraces.domain.frozen import Count, Frozen

Operation = Literal["write", "edit", "delete", "read"]
"""The whole file was given; parts of it were replaced; it went; it was seen whole, unchanged."""

Method = Literal["tool_input", "tool_result", "hook_response", "file_change_event", "worktree"]
"""What told of it: the call's arguments; the result as the transcript has it; the result as a hook
was told of it; an event of its own; Git, between two moments."""

BEFORE_UNKNOWN = "before_unknown"
"""Limitation: what the file held before is nowhere, though it may have been there."""

PLACE_UNKNOWN = "place_unknown"
"""Limitation: which lines of the file they are was not told."""

AFTER_UNKNOWN = "after_unknown"
"""Limitation: what the file held after is nowhere, and does not follow from what is."""

PARTIAL_LINES = "partial_lines"
"""Limitation: the first and the last line of a hunk without place may be parts of lines."""

REPEATED = "repeated"
"""Limitation: what a hunk without place says was done wherever its lines before stood."""

INDENT_UNKNOWN = "indent_unknown"
"""Limitation: two spaces at the beginning of a hunk's line may stand for a tab."""

USER_MODIFIED = "user_modified"
"""Limitation: a person changed what the agent wanted before it was done; the two are not told
apart."""

NO_RESULT = "no_result"
"""Limitation: no result of the call is kept, so it may not have happened."""

SHELL_MADE = "shell_made"
"""Limitation: found between two moments; which command made it is not known."""

TAKEN_BACK = "taken_back"
"""Limitation: what was read later of the same step does not say so any more; nothing is known."""

NOT_ITS_OWN = frozenset((NO_RESULT, SHELL_MADE, TAKEN_BACK, USER_MODIFIED))
"""Limitations of changes that no call is credited with."""


class TextPlace(Frozen):
    r"""Where a text stands in a kept source: in one string of one line of JSON.

    An agent may have read a file's `\r\n` as `\n`, and bytes that are no text as U+FFFD.
    """

    source: Count = 0
    """Number of the source; 0 until its step is numbered."""

    offset: Count
    """Where the line begins: bytes from the start of the source."""

    length: Count
    """Bytes of the line, its newline not counted."""

    pointer: str
    """The string in that line, as a JSON pointer (RFC 6901)."""


class Hunk(Frozen):
    """A run of lines that was replaced, with what stood around it."""

    old_start: Count | None = None
    """Its first line in the file before, from 1; where it only adds, the line that it follows,
    and 0 at the beginning, as in a unified diff. None: not told."""

    new_start: Count | None = None
    """Its first line in the file after, likewise. None: not told."""

    lines: tuple[str, ...]
    """Each line behind ` ` (stays), `-` (goes) or `+` (comes), without its newline. A carriage
    return before the newline stays part of the line."""

    @property
    def before(self) -> tuple[str, ...]:
        """The lines as they were."""
        return tuple(line[1:] for line in self.lines if line[:1] != "+")

    @property
    def after(self) -> tuple[str, ...]:
        """The lines as they are then."""
        return tuple(line[1:] for line in self.lines if line[:1] != "-")

    @property
    def removed(self) -> tuple[str, ...]:
        """The lines that went."""
        return tuple(line[1:] for line in self.lines if line[:1] == "-")

    @property
    def authored(self) -> tuple[str, ...]:
        """The lines that came."""
        return tuple(line[1:] for line in self.lines if line[:1] == "+")


class FileChange(Frozen):
    """One file of one tool call. A call that failed gives none."""

    call: str | None
    """The agent's id of the call, as in `ToolCall.tool_call_id`. None: made by no call we know."""

    number: Count = 0
    """Its place among the files of the same call, from 0."""

    path: str
    """The file: absolute where the agent says so, or says the folder it is relative to."""

    moved_from: str | None = None
    """The file's path before, of the same form. None: it was not moved."""

    operation: Operation
    """What happened to it."""

    moment: Count | None = None
    """When it had happened: milliseconds since 1970, of the result or else of the call. None: no
    line has a time."""

    had_file: bool | None = None
    """Whether there was such a file before. None: not told."""

    before: TextPlace | None = None
    """Where its whole content before is kept. None: there was none, or it is not kept."""

    after: TextPlace | None = None
    """Where its whole content after is kept. None: it is gone, or follows from `before` and
    `hunks`, or is not kept."""

    hunks: tuple[Hunk, ...] = ()
    """What changed, in the order of the file where that is told. Empty: nothing; or the file was
    only seen; or it follows from the content before and `after`: all of `after` is new where there
    was no file, and may be new where the content before is not known."""

    methods: tuple[Method, ...] = ()
    """What told of it, every way that agrees, sorted."""

    limitations: tuple[str, ...] = ()
    """What is not known of it, as short fixed words, sorted."""
