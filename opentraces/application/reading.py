"""One source being copied and parsed in one pass."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from opentraces.application.source_change import Fate, SourceChange
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.header import rank
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.progress import Progress, SourceProgress
from opentraces.domain.session import SourceFile
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.parsing import SourceParse, TraceParser
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class Means:
    """What reading a source takes."""

    parser: TraceParser
    """What understands them."""

    traces: TraceStore
    """Where the bytes kept before are."""

    envelope: Envelope | None
    """What says where they are. None: nothing was kept before."""

    copied: Callable[[SourceChange], Iterator[bytes]]
    """Yields what is new of a source, each piece after it was handed to the trace."""

    notes: Mapping[str, bytes]
    """The session's notes, by name."""


class OpenSource:
    """One source: its new bytes go to the trace as they are read, then to the parser.

    `number` is its number in the trace, `rank` its place among the sources where moments are equal.
    Until `settle` is called, what was read is held, so that `begin_again` can parse it all
    without reading the agent's file twice.
    """

    def __init__(self, means: Means, change: SourceChange, progress: Progress | None) -> None:
        self._means = means
        self._change = change
        self.number = change.number
        self.rank = rank(change.kept)
        self._size = change.kept.size
        self._held: list[bytes] = []
        self._holding = True
        self._fresh: Iterator[bytes] = self._counted()
        self._known = progress.sources.get(change.number) if progress else None
        self.numbers: list[int] = list(self._known.numbers) if self._known else []
        self._is_idle = self._known is not None and change.fate is Fate.KEPT
        self._parse = self._begin(self._known)
        self._steps: Iterator[ParsedStep] = iter(()) if self._is_idle else self._parse.steps()

    def begin_again(self) -> None:
        """Parse from the first byte on."""
        self._fresh = chain(tuple(self._held), self._fresh)
        self._known = None
        self._is_idle = False
        self.numbers = []
        self._parse = self._begin(None)
        self._steps = self._parse.steps()

    def settle(self) -> None:
        """Stop holding what was read."""
        self._holding = False
        self._held = []

    def first_new(self) -> ParsedStep | None:
        """Return the first step that has no number yet, and leave it in line. None: none."""
        waiting: list[ParsedStep] = []
        for step in self._steps:
            waiting.append(step)
            if step.ordinal >= len(self.numbers):
                break
        self._steps = chain(waiting, self._steps)
        last = waiting[-1] if waiting else None
        return last if last and last.ordinal >= len(self.numbers) else None

    def steps(self) -> Iterator[ParsedStep]:
        """Yield the steps that are new or amended."""
        return self._steps

    def context(self) -> list[ContextEvent]:
        """Return what the model saw at the calls that were read; see SourceParse."""
        return [] if self._is_idle else self._parse.context()

    def kept(self) -> KeptSource:
        """Return the source as it is kept now; only after `steps` is exhausted."""
        if self._is_idle:
            return self._change.kept
        facts = self._parse.result().facts
        return self._change.kept.but(size=self._size, facts=facts)

    def progress(self) -> SourceProgress:
        """Say how far it was read; only after `steps` is exhausted."""
        if self._is_idle and self._known:
            return self._known
        read = self._parse.result()
        return SourceProgress(consumed=read.consumed, state=read.state, numbers=self.numbers)

    def _begin(self, known: SourceProgress | None) -> SourceParse:
        kept = self._change.kept
        file = self._change.file or SourceFile(kept.name, kept.kind, kept.location, kept.size, "")
        chunks = self._chunks(known.consumed if known else 0)
        state = known.state if known else None
        return self._means.parser.parse(file, chunks, state, self._means.notes)

    def _chunks(self, offset: int) -> Iterator[bytes]:
        """Yield the kept bytes from `offset` on, then those that are new."""
        envelope = self._means.envelope
        kept: Iterator[bytes] = iter(())
        if envelope is not None and offset < self._change.kept.size:
            kept = self._means.traces.source(envelope, self.number, offset)
        return chain(kept, self._fresh)

    def _counted(self) -> Iterator[bytes]:
        for piece in self._means.copied(self._change):
            self._size += len(piece)
            if self._holding:
                self._held.append(piece)
            yield piece
