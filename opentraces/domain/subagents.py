"""Which steps a sub-agent made, and which step called it."""

from collections.abc import Iterable, Mapping, Sequence

from opentraces.domain.envelope import KeptSource
from opentraces.domain.facts import AgentLink
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Helper:
    """One sub-agent of a trace."""

    agent_id: str
    """The agent's own id for it."""

    agent_type: str | None
    """What kind it is. None: not said."""

    description: str | None
    """The caller's few words for its task. None: not said."""

    tool_call_id: str | None
    """The tool call that started it. None: no source says."""

    parent_step: int | None
    """The step of that call. None: the call is in no kept step."""


def helpers_of(sources: Sequence[KeptSource], steps: Iterable[KeptStep]) -> Mapping[int, Helper]:
    """Return the sub-agents by the number of the source that holds their lines."""
    links = _links(sources)
    ids = {
        number: kept.facts.agent_id
        for number, kept in enumerate(sources)
        if kept.facts and kept.facts.agent_id and not kept.superseded
    }
    if not ids:
        return {}
    calls = {
        call.tool_call_id: kept.step.step_index for kept in steps for call in kept.step.tool_calls
    }
    return {
        number: Helper(
            agent_id=agent_id,
            agent_type=link.agent_type,
            description=link.description,
            tool_call_id=link.tool_call_id,
            parent_step=calls.get(link.tool_call_id or ""),
        )
        for number, agent_id in ids.items()
        for link in (links.get(agent_id, AgentLink(agent_id=agent_id)),)
    }


def _links(sources: Sequence[KeptSource]) -> dict[str, AgentLink]:
    """Merge what all sources say of each sub-agent; the first that says something is right."""
    merged: dict[str, AgentLink] = {}
    for kept in sources:
        for link in kept.facts.links if kept.facts and not kept.superseded else ():
            known = merged.get(link.agent_id, link)
            merged[link.agent_id] = AgentLink(
                agent_id=link.agent_id,
                tool_call_id=known.tool_call_id or link.tool_call_id,
                agent_type=known.agent_type or link.agent_type,
                description=known.description or link.description,
            )
    return merged
