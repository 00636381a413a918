"""Which lines of which files the session wrote, in the form of the Agent Trace specification."""

from dataclasses import field
from typing import Literal

from opentraces.domain.frozen import Frozen, JsonObject

Confidence = Literal["high", "medium", "low"]
"""How sure it is that the lines are the contributor's."""

ChangeType = Literal["addition", "modification", "deletion"]
"""What was done to the lines."""


class AttributionRange(Frozen):
    """A run of lines with one contributor."""

    start_line: int
    """First line, from 1, in the revision that the block is pinned to."""

    end_line: int
    """Last line, included."""

    content_hash: str | None = None
    """Digest of the lines with its algorithm, `murmur3:…`, to find them again after a move; None:
    not computed."""

    confidence: Confidence | None = None
    """How sure it is; None: not judged."""

    change_type: ChangeType = "addition"
    """What was done to the lines."""

    original: JsonObject | None = None
    """The range before a formatter or a person reworked it: `start_line`, `end_line`,
    `content_hash`; None: it stands as the contributor wrote it."""

    contributor: dict[str, str] | None = None
    """Who wrote this run, in place of the conversation's contributor; None: that one did."""


class AttributionConversation(Frozen):
    """The part one conversation had in a file."""

    contributor: dict[str, str] = field(default_factory=dict)
    """Who wrote: `type` (`ai`, `human`, `mixed`, `unknown`) and, for a model, `model_id`."""

    url: str | None = None
    """Address of the step, `opentraces://<trace>/step_<n>`; None: no one step."""

    ids: dict[str, str | tuple[str, ...]] | None = None
    """The provider's own ids of the conversation, by provider; None: none are known."""

    related: tuple[dict[str, str], ...] | None = None
    """Links to what led to it, each a `type` and a `url`; None: none are known."""

    ranges: tuple[AttributionRange, ...] = ()
    """The lines, in file order."""


class AttributionFile(Frozen):
    """The conversations that wrote one file."""

    path: str
    """Relative to the repository's root, with `/`."""

    conversations: tuple[AttributionConversation, ...] = ()
    """One for each conversation with lines in the file."""


class Attribution(Frozen):
    """The lines a session wrote, at one revision. Derived from the anchors of its patches."""

    experimental: bool = True
    """Whether any range is less than certain; False: all rest on bytes."""

    revision: dict[str, str] | None = None
    """The revision that line numbers refer to: `vcs_type` and `revision`; None: the worktree as
    the session left it."""

    files: tuple[AttributionFile, ...] = ()
    """One for each file with lines of the session, by path."""

    unaccounted_files: tuple[str, ...] | None = None
    """Paths the commit changed and no tool call explains; None: no commit was compared."""
