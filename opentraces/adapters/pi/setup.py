"""What Pi loads of ours, and at which of its events it tells us."""

from collections.abc import Mapping
from pathlib import Path

from opentraces.domain.setup import AgentPackage

PACKAGE = AgentPackage(
    settings="settings.json",
    key="packages",
    program="pi",
    name="opentraces-pi",
    script="extensions/index.ts",
    events=(
        "session_start",
        "input",
        "agent_start",
        "turn_start",
        "context",
        "after_provider_response",
        "tool_execution_start",
        "tool_execution_end",
        "turn_end",
        "model_select",
        "thinking_level_select",
        "user_bash",
        "session_tree",
        "session_before_compact",
        "session_compact",
        "session_compact_failed",
        "session_info_changed",
        "agent_end",
        "session_shutdown",
        "before_agent_start",
        "before_provider_request",
    ),
)
"""In the order in which the script asks for them."""

_NAMES = ("package.json", PACKAGE.script)


def package_files(folder: Path) -> Mapping[str, bytes]:
    """Return the files of the package as they are shipped in a folder, by name."""
    return {name: (folder / name).read_bytes() for name in _NAMES}
