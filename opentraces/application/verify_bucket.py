"""Check every stored byte, and that what names its content is named by it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from opentraces.application.kept_values import KeptValues, lines_of
from opentraces.domain.audit import Audit, Problem
from opentraces.domain.context.naming import Named, named_in
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import Envelope, context_path
from opentraces.domain.errors import BlobNotFound, Corrupt, NewerFormat, NotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.traces import TraceStore

_AT_ONCE = 2000
"""Blocks that are put together at once, at most."""

_BYTES_AT_ONCE = 4 * 1024 * 1024
"""Bytes of the lines that they are put together from: read as JSON, a line may be thirty times as
large. One line is always taken whole."""


@frozen_dataclass
class VerifyBucket:
    """Check every stored byte, and that what names its content is named by it."""

    keeper: BucketKeeper
    traces: TraceStore
    blobs: BlobStore

    def execute(self, *, deep: bool) -> Audit:
        """`deep`: also decode all of it, and put together what the model saw.

        Whatever is wrong is a Problem, never an error.
        """
        audit = self.keeper.verify(deep=deep)
        if not deep:
            return audit
        known = {problem.trace for problem in audit.problems}
        untrue = (
            problem
            for trace in self.traces.ids()
            if trace not in known
            for problem in self._problems(trace)
        )
        return replace(audit, problems=(*audit.problems, *untrue))

    def _problems(self, trace: TraceId) -> Iterator[Problem]:
        """Yield what is untrue of a trace whose bytes are as they were written."""
        try:
            envelope = self.traces.envelope(trace)
        except (Corrupt, NewerFormat, NotFound):  # committed or deleted meanwhile
            return
        try:
            is_true = self._is_true(envelope)
        except (BlobNotFound, Corrupt, NewerFormat):
            is_true = False
        if not is_true:
            yield Problem("untrue", context_path(envelope), trace)

    def _is_true(self, envelope: Envelope) -> bool:
        if not envelope.context_length or any(s.released for s in envelope.header.sources):
            return True
        tree = ContextTree.of(self.traces.context(envelope))
        return all(self._are_true(run, envelope, tree) for run in _runs(named_in(tree), tree))

    def _are_true(self, run: list[Named], envelope: Envelope, tree: ContextTree) -> bool:
        values = KeptValues(self.traces, self.blobs, envelope, tree)
        contents = values.render(each.content for each in run)
        return all(each.holds(value) for each, value in zip(run, contents, strict=True))


def _runs(named: Iterable[Named], tree: ContextTree) -> Iterator[list[Named]]:
    """Cut what is named into runs that are put together in bounded memory."""
    run: list[Named] = []
    lines: set[tuple[int, int, int]] = set()
    size = 0
    for each in named:
        needed = lines_of(each.content, tree)
        more = sum(length for _, _, length in needed - lines)
        if run and (len(run) == _AT_ONCE or (more and size + more > _BYTES_AT_ONCE)):
            yield run
            run, lines, size = [], set(), 0
            more = sum(length for _, _, length in needed)
        run.append(each)
        lines |= needed
        size += more
    if run:
        yield run
