"""Claude Code's hook events, as our hook wrote them down.

A line is `{"opentraces":1,"at":…,"event":{…}}`: when, in nanoseconds since 1970, and the agent's
own JSON. Of an event above 8 MB it is `{"opentraces":1,"at":…,"bytes":…,"head":"…"}`: how large
it was, and its first bytes in hex. A line that was cut short by a crash may be followed, on the
same line, by a whole one.
"""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from opentraces.adapters._jsonl import Giant, complete_lines, decode, decode_behind
from opentraces.adapters.claude_code.blocks import depth_fits, tool_input
from opentraces.adapters.claude_code.tally import add_one
from opentraces.adapters.claude_code.values import mapping, text, whole
from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import canonical_bytes, digest
from opentraces.ports.hook_events import HookEvents

_BEGIN = b'{"opentraces":1,'
_GIANT_NAME = re.compile(rb'"hook_event_name":\s?"(\w{1,80})"')
_LONGEST = 2000


class ClaudeCodeHookEvents(HookEvents):
    """See HookEvents."""

    def facts(self, pieces: Iterable[bytes]) -> HookFacts:
        """See HookEvents."""
        reading = _Reading()
        for offset, line in complete_lines(pieces, 0):
            reading.take(offset, line)
        return reading.facts()

    def response(self, line: bytes) -> JsonValue:
        """See HookEvents."""
        found: JsonValue = mapping((decode(line) or {}).get("event")).get("tool_response")
        return found if depth_fits(found) else {"too_deep": True}


class _Reading:
    """One session's events being read."""

    def __init__(self) -> None:
        self._events: dict[str, int] = {}
        self._bad = 0
        self._tools: dict[str, ToolEvent] = {}
        self._permissions: list[PermissionEvent] = []
        self._transcript: str | None = None
        self._folders: dict[str, None] = {}

    def take(self, offset: int, line: bytes | Giant) -> None:
        """Read one line, which begins at `offset`."""
        if isinstance(line, Giant):
            self._bad += 1
            return
        is_torn, start, value = decode_behind(line, _BEGIN)
        self._bad += is_torn
        if value is not None:
            self._take_event(value, EventPlace(offset + start, len(line) - start))

    def facts(self) -> HookFacts:
        """Sum up."""
        return HookFacts(
            events=dict(sorted(self._events.items())),
            bad=self._bad,
            tools=self._tools,
            permissions=tuple(self._permissions),
            transcript=self._transcript,
            folders=tuple(self._folders),
        )

    def _take_event(self, value: dict[str, Any], place: EventPlace) -> None:
        event = mapping(value.get("event"))
        name = text(event.get("hook_event_name")) or _name_in(value)
        if name is None:
            self._bad += 1
            return
        add_one(self._events, name)
        self._transcript = text(event.get("transcript_path")) or self._transcript
        if folder := text(event.get("cwd")):
            self._folders[folder] = None
        if name in ("PostToolUse", "PostToolUseFailure"):
            self._take_tool(event, place)
        elif name in ("PermissionRequest", "PermissionDenied"):
            self._take_permission(event, "denied" if name.endswith("Denied") else "requested")

    def _take_tool(self, event: dict[str, Any], place: EventPlace) -> None:
        call = text(event.get("tool_use_id"))
        if call is None:
            return
        error = text(event.get("error"))
        self._tools[call] = ToolEvent(
            call=call,
            place=place,
            agent_id=text(event.get("agent_id")),
            agent_type=text(event.get("agent_type")),
            duration_ms=whole(event.get("duration_ms")),
            error=error[:_LONGEST] if error else None,
            has_response="tool_response" in event,
        )

    def _take_permission(self, event: dict[str, Any], decision: str) -> None:
        reason = text(event.get("reason")) or text(event.get("denial_reason"))
        asked = PermissionEvent(
            decision=decision,
            tool=text(event.get("tool_name")) or "unknown",
            input=digest(canonical_bytes(tool_input(event.get("tool_input")))),
            call=text(event.get("tool_use_id")),
            mode=text(event.get("permission_mode")),
            reason=reason[:_LONGEST] if reason else None,
        )
        self._permissions.append(asked)


def _name_in(value: dict[str, Any]) -> str | None:
    """Return the name of an event of which only the head was kept. None: it does not say."""
    head = text(value.get("head")) or ""
    try:
        found = _GIANT_NAME.search(bytes.fromhex(head))
    except ValueError:
        return None
    return found[1].decode() if found else None
