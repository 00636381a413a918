"""What was asked for before steps were made."""

from collections.abc import Iterable

from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.blame import Prompt
from opentraces.ports.traces import TraceStore

_NEAR = 64
"""Steps before one that are read first: most prompts are not far away."""


@frozen_dataclass
class FindPrompts:
    """Finds the last thing that was typed in a session before a step of it."""

    traces: TraceStore

    def execute(self, asked: Iterable[tuple[TraceId, int]]) -> dict[tuple[TraceId, int], Prompt]:
        """Return the prompts by trace and step; those of traces that cannot be read are left out.

        Raises StorageUnavailable.
        """
        found: dict[tuple[TraceId, int], Prompt] = {}
        for trace, step in sorted(set(asked)):
            try:
                found[trace, step] = self._prompt(trace, step)
            except (Corrupt, NewerFormat, TraceNotFound):
                continue
        return found

    def _prompt(self, trace: TraceId, step: int) -> Prompt:
        envelope = self.traces.envelope(trace)
        sources = envelope.header.sources
        own = {n for n, each in enumerate(sources) if each.kind is not SourceKind.SUBAGENT}
        said: KeptStep | None = None
        time = None
        first = max(step - _NEAR, 1)
        for start, end in ((first, step), (1, first - 1)):
            for kept in self.traces.steps(envelope, start, end) if end >= start else ():
                time = kept.step.timestamp if kept.step.step_index == step else time
                is_typed = kept.step.role == "user" and bool(kept.step.content)
                said = kept if is_typed and kept.source in own else said
            if said is not None:
                break
        return Prompt(
            trace=trace,
            step_index=step,
            asked=said.step.step_index if said else None,
            text=said.step.content or "" if said else "",
            agent=envelope.header.agent.value,
            time=time,
        )
