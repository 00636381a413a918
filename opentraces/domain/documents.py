"""Kept steps and envelopes as documents that can be found."""

from collections.abc import Mapping
from typing import Any

from opentraces.domain.envelope import Envelope
from opentraces.domain.header import milliseconds_or_zero
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.texts import texts_of

_PATHS = ("file_path", "notebook_path", "path", "filePath")


def step_document(trace: TraceId, kept: KeptStep) -> StepDocument:
    """Say what can be found of a step."""
    step = kept.step
    return StepDocument(
        trace=trace,
        step=step.step_index,
        moment=milliseconds_or_zero(step.timestamp),
        texts=texts_of(
            role=step.role,
            content=step.content,
            thinking=step.reasoning_content,
            inputs=[call.input for call in step.tool_calls],
            outputs=[seen.content for seen in step.observations],
        ),
        tools=tuple(dict.fromkeys(call.tool_name for call in step.tool_calls)),
        files=tuple(dict.fromkeys(path for c in step.tool_calls for path in _paths(c.input))),
        model=step.model,
        error="failure" in kept.native or any(seen.error for seen in step.observations),
    )


def trace_document(envelope: Envelope, steps_length: int) -> TraceDocument:
    """Say what can be found of a trace as a whole."""
    header = envelope.header
    return TraceDocument(
        trace=envelope.trace_id,
        commit=envelope.commit,
        generation=envelope.steps_generation,
        steps_length=steps_length,
        agent=header.agent.value,
        session=header.session_id,
        project=header.folder or header.project or "",
        title=header.title or "",
        started=milliseconds_or_zero(header.started),
        ended=milliseconds_or_zero(header.ended),
    )


def _paths(given: Mapping[str, Any]) -> list[str]:
    return [value for name in _PATHS if isinstance(value := given.get(name), str) and value]
