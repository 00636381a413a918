"""The envelope of a kept trace: everything of it that stands in no companion file."""

from dataclasses import field
from typing import Annotated, Literal

from opentraces.domain.facts import SourceFacts
from opentraces.domain.field_bounds import Between, Shaped
from opentraces.domain.frozen import Count, Frozen
from opentraces.domain.ids import BlobId, Digest, SessionId, StepKey, TraceId
from opentraces.domain.limits import LARGEST_RUN
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.trail.worktree import WorktreeSigns

TRACE_FORMAT: Literal["opentraces.trace/1"] = "opentraces.trace/1"

_PART = r"[^\x00-\x1f\x7f/.][^\x00-\x1f\x7f/]*"
_NAME = Shaped(rf"\A{_PART}(?:/{_PART})*\z")
"""No part is hidden: who restores what another wrote into a home folder gets no `.ssh` of it."""


class BlobRef(Frozen):
    """A blob, and what its stored bytes must be."""

    blob: BlobId
    """The SHA-256 of its plain bytes."""

    size: Count
    """Plain bytes."""

    stored: Count
    """Stored bytes."""

    digest: Digest
    """Of the stored bytes."""


class ReleasedBytes(Frozen):
    """What was kept of a source, before it was let go by the retention that its user set."""

    size: Count
    """Plain bytes."""

    sha256: BlobId
    """Of the plain bytes."""


class KeptSource(Frozen):
    """One file of the session, and where its bytes are kept."""

    kind: SourceKind
    """What it is."""

    name: Annotated[str, _NAME]
    """Where a restore puts it: relative, with `/`, never `..`, and no part of it hidden."""

    location: str
    """Where its agent kept it when it was last read."""

    size: Count
    """Plain bytes kept, an incomplete last line included; 0 when they were released."""

    generation: Count = 0
    """Rises when the agent rewrote the file, not when it grew."""

    superseded: bool = False
    """Whether the agent has rewritten the file since: kept, and no longer read for steps."""

    blob: BlobRef | None = None
    """Where its bytes are. None: in the trace's own `source-<n>` file, unless `released`."""

    released: ReleasedBytes | None = None
    """What was kept until it was let go; what was read of it stays. None: its bytes are kept."""

    facts: SourceFacts | None = None
    """What it says of the session. None: it is not read for steps."""


class Member(Frozen):
    """One run of stored bytes that can be read alone."""

    first: Count
    """Lowest step number in it; 0 where lines are no steps."""

    last: Count
    """Highest step number in it; 0 where lines are no steps."""

    plain: Annotated[int, Between(0, LARGEST_RUN)]
    """Plain bytes."""

    stored: Annotated[int, Between(0, LARGEST_RUN)]
    """Stored bytes."""

    digest: Digest
    """Of the stored bytes."""

    content: Digest
    """Of the plain bytes."""


class StoredFile(Frozen):
    """One committed companion file."""

    length: Count
    """Committed bytes; what lies beyond is not part of the trace."""

    members: tuple[Member, ...]
    """Its runs, in order; their `stored` bytes add up to `length`."""


class TraceHeader(Frozen):
    """What the core says of a trace; the store adds the files."""

    agent: Agent
    """Whose session."""

    session_id: SessionId
    """The agent's own id for it."""

    generation: Count = 0
    """Rises when a source was rewritten, not when it grew."""

    title: str | None = None
    """The user's name for it, else the agent's, else the first typed prompt. None: none."""

    project: str | None = None
    """The name of the folder the session began in. None: not said."""

    folder: str | None = None
    """The folder the session began in, absolute. None: not said."""

    started: str | None = None
    """ISO 8601 of its earliest line. None: no line has a time."""

    ended: str | None = None
    """ISO 8601 of its latest line. None: no line has a time."""

    steps: Count = 0
    """How many steps it has."""

    skipped: str | None = None
    """Why its bytes are kept and it is no trace. None: it is a trace."""

    sources: tuple[KeptSource, ...] = ()
    """Its files; the place in this tuple is the number in `source-<n>`."""

    worktree: WorktreeSigns | None = None
    """The worktree the session began in. None: in none, or it was gone when it was kept."""

    replays: tuple[StepKey, ...] = ()
    """Steps that belong to another kept trace and were copied into this one, ascending."""

    parts: tuple[BlobRef, ...] = ()
    """Blobs that its Context Tree refers to, ascending: what several sessions may share."""

    @property
    def blobs(self) -> tuple[BlobRef, ...]:
        """All blobs that it needs: its sources' and its tree's."""
        return (*(source.blob for source in self.sources if source.blob), *self.parts)


class Envelope(Frozen):
    """A trace's envelope, as committed."""

    format: Literal["opentraces.trace/1"] = TRACE_FORMAT
    """What a reader must understand."""

    trace_id: TraceId
    """Which trace."""

    commit: Count
    """1 for the first; each change of the trace adds one."""

    header: TraceHeader
    """What the core says of it."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    """Its companion files, by name."""

    @property
    def plain_bytes(self) -> int:
        """Bytes of its sources, as the agent wrote them."""
        return sum(source.size for source in self.header.sources)

    @property
    def stored_bytes(self) -> int:
        """Bytes of its files and blobs, as they are kept; the envelope itself apart."""
        blobs = sum(blob.stored for blob in self.header.blobs)
        return blobs + sum(kept.length for kept in self.files.values())

    @property
    def steps_length(self) -> int:
        """Committed bytes of the steps; 0: there are none."""
        return next((kept.length for name, kept in self.files.items() if is_steps(name)), 0)

    @property
    def trail_length(self) -> int:
        """Committed bytes of the trail; 0: there is none."""
        return next((kept.length for name, kept in self.files.items() if is_trail(name)), 0)

    @property
    def steps_generation(self) -> int:
        """How often its steps were begun anew."""
        return self._generation_of("steps")

    @property
    def trail_generation(self) -> int:
        """How often its trail was begun anew."""
        return self._generation_of("trail")

    @property
    def context_length(self) -> int:
        """Committed bytes of the Context Tree; 0: there is none."""
        return next((kept.length for name, kept in self.files.items() if is_context(name)), 0)

    @property
    def events_source(self) -> int | None:
        """The number of the source that holds what hooks wrote down. None: there is none."""
        kinds = (source.kind for source in self.header.sources)
        return next((n for n, kind in enumerate(kinds) if kind is SourceKind.HOOKS), None)

    def source_file(self, number: int) -> str | None:
        """Name the file that holds a source's bytes. None: it is a blob, or has no bytes."""
        first = source_file_name(number)
        if first in self.files:
            return first
        return next((name for name in self.files if _is_of_source(name, number)), None)

    def source_members(self, number: int) -> tuple[Member, ...]:
        """Return the runs of a source's bytes; empty for a blob, and for one without bytes."""
        name = self.source_file(number)
        return self.files[name].members if name else ()

    def _generation_of(self, stem: str) -> int:
        middle = (name.split(".")[1] for name in self.files if is_lines_of(stem, name))
        return next((int(part) for part in middle if part.isdigit()), 0)


def may_be_given_back(name: str) -> bool:
    """Whether a restore may write a file of that name."""
    return _NAME.holds(name)


def source_file_name(number: int) -> str:
    """Name the companion file that a source's bytes go to, until it has to be written anew."""
    return f"source-{number}.zst"


def _is_of_source(name: str, number: int) -> bool:
    """Whether a companion file holds a source's bytes: a later generation of it included."""
    return name.startswith(f"source-{number}.") and name.endswith(".zst")


def is_lines_of(stem: str, name: str) -> bool:
    """Whether a companion file is `<stem>.jsonl.gz`, or a later generation of it."""
    return name.startswith(f"{stem}.") and name.endswith(".jsonl.gz")


def is_steps(name: str) -> bool:
    """Whether a companion file holds steps: `steps.jsonl.gz`, or a later generation of it."""
    return is_lines_of("steps", name)


def is_trail(name: str) -> bool:
    """Whether a companion file is the trail: `trail.jsonl.gz`, or a later generation of it."""
    return is_lines_of("trail", name)


def context_path(envelope: Envelope) -> str:
    """Name the file of a trace's Context Tree, relative to the bucket."""
    trace = envelope.trace_id
    name = next(filter(is_context, envelope.files), "context.jsonl.gz")
    return f"traces/v1/{trace[:2]}/{trace}/{name}"


def is_context(name: str) -> bool:
    """Whether a companion file is the Context Tree: `context.jsonl.gz`, or a later generation."""
    return is_lines_of("context", name)
