"""Which function reads which line. Lines that none reads are known, and say nothing of a step."""

from collections.abc import Callable, Mapping
from typing import Any

from opentraces.adapters.pi.answers import take_answer
from opentraces.adapters.pi.changes import (
    take_branch_summary,
    take_compaction,
    take_context_edit,
    take_label,
    take_model,
    take_name,
    take_thinking,
)
from opentraces.adapters.pi.line_types import MESSAGE, Line
from opentraces.adapters.pi.results import take_command, take_result
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.usage import take_usage
from opentraces.adapters.pi.utterances import (
    take_injected,
    take_prompt,
    take_summary,
    take_system,
)

Handler = Callable[[Scene, dict[str, Any]], None]

MESSAGES: Mapping[str, Handler] = {
    "user": take_prompt,
    "assistant": take_answer,
    "toolResult": take_result,
    "bashExecution": take_command,
    "system": take_system,
    "custom": take_injected,
    "hookMessage": take_injected,
    "branchSummary": take_summary,
    "compactionSummary": take_summary,
}
"""By who speaks."""

ENTRIES: Mapping[str, Handler] = {
    "model_change": take_model,
    "thinking_level_change": take_thinking,
    "compaction": take_compaction,
    "branch_summary": take_branch_summary,
    "label": take_label,
    "session_info": take_name,
    "custom_message": take_injected,
    "context_edit": take_context_edit,
    "usage": take_usage,
}
"""By the type of an entry that is no message."""


def hand_over(scene: Scene, line: Line) -> None:
    """Let a line be read by whoever knows its kind."""
    if line.name.startswith(MESSAGE):
        MESSAGES[line.name.removeprefix(MESSAGE)](scene, line.message)
    elif line.name in ENTRIES:
        ENTRIES[line.name](scene, line.entry)
