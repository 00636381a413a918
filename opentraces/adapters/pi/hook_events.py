"""What Pi's extension wrote down: each line numbered, from 0 on whenever Pi loads it.

It writes without a lock, so a line may stand there twice; the second is as if it were not there.
One process loads it again for each session that it goes to, or comes back to: the same number is
the same line only at the same moment.

It stands in a repository, where anybody may have written it. So it may name no file but one of the
agent's own sessions.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from opentraces.adapters._reading.hook_lines import HookLine, HookLines
from opentraces.adapters._reading.values import name, text
from opentraces.adapters.pi.context.requests import contexts
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.hook_facts import EventPlace, HookFacts, ToolEvent
from opentraces.domain.json_value import JsonValue
from opentraces.domain.trail.file_change import FileChange
from opentraces.ports.hook_events import HookEvents

_BEGUN, _ENDED = "tool_execution_start", "tool_execution_end"
_MS = 1_000_000


class PiHookEvents(HookEvents):
    """See HookEvents."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        """Believe in no transcript but one below `folders`, where the agent keeps sessions."""
        self._folders = tuple(map(PurePosixPath, folders))

    def facts(self, pieces: Iterable[bytes]) -> HookFacts:
        """See HookEvents."""
        reading = _Reading(self._folders)
        lines = HookLines(pieces)
        for line in lines:
            reading.take(line)
        return reading.facts(lines)

    def contexts(self, pieces: Iterable[bytes]) -> Iterator[ContextEvent]:
        """See HookEvents."""
        yield from contexts(pieces)

    def response(self, line: bytes) -> JsonValue:
        """See HookEvents. The session's own lines have it."""
        return None

    def change(self, line: bytes, place: EventPlace, source: int) -> FileChange | None:
        """See HookEvents. The session's own lines say as much."""
        return None


class _Reading:
    """One session's events being read."""

    def __init__(self, folders: tuple[PurePosixPath, ...]) -> None:
        self._sessions = folders
        self._events: dict[str, int] = {}
        self._seen: set[tuple[int, int, int]] = set()
        self._begun: dict[str, int] = {}
        self._tools: dict[str, ToolEvent] = {}
        self._transcript: str | None = None
        self._folders: dict[str, None] = {}

    def take(self, line: HookLine) -> None:
        """Read one event."""
        event = line.event
        if self._is_second(line):
            return
        self._events[line.name] = self._events.get(line.name, 0) + 1
        self._transcript = self._believed(event.get("transcript_path")) or self._transcript
        folder = name(event.get("cwd"))
        if folder is not None and line.name != "user_bash":
            self._folders[folder] = None
        call = text(event.get("tool_use_id"))
        if call is not None and line.name == _BEGUN:
            self._begun[call] = line.at
        elif call is not None and line.name == _ENDED:
            self._end(call, line)

    def facts(self, lines: HookLines) -> HookFacts:
        """Sum up; `lines` were gone through."""
        return HookFacts(
            events={name: self._events.get(name, number) for name, number in lines.names.items()},
            bad=lines.bad,
            tools=self._tools,
            requests=self._events.get("before_provider_request", 0),
            transcript=self._transcript,
            folders=tuple(self._folders),
            began=lines.began,
            ended=lines.ended,
            is_midway=lines.is_midway,
            commands=lines.commands,
            commits=lines.commits,
        )

    def _is_second(self, line: HookLine) -> bool:
        process, number = line.event.get("pid"), line.event.get("sequence")
        if type(process) is not int or type(number) is not int:
            return False
        is_second = (process, number, line.at) in self._seen
        self._seen.add((process, number, line.at))
        return is_second

    def _end(self, call: str, line: HookLine) -> None:
        begun = self._begun.pop(call, None)
        self._tools[call] = ToolEvent(
            call=call,
            place=EventPlace(line.offset, line.length),
            duration_ms=None if begun is None else max((line.at - begun) // _MS, 0),
        )

    def _believed(self, value: object) -> str | None:
        """Return where a transcript is. None: it is not said, or is none of the agent's own."""
        transcript = name(value)
        if transcript is None:
            return None
        path = PurePosixPath(transcript)
        is_own = ".." not in path.parts and any(map(path.is_relative_to, self._sessions))
        return transcript if is_own else None
