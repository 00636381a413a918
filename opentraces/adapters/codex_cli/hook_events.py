"""Codex's hook events, as our hook wrote them down: lines as those of ADR 13.

They stand in a repository, where anybody may have written them. So they may name no file but one
of the agent's own sessions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from opentraces.adapters._reading.hook_lines import HookLine, HookLines, event_in
from opentraces.adapters._reading.values import name, text
from opentraces.adapters.codex_cli.texts import arguments
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.hook_facts import EventPlace, HookFacts, PermissionEvent, ToolEvent
from opentraces.domain.ids import Digest, canonical_bytes, digest
from opentraces.domain.json_value import JsonValue
from opentraces.domain.trail.file_change import FileChange
from opentraces.ports.hook_events import HookEvents

_RESPONSE = "tool_response"
_REASON = "description"
"""Why the model asks; in what a tool is given it does not stand."""

_CHILD = "agent_transcript_path"
_OF_TOOLS = frozenset(("PreToolUse", "PermissionRequest", "PostToolUse"))
"""Events whose working directory is that of a tool."""


class _Asked(NamedTuple):
    turn: str | None
    tool: str
    input: Digest


class CodexHookEvents(HookEvents):
    """See HookEvents."""

    def __init__(self, homes: tuple[str, ...]) -> None:
        """Believe in no transcript but one below `homes`, the agent's own folders."""
        self._homes = tuple(map(PurePosixPath, homes))

    def facts(self, pieces: Iterable[bytes]) -> HookFacts:
        """See HookEvents."""
        reading = _Reading(self._homes)
        lines = HookLines(pieces)
        for line in lines:
            reading.take(line)
        return reading.facts(lines)

    def contexts(self, pieces: Iterable[bytes]) -> Iterator[ContextEvent]:
        """See HookEvents. They tell of no request."""
        return iter(())

    def response(self, line: bytes) -> JsonValue:
        """See HookEvents."""
        found = event_in(line).get(_RESPONSE)
        kept = arguments({_RESPONSE: found})
        answer: JsonValue = kept.get(_RESPONSE, kept)
        return answer

    def change(self, line: bytes, place: EventPlace, source: int) -> FileChange | None:
        """See HookEvents. The session's own lines say as much."""
        return None


class _Reading:
    """One session's events being read."""

    def __init__(self, homes: tuple[PurePosixPath, ...]) -> None:
        self._homes = homes
        self._tools: dict[str, ToolEvent] = {}
        self._permissions: list[PermissionEvent] = []
        self._open: dict[_Asked, list[int]] = {}
        """Permissions that no call was joined to yet, by place."""
        self._transcript: str | None = None
        self._started: dict[str, None] = {}
        self._folders: dict[str, None] = {}

    def take(self, line: HookLine) -> None:
        """Read one event."""
        place = EventPlace(line.offset, line.length)
        self._take_places(line.name, line.event)
        if line.name == "PostToolUse":
            self._take_tool(line.event, place)
        elif line.name == "PermissionRequest":
            self._take_permission(line.event)

    def facts(self, lines: HookLines) -> HookFacts:
        """Sum up; `lines` were gone through."""
        return HookFacts(
            events=lines.names,
            bad=lines.bad,
            tools=self._tools,
            permissions=tuple(self._permissions),
            transcript=self._transcript,
            started=tuple(self._started),
            folders=tuple(self._folders),
            began=lines.began,
            ended=lines.ended,
            is_midway=lines.is_midway,
            commands=lines.commands,
            commits=lines.commits,
        )

    def _take_places(self, said: str, event: dict[str, Any]) -> None:
        """Take where the session is; what a sub-agent says of itself is not of the session."""
        folder = name(event.get("cwd"))
        if folder is not None and said not in _OF_TOOLS:
            self._folders[folder] = None
        is_own = said == "SubagentStop" or event.get("agent_id") is None
        transcript = self._believed(event.get("transcript_path"))
        if is_own:
            self._transcript = transcript or self._transcript
        for child in (None if is_own else transcript, self._believed(event.get(_CHILD))):
            if child is not None:
                self._started[child] = None

    def _believed(self, value: object) -> str | None:
        """Return where a transcript is. None: it is not said, or is none of the agent's own."""
        transcript = name(value)
        if transcript is None:
            return None
        path = PurePosixPath(transcript)
        is_own = ".." not in path.parts and any(map(path.is_relative_to, self._homes))
        return transcript if is_own else None

    def _take_tool(self, event: dict[str, Any], place: EventPlace) -> None:
        call = text(event.get("tool_use_id"))
        if call is None:
            return
        if asked := self._open.get(_asked(event)):
            number = asked.pop(0)
            self._permissions[number] = replace(self._permissions[number], call=call)
        self._tools[call] = ToolEvent(
            call=call,
            place=place,
            agent_id=text(event.get("agent_id")),
            agent_type=text(event.get("agent_type")),
            has_response=_RESPONSE in event,
        )

    def _take_permission(self, event: dict[str, Any]) -> None:
        asked = _asked(event)
        self._open.setdefault(asked, []).append(len(self._permissions))
        permission = PermissionEvent(
            decision="requested",
            tool=asked.tool,
            input=asked.input,
            mode=text(event.get("permission_mode")),
        )
        self._permissions.append(permission)


def _asked(event: dict[str, Any]) -> _Asked:
    """Return what a permission and the end of its call have in common: neither names the other."""
    given = arguments(event.get("tool_input"))
    given = {key: _trimmed(value) for key, value in given.items() if key != _REASON}
    tool = text(event.get("tool_name")) or "unknown"
    return _Asked(text(event.get("turn_id")), tool, digest(canonical_bytes(given)))


def _trimmed(value: JsonValue) -> JsonValue:
    """Return a text without outer spaces: a request says a patch without its last newline."""
    return value.strip() if isinstance(value, str) else value
