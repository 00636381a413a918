"""What came back from a tool call, out of a `tool_result` block and its line."""

from typing import Any

from opentraces.adapters._reading.values import mapping, name, text, whole
from opentraces.adapters.claude_code.blocks import shown
from opentraces.domain.facts import AgentLink

_SUMMARY = 120
_LONG = 200
_ERROR = 2000
_REJECTED = "User rejected tool use"


def observation(block: dict[str, Any], call: str, told: Any) -> dict[str, Any]:
    """Return an Observation's fields; `told` is the `toolUseResult`, if it is this call's."""
    content = shown(block.get("content"))
    seen: dict[str, Any] = {"source_call_id": call, "content": content or None}
    if content and len(content) > _LONG:
        seen["output_summary"] = summary(content)
    error = _error(block, content, told)
    if error:
        seen["error"] = error
    return seen


def summary(content: str) -> str | None:
    """Return the first line that says something, cut to the width of a list."""
    lines = content[:2000].lstrip().split("\n", 1)
    return lines[0].rstrip()[:_SUMMARY] or None


def _error(block: dict[str, Any], content: str | None, told: Any) -> str | None:
    failed = block.get("is_error") is True
    if type(told) is str and told and (failed or told == _REJECTED or told.startswith("Error")):
        return told[:_ERROR]
    return (content or "error")[:_ERROR] if failed else None


def duration_ms(told: dict[str, Any]) -> int | None:
    """Return how long the call took. None: the line does not say."""
    for key in ("totalDurationMs", "durationMs"):
        if (value := whole(told.get(key))) is not None:
            return value
    seconds = told.get("durationSeconds")
    if isinstance(seconds, int | float) and 0 <= seconds < 10**9:
        return round(seconds * 1000)
    return None


def agent_link(told: dict[str, Any], call: dict[str, Any] | None) -> AgentLink | None:
    """Return what a result says of the sub-agent that gave it. None: it is no sub-agent's."""
    agent = name(told.get("agentId"))
    if agent is None:
        return None
    asked = mapping(call["input"]) if call else {}
    return AgentLink(
        agent_id=agent,
        tool_call_id=name(call["tool_call_id"]) if call else None,
        agent_type=name(told.get("agentType")) or name(asked.get("subagent_type")),
        description=name(told.get("description")) or name(asked.get("description")),
    )


def commit(told: dict[str, Any]) -> str | None:
    """Return the commit that a shell command made, as the agent abbreviates it. None: none."""
    made = mapping(mapping(told.get("gitOperation")).get("commit"))
    return text(made.get("sha"))


def spilled_file(told: dict[str, Any]) -> str | None:
    """Return the name of the file that a long output was written to. None: it was not."""
    path = text(told.get("persistedOutputPath"))
    return path.rpartition("/")[2][:200] or None if path else None
