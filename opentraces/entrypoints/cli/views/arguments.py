"""What a tool call is about, in a line."""

import json

from opentraces.domain.step import ToolCall
from opentraces.entrypoints.cli.plain import one_line

_TELLING = (
    "command",
    "cmd",
    "file_path",
    "notebook_path",
    "pattern",
    "query",
    "url",
    "path",
    "skill",
    "description",
    "prompt",
    "subject",
)
"""Keys of arguments, the most telling first."""

_LONGEST = 160


def main_argument(call: ToolCall) -> str:
    """Return the argument that says most, else all of them; one line, cut where it is long."""
    said = next((call.input[key] for key in _TELLING if isinstance(call.input.get(key), str)), None)
    if said is None:
        said = (
            json.dumps(call.input, ensure_ascii=False, separators=(",", ":")) if call.input else ""
        )
    text = one_line(said)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
