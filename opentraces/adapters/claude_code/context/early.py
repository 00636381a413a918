"""Lines that were written before the lines they follow: at a session's beginning that happens."""

from collections.abc import Callable
from typing import Any

from opentraces.adapters.claude_code.blocks import depth_fits
from opentraces.adapters.claude_code.context.pieces import Line, short

_MOST = 16
"""Lines that are held back at most."""


class EarlyLines:
    """Holds lines of the model back until what they answer was read."""

    def __init__(self) -> None:
        self._held: list[Line] = []
        self._awaited: str | None = None
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Whether no line is held back, nor will be."""
        return self._is_over and not self._held

    def waits(self, line: Line, is_known: Callable[[str], bool]) -> bool:
        """Whether a line is held back: only before the first that is not."""
        parent = _parent(line)
        if line.value.get("type") != "assistant" or parent is None:
            self._is_over = self._is_over or line.name is not None
            return False
        is_early = not self._is_over and not is_known(parent) and depth_fits(line.value)
        if is_early or self._follows_held(parent):
            self._awaited = self._awaited or parent
            self._held.append(line)
            return True
        return False

    def ready_before(self, line: Line) -> list[Line]:
        """Return lines that have waited in vain: the conversation goes on after them."""
        if not self._held:
            return []
        parent = _parent(line)
        is_answered = line.value.get("type") == "user" and self._follows_held(parent)
        return self._released() if is_answered or len(self._held) >= _MOST else []

    def ready_after(self, line: Line) -> list[Line]:
        """Return lines that waited for this one."""
        return self._released() if self._held and line.name == self._awaited else []

    def saved(self) -> list[Any]:
        """Return it as JSON values."""
        held = [[each.value, each.offset, each.length] for each in self._held]
        return [held, self._awaited, self._is_over]

    @classmethod
    def restored(cls, saved: list[Any]) -> "EarlyLines":
        """Become what `saved` was called on."""
        early = cls()
        held, early._awaited, early._is_over = saved
        early._held = [Line(*each) for each in held]
        return early

    def _follows_held(self, parent: str | None) -> bool:
        return parent is not None and any(each.name == parent for each in self._held)

    def _released(self) -> list[Line]:
        held, self._held, self._awaited, self._is_over = self._held, [], None, True
        return held


def _parent(line: Line) -> str | None:
    return short(line.value.get("parentUuid"))
