"""Step numbers: one order over all sources of a trace, the same however they arrived.

Steps are ordered by moment, then by rank of source, then by place in the source. A step keeps its
number for good, so a source that grew may only add steps after the last one; when it adds one
before it (a sub-agent that was read late), the session is read again from the start.
"""

import heapq
from collections.abc import Iterator, Sequence

from opentraces.application.reading import OpenSource
from opentraces.domain.envelope import Envelope
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.progress import Progress
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.file_change import FileChange

_Place = tuple[int, tuple[bool, str]]
_START: _Place = (-1, (False, ""))


@frozen_dataclass
class Numbered:
    """A step that has its number."""

    kept: KeptStep
    """The step."""

    changes: tuple[FileChange, ...]
    """What it did to files: see `ParsedStep.changes`."""


class Numbering:
    """Numbers for the steps of one trace, going on where an earlier run stopped."""

    def __init__(self, sources: Sequence[OpenSource], progress: Progress | None) -> None:
        self.sources = sources
        self._last: _Place = _START
        self._last_source = 0
        self.count = 0
        if progress is not None and progress.steps:
            ranks = {source.number: source.rank for source in sources}
            self.count = progress.steps
            self._last_source = progress.source
            self._last = (progress.moment, ranks.get(progress.source, _START[1]))

    def fits(self) -> bool:
        """Whether every new step comes after the last one numbered."""
        for source in self.sources:
            step = source.first_new()
            if step is not None and (step.moment, source.rank) < self._last:
                return False
        return True

    def begin_again(self) -> None:
        """Forget all numbers, and read every source from the start."""
        for source in self.sources:
            source.begin_again()
        self._last, self._last_source, self.count = _START, 0, 0

    def numbered(self) -> Iterator[Numbered]:
        """Yield new steps with their numbers, and amended ones with the number they have."""
        for source in self.sources:
            source.settle()
        lines = [_placed(source) for source in self.sources]
        for place, source, step in lines[0] if len(lines) == 1 else heapq.merge(*lines, key=_place):
            if step.ordinal < len(source.numbers):
                yield _numbered(step, source, source.numbers[step.ordinal])
                continue
            self.count += 1
            source.numbers.append(self.count)
            self._last, self._last_source = place, source.number
            yield _numbered(step, source, self.count)

    def progress(self, envelope: Envelope, release: str) -> Progress:
        """Say how far everything was read, as `envelope` has it kept."""
        return Progress(
            steps_generation=envelope.steps_generation,
            steps_length=envelope.steps_length,
            release=release,
            steps=self.count,
            moment=self._last[0],
            source=self._last_source,
            sources={source.number: source.progress() for source in self.sources},
        )


def _numbered(step: ParsedStep, source: OpenSource, number: int) -> Numbered:
    return Numbered(KeptStep.numbered(step, source.number, number), step.changes)


def _placed(source: OpenSource) -> Iterator[tuple[_Place, OpenSource, ParsedStep]]:
    for step in source.steps():
        yield (step.moment, source.rank), source, step


def _place(item: tuple[_Place, OpenSource, ParsedStep]) -> _Place:
    return item[0]
