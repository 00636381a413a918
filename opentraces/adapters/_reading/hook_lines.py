"""The events in what our hooks wrote down of a session, whatever the agent.

A line is `{"opentraces":1,"at":…,"event":{…}}`: when, in nanoseconds since 1970, and the agent's
own JSON. Of an event above 8 MB it is `{"opentraces":1,"at":…,"bytes":…,"head":"…"}`: how large
it was, and its first bytes in hex. A line that was cut short by a crash may be followed, on the
same line, by a whole one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from opentraces.adapters._reading.jsonl import Giant, complete_lines, decode, decode_behind
from opentraces.domain.committing import is_commit

_BEGIN = b'{"opentraces":1,'
_GIANT_NAME = re.compile(rb'"hook_event_name":\s?"(\w{1,80})"')
_LONGEST_NAME = 80
_MOST_NAMES = 200
_OTHER = "(other)"
_SHELLS = frozenset(("Bash", "bash", "shell", "exec_command", "local_shell", "unified_exec"))
_TOOL = "tool_name"
_ENDS_OF_CALLS = frozenset(("PostToolUse", "PostToolUseFailure", "tool_execution_end"))


class HookLine(NamedTuple):
    """One event."""

    name: str
    """What the agent calls it."""

    event: dict[str, Any]
    """What it said; empty of one that was too large."""

    at: int
    """When, in nanoseconds since 1970; 0: not said."""

    offset: int
    """Where its line begins: bytes from the start."""

    length: int
    """Bytes of the line, the newline not counted."""


class HookLines:
    """The events of one session, to be gone through once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Read from the first byte on."""
        self._pieces = pieces
        self._names: dict[str, int] = {}
        self.bad = 0
        """Lines so far that hold no event: torn, or of another form."""
        self.began = 0
        """When the first of them was written down, in nanoseconds since 1970; 0: not said."""
        self.ended = 0
        """When the last of them so far was, likewise."""
        self.is_midway = False
        """Whether the first of them tells of the end of a call."""
        self.commands = 0
        """Events so far that tell of a command in a shell."""
        self.commits = 0
        """Those of them that seem to make a commit, where they say what was run."""

    @property
    def names(self) -> dict[str, int]:
        """How many events there were so far of each name, by name."""
        return dict(sorted(self._names.items()))

    def __iter__(self) -> Iterator[HookLine]:
        """Yield each event; whatever is none is counted."""
        for offset, line in complete_lines(self._pieces, 0):
            if isinstance(line, Giant):
                self.bad += 1
                continue
            is_torn, start, value = decode_behind(line, _BEGIN)
            self.bad += is_torn
            if value is None:
                continue
            event = value.get("event")
            event = event if type(event) is dict else {}
            name = _text(event.get("hook_event_name")) or _name_in(value)
            if name is None:
                self.bad += 1
                continue
            self.is_midway = self.is_midway or (not self._names and name in _ENDS_OF_CALLS)
            self._count(name)
            at = value.get("at")
            moment = at if type(at) is int else 0
            self.began = self.began or moment
            self.ended = max(self.ended, moment)
            if _text(event.get(_TOOL)) in _SHELLS:
                self.commands += 1
                self.commits += _is_commit(event.get("tool_input"))
            yield HookLine(name, event, moment, offset + start, len(line) - start)

    def _count(self, name: str) -> None:
        """Count a name; those that are too many are counted together."""
        name = name[:_LONGEST_NAME]
        if name not in self._names and len(self._names) >= _MOST_NAMES:
            name = _OTHER
        self._names[name] = self._names.get(name, 0) + 1


def event_in(line: bytes) -> dict[str, Any]:
    """Return the event that one whole line holds; empty: it holds none."""
    event = (decode(line) or {}).get("event")
    return event if type(event) is dict else {}


def _is_commit(given: Any) -> bool:
    """Whether a command's arguments seem to ask for a commit."""
    said = given.get("command") or given.get("cmd") if type(given) is dict else None
    words = said if type(said) is list else [said]
    return is_commit(" ".join(word for word in words if type(word) is str))


def _text(value: Any) -> str | None:
    return value if type(value) is str and value else None


def _name_in(value: dict[str, Any]) -> str | None:
    """Return the name of an event of which only the head was kept. None: it does not say."""
    head = _text(value.get("head")) or ""
    try:
        found = _GIANT_NAME.search(bytes.fromhex(head))
    except ValueError:
        return None
    return found[1].decode() if found else None
