"""What each trace adds up to while an index is written: of steps put now, and those before."""

from array import array
from collections.abc import Iterator

from opentraces.adapters.tantivy_index.asking import Asking
from opentraces.adapters.tantivy_index.schema import cost_number, cost_said
from opentraces.domain.ids import TraceId
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.spent import Amounts, StepAmounts, amounts_of

_COLUMNS = 5


class Spending:
    """Amounts of the steps that were put since the last commit, beside those committed."""

    def __init__(self, committed: Asking | None) -> None:
        """`committed`: what was there before. None: nothing was."""
        self._committed = committed
        self._put: dict[TraceId, array[int]] = {}
        self._forgotten: set[TraceId] = set()

    def add(self, step: StepDocument) -> None:
        """Take in a step; it replaces an earlier one of its number."""
        row = (step.step, int(step.key, 16), step.tokens, cost_number(step.cost), step.error)
        self._put.setdefault(step.trace, array("Q")).extend(row)

    def forget(self, trace: TraceId) -> None:
        """Let go of all steps of a trace."""
        self._forgotten.add(trace)
        self._put.pop(trace, None)

    def of(self, trace: TraceDocument) -> Amounts:
        """Add up the steps of a trace."""
        steps = {step: _amounts(step, *rest) for step, *rest in self._rows(trace.trace)}
        replays = [int(key, 16) for key in trace.replays]
        return amounts_of(steps.values(), replays, trace.tokens, trace.cost)

    def _rows(self, trace: TraceId) -> Iterator[tuple[int, ...]]:
        """Yield what is known of each step, the latest last."""
        if self._committed is not None and trace not in self._forgotten:
            yield from self._committed.amounts(trace)
        put = self._put.get(trace, ())
        yield from zip(*(put[column::_COLUMNS] for column in range(_COLUMNS)), strict=True)


def _amounts(step: int, unit: int, tokens: int, cost: int, failed: int) -> StepAmounts:
    return StepAmounts(step, unit, tokens, cost_said(cost), bool(failed))
