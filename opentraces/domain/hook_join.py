"""What hooks say of a session, joined to its steps by the agent's own ids. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentraces.domain.hook_facts import HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import canonical_bytes, digest
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.step import Observation, Step

LIVE = "live_capture"
"""Of a session of which the requests to the model were seen."""

FROM_TRANSCRIPT = "transcript_reconstruction"
"""Of one of which only the agent's own lines say what the model saw, though more could have."""

_Calls = Mapping[str, int]
"""The step of each tool call, by the agent's id of the call."""


def joined_step(step: Step, facts: HookFacts) -> Step:
    """Add what hooks know of a step's calls: how long they took, and ends that nobody wrote."""
    ends = [(call, facts.tools.get(call.tool_call_id)) for call in step.tool_calls]
    if not any(end for _, end in ends):
        return step
    calls = tuple(
        call.but(duration_ms=end.duration_ms)
        if end and call.duration_ms is None and end.duration_ms is not None
        else call
        for call, end in ends
    )
    seen = {each.source_call_id for each in step.observations}
    late = tuple(
        Observation(source_call_id=end.call, error=end.error)
        for _, end in ends
        if end and (end.error or end.has_response) and end.call not in seen
    )
    changes = {"tool_calls": calls, "observations": (*step.observations, *late)}
    return step.but(**changes)


def hooks_metadata(
    facts: HookFacts, steps: Sequence[KeptStep], source: str
) -> dict[str, Any] | None:
    """Return what has no place in a step; `source` names the events among the session's files.

    None: there are no events.
    """
    if not facts.events and not facts.bad:
        return None
    calls = {call.tool_call_id: kept.step.step_index for kept in steps for call in _calls(kept)}
    values: dict[str, Any] = {
        "source": source,
        "events": dict(facts.events),
        "bad_lines": facts.bad,
        "capture_method": LIVE if facts.requests else None,
        "permissions": _permissions(facts.permissions, steps, calls),
        "tool_responses": [
            _response(end, calls.get(end.call)) for end in facts.tools.values() if end.has_response
        ],
    }
    return {key: value for key, value in values.items() if value}


def _calls(kept: KeptStep) -> Iterable[Any]:
    return kept.step.tool_calls


def _response(end: ToolEvent, step: int | None) -> dict[str, Any]:
    """Say where a response can be read; the step is absent where no kept step made the call."""
    row: dict[str, Any] = {"step_index": step, "tool_call_id": end.call, "agent_id": end.agent_id}
    row |= {"agent_type": end.agent_type, "offset": end.place.offset, "length": end.place.length}
    return {key: value for key, value in row.items() if value is not None}


def _permissions(
    asked: Iterable[PermissionEvent], steps: Sequence[KeptStep], calls: _Calls
) -> list[dict[str, Any]]:
    waiting = _by_arguments(steps) if any(each.call is None for each in asked) else {}
    rows = []
    for each in asked:
        same = waiting.get((each.tool, each.input), [])
        call = each.call or (same.pop(0) if same else None)
        row = {
            "step_index": calls.get(call) if call else None,
            "tool_call_id": call,
            "tool_name": each.tool,
            "decision": each.decision,
            "permission_mode": each.mode,
            "reason": each.reason,
        }
        rows.append({key: value for key, value in row.items() if value is not None})
    return rows


def _by_arguments(steps: Sequence[KeptStep]) -> dict[tuple[str, str], list[str]]:
    """Return the ids of calls by tool and arguments: a request for permission has no id."""
    found: dict[tuple[str, str], list[str]] = {}
    for kept in steps:
        for call in kept.step.tool_calls:
            key = (call.tool_name, digest(canonical_bytes(call.input)))
            found.setdefault(key, []).append(call.tool_call_id)
    return found
