"""History that a thread has from another one: which lines of a rollout are copies.

A fork or a sub-agent of the paginated dialect says at which ordinal its own history begins. In
the legacy one the lines of the parent follow the parent's own first line, and the thread's own
begin with a turn that is no older than the thread: ids of both tell when they were made.
"""

from typing import Any

from opentraces.adapters._reading.values import mapping, name, text, whole
from opentraces.adapters.codex_cli.line_types import EVENT, Line
from opentraces.domain.slotted import mutable_dataclass

UNTOLD = "copied_history_untold"
"""The limitation of a session with copied lines that cannot be told from its own."""

_TURNS = frozenset((f"{EVENT}task_started", "turn_context"))


@mutable_dataclass
class Copied:
    """What is known of it; every field is a value that JSON can hold."""

    thread: str | None = None
    start: int | None = None
    is_inherited: bool = False
    is_untold: bool = False

    def covers(self, line: Line, ordinal: Any) -> bool:
        """Take the next line; say whether it is a copy."""
        if line.name == "session_meta":
            return self._take_head(line.payload)
        place = whole(ordinal)
        if self.start is not None and place is not None:
            self.is_inherited = self.is_inherited and place < self.start
            return place < self.start
        if self.is_inherited and line.name in _TURNS:
            self.is_inherited = not self._is_own(text(line.payload.get("turn_id")))
        return self.is_inherited

    def _take_head(self, meta: dict[str, Any]) -> bool:
        thread = name(meta.get("id"))
        if self.thread is None:
            self.thread = thread
            self.start = whole(meta.get("subagent_history_start_ordinal"))
            return False
        if thread in (None, self.thread):
            return False
        if made_at(self.thread) is None:
            self.is_untold = True
        else:
            self.is_inherited = True
        return True

    def _is_own(self, turn: str | None) -> bool:
        own, begun = made_at(self.thread), made_at(turn)
        return own is not None and begun is not None and begun >= own


def made_at(identity: str | None) -> int | None:
    """Return when a UUID of version 7 was made, in milliseconds since 1970. None: it is none."""
    digits = (identity or "").replace("-", "")
    if len(digits) != 32 or digits[12] != "7":
        return None
    try:
        return int(digits[:12], 16)
    except ValueError:
        return None


def parent_of(meta: dict[str, Any]) -> dict[str, Any]:
    """Return what a session's first line says of the thread that started it; empty: nothing."""
    helper = mapping(meta.get("source")).get("subagent")
    if type(helper) is str:
        return {"agent_role": helper}
    return mapping(mapping(helper).get("thread_spawn")) or mapping(helper)


def is_helper(meta: dict[str, Any]) -> bool:
    """Whether a session's first line says that another thread started it."""
    return bool(parent_of(meta)) or type(mapping(meta.get("source")).get("subagent")) is dict
