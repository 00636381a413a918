"""What came back from a tool call, out of what the model was told of it."""

import re
from typing import Any, NamedTuple

from opentraces.adapters._reading.values import inner, mapping
from opentraces.adapters.codex_cli.texts import shown

_SUMMARY = 120
_LONG = 200
_ERROR = 2000
_HEADER = 400
_EXIT = re.compile(r"^(?:Process exited with code|Exit code:) (-?\d{1,10})$", re.M)
_WALL = re.compile(r"^Wall time:? (\d{1,9}(?:\.\d{1,9})?) seconds$", re.M)
_RUNNING = re.compile(r"^Process running with session ID \d+$", re.M)
_ABORTED = re.compile(r"^aborted(?: by user)?(?: after [\d.]+s)?$", re.M)
_REFUSED = (
    "aborted",
    "apply_patch verification failed",
    "Command blocked by",
    "exec_command failed",
    "execution error",
    "failed to parse function arguments",
    "Script failed",
    "unable to locate image",
    "unsupported call",
    "unsupported custom tool call",
)


class Told(NamedTuple):
    """What the model was told of a call."""

    content: str | None
    """The text. None: there is none."""

    error: str | None
    """Why it failed, in the agent's words. None: it did not, or is not said to have."""

    duration_ms: int | None
    """How long it took. None: not said."""

    is_going_on: bool
    """Whether what it began may end later, and the end be written down then."""


def told(output: Any) -> Told:
    """Read the output of a call, in any of the forms that releases gave it."""
    content = shown(output)
    header, _, rest = (content or "")[:_HEADER].partition("\nOutput:\n")
    inside = mapping((inner(content) or {}).get("metadata")) if content else {}
    wall = _WALL.search(header)
    aborted = _ABORTED.search(header) if not rest else None
    return Told(
        content=content,
        error=_error(header, inside, aborted, mapping(output)),
        duration_ms=round(float(wall[1]) * 1000) if wall else None,
        is_going_on=bool(aborted or _RUNNING.search(header)),
    )


def _error(
    header: str, inside: dict[str, Any], aborted: re.Match[str] | None, output: dict[str, Any]
) -> str | None:
    code = _EXIT.search(header)
    if code and int(code[1]):
        return code[0]
    if aborted:
        return aborted[0]
    if header.startswith(_REFUSED):
        return header.split("\n", 1)[0][:_ERROR]
    if type(inside.get("exit_code")) is int and inside["exit_code"]:
        return exit_words(inside["exit_code"])
    if output.get("success") is False:
        return header.split("\n", 1)[0][:_ERROR] or "error"
    return None


def exit_words(code: Any) -> str | None:
    """Return what a code of exit says. None: nothing is wrong, or it is none."""
    return f"Process exited with code {code}" if type(code) is int and code else None


def observation(call: str, content: str | None, error: str | None) -> dict[str, Any]:
    """Return an Observation's fields."""
    seen: dict[str, Any] = {"source_call_id": call, "content": content or None}
    if content and len(content) > _LONG:
        seen["output_summary"] = summary(content)
    if error:
        seen["error"] = error
    return seen


def summary(content: str) -> str | None:
    """Return the first line that says something, cut to the width of a list."""
    _, _, output = content[:2000].partition("\nOutput:\n")
    lines = (output.strip() or content[:2000].lstrip()).split("\n", 1)
    return lines[0].rstrip()[:_SUMMARY] or None
