"""List the compactions of a kept trace, with both sides."""

from collections.abc import Sequence

from opentraces.application.read_context import ReadContext, TreeRead
from opentraces.domain.context.compacting import Compacted, compacted, summary_in
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass

SUMMARY = "compact_summary"
"""As `origin` of a step: it sums up what was said before it."""


@frozen_dataclass
class Summarised:
    """One compaction, and the summary."""

    compacted: Compacted
    """What happened."""

    summary: str | None
    """What the model is told since in the place of what was said. None: it is sealed, or not
    known, or not kept any more."""


@frozen_dataclass
class Compactions:
    """The compactions of a trace."""

    trace: TraceId
    """Whose."""

    agent: str
    """Whose session."""

    found: tuple[Summarised, ...]
    """By source, in their order."""


@frozen_dataclass
class ListCompactions:
    """List the compactions of a kept trace, with both sides."""

    read: ReadContext

    def execute(self, trace: str) -> Compactions:
        """Raises TraceNotFound, Ambiguous, NoContext, Corrupt, StorageUnavailable."""
        read = self.read.execute(trace)
        read.require_nodes()
        header = read.envelope.header
        found = compacted(read.seen, read.steps, header.sources)
        is_released = any(kept.released for kept in header.sources)
        return Compactions(
            trace=read.envelope.trace_id,
            agent=header.agent.value,
            found=tuple(
                Summarised(each, None if is_released else _summary(read, each)) for each in found
            ),
        )


def _summary(read: TreeRead, each: Compacted) -> str | None:
    values = read.values.render([block.content for block in each.entered])
    said = [(block.role, value) for block, value in zip(each.entered, values, strict=True)]
    return summary_in(said, _told(read, each))


def _told(read: TreeRead, each: Compacted) -> Sequence[str]:
    """Return what steps between the two sides say as a summary."""
    first, last = each.last or 0, each.first or read.envelope.header.steps + 1
    return [
        kept.step.content
        for kept in read.steps
        if first < kept.step.step_index < last
        and kept.source == each.source
        and kept.native.get("origin") == SUMMARY
        and kept.step.content
    ]
