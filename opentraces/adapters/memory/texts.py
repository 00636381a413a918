"""Single steps of traces in a dict, as plain text."""

from collections.abc import Mapping

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.domain.errors import StepNotFound
from opentraces.domain.ids import TraceId, read_json
from opentraces.domain.search import Place, TraceBrief
from opentraces.domain.texts import texts_of_kept
from opentraces.ports.texts import StepTexts


class MemoryStepTexts(StepTexts):
    """See StepTexts."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._traces = MemoryTraceStore(bucket)

    def brief(self, trace: TraceId) -> TraceBrief:
        """See StepTexts."""
        header = self._traces.envelope(trace).header
        return TraceBrief(
            trace=trace,
            session=header.session_id,
            agent=header.agent.value,
            project=header.project,
            title=header.title,
            started=header.started,
            steps=header.steps,
        )

    def texts(self, trace: TraceId, step: int) -> Mapping[Place, str]:
        """See StepTexts."""
        for kept in self._traces.steps(self._traces.envelope(trace), step, step):
            return texts_of_kept(read_json(kept.line())["step"])
        raise StepNotFound(f"trace {trace} has no step {step}")
