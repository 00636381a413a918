"""The lines of commits that a session wrote, as records of the Agent Trace specification 0.1.0."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentraces.domain.attribution import AttributionConversation, AttributionFile
from opentraces.domain.ids import TraceId, uuid_of
from opentraces.domain.session import Agent
from opentraces.domain.step import Step
from opentraces.domain.trail.anchoring import TIERS
from opentraces.domain.trail.attributed import attribution_of
from opentraces.domain.trail.events import Anchored
from opentraces.domain.trail.known import KnownTrail

VERSION = "0.1.0"
"""Of the specification."""

_PROVIDERS: Mapping[Agent, str] = {Agent.CLAUDE_CODE: "anthropic", Agent.CODEX_CLI: "openai"}
_LONGEST_MODEL = 250


def agent_traces(
    trace: TraceId, agent: Agent, trail: KnownTrail, steps: Mapping[int, Step], release: str
) -> list[dict[str, Any]]:
    """Return one record for each commit that holds lines of a trace, oldest first.

    Line numbers are those of that commit. Only lines with evidence are in a record.
    """
    anchors = trail.every_anchor
    commits = {each.commit: each.committed for each in anchors}
    made = tuple(trail.patches.values())
    records = []
    for commit, committed in sorted(commits.items(), key=lambda each: (each[1], each[0])):
        attribution = attribution_of(trace, commit, made, trail, steps)
        held = [each for each in anchors if each.commit == commit]
        records.append(
            {
                "version": VERSION,
                "id": uuid_of("agent-trace", trace, commit),
                "timestamp": committed,
                "vcs": {"type": "git", "revision": commit},
                "tool": {"name": "opentraces", "version": release},
                "files": [_file(each, agent) for each in attribution.files],
                "metadata": {"ai.opentraces": _evidence(trace, held, trail)},
            }
        )
    return records


def _file(file: AttributionFile, agent: Agent) -> dict[str, Any]:
    return {
        "path": file.path,
        "conversations": [_conversation(each, agent) for each in file.conversations],
    }


def _conversation(said: AttributionConversation, agent: Agent) -> dict[str, Any]:
    contributor = {"type": said.contributor.get("type", "unknown")}
    model = _model(said.contributor.get("model_id"), agent)
    if model is not None:
        contributor["model_id"] = model
    ranges = [{"start_line": each.start_line, "end_line": each.end_line} for each in said.ranges]
    conversation: dict[str, Any] = {"contributor": contributor, "ranges": ranges}
    return {"url": said.url, **conversation} if said.url else conversation


def _model(name: str | None, agent: Agent) -> str | None:
    """Return a model as `provider/model`. None: which one, or whose, is not known."""
    if name is None:
        return None
    provider = _PROVIDERS.get(agent)
    full = name if "/" in name or provider is None else f"{provider}/{name}"
    return full if "/" in full and len(full) <= _LONGEST_MODEL else None


def _evidence(trace: TraceId, held: Sequence[Anchored], trail: KnownTrail) -> dict[str, Any]:
    """Say what ties the lines of each file to the trace: the weakest tie of them."""
    tiers: dict[str, str] = {}
    for each in sorted(held, key=lambda each: TIERS.index(each.tier)):
        tiers[each.path] = each.tier
    calls = {trail.patches[each.patch_id].change.call for each in held}
    return {
        "trace_id": trace,
        "tiers": tiers,
        "tool_call_ids": sorted(call for call in calls if call is not None),
    }
