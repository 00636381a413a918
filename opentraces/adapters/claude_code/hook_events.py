"""Claude Code's hook events, as our hook wrote them down."""

from collections.abc import Iterable, Iterator
from typing import Any

from opentraces.adapters._reading.changed_files import changes_of
from opentraces.adapters._reading.hook_lines import HookLine, HookLines, event_in
from opentraces.adapters._reading.values import mapping, text, whole
from opentraces.adapters.claude_code.blocks import depth_fits, tool_input
from opentraces.adapters.claude_code.file_changes import Heard, change_heard
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import canonical_bytes, digest
from opentraces.domain.json_value import JsonValue
from opentraces.domain.trail.file_change import FileChange
from opentraces.ports.hook_events import HookEvents

_LONGEST = 2000


class ClaudeCodeHookEvents(HookEvents):
    """See HookEvents."""

    def facts(self, pieces: Iterable[bytes]) -> HookFacts:
        """See HookEvents."""
        reading = _Reading()
        lines = HookLines(pieces)
        for line in lines:
            reading.take(line)
        return reading.facts(lines)

    def contexts(self, pieces: Iterable[bytes]) -> Iterator[ContextEvent]:
        """See HookEvents. They tell of no request."""
        return iter(())

    def response(self, line: bytes) -> JsonValue:
        """See HookEvents."""
        found: JsonValue = event_in(line).get("tool_response")
        return found if depth_fits(found) else {"too_deep": True}

    def change(self, line: bytes, place: EventPlace, source: int) -> FileChange | None:
        """See HookEvents."""
        event = event_in(line)
        call = text(event.get("tool_use_id"))
        if call is None:
            return None
        heard = Heard(
            details=mapping(event.get("tool_response")),
            offset=place.offset,
            length=place.length,
            way=("event", "tool_response"),
            method="hook_response",
            folder=text(event.get("cwd")),
            moment=None,
            source=source,
        )
        fields = change_heard(heard, text(event.get("tool_name")))
        return changes_of({call: [fields]})[0] if fields is not None else None


class _Reading:
    """One session's events being read."""

    def __init__(self) -> None:
        self._tools: dict[str, ToolEvent] = {}
        self._permissions: list[PermissionEvent] = []
        self._transcript: str | None = None
        self._folders: dict[str, None] = {}

    def take(self, line: HookLine) -> None:
        """Read one event."""
        name, event = line.name, line.event
        self._transcript = text(event.get("transcript_path")) or self._transcript
        if folder := text(event.get("cwd")):
            self._folders[folder] = None
        if name in ("PostToolUse", "PostToolUseFailure"):
            self._take_tool(event, EventPlace(line.offset, line.length))
        elif name in ("PermissionRequest", "PermissionDenied"):
            self._take_permission(event, "denied" if name.endswith("Denied") else "requested")

    def facts(self, lines: HookLines) -> HookFacts:
        """Sum up; `lines` were gone through."""
        return HookFacts(
            events=lines.names,
            bad=lines.bad,
            tools=self._tools,
            permissions=tuple(self._permissions),
            transcript=self._transcript,
            folders=tuple(self._folders),
            began=lines.began,
            ended=lines.ended,
            is_midway=lines.is_midway,
            commands=lines.commands,
            commits=lines.commits,
        )

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
