"""Calls that nothing came of, because their turn was cut short.

The service takes no call without an output. Where a rollout has none, because the client was
killed or the history was copied in the middle of a call, the client makes one up when it asks the
model again; it is sent right behind the call, and written nowhere.
"""

from typing import Any

from opentraces.adapters.codex_cli.context.places import Place
from opentraces.domain.context.blocks import Block, block_of

_OUTPUTS = {
    "function_call": "function_call_output",
    "custom_tool_call": "custom_tool_call_output",
    "local_shell_call": "function_call_output",
}
_WORDS = "aborted"


class CutCalls:
    """Calls since the last answer began, by their id, until something came of them."""

    def __init__(self, calls: dict[str, list[Any]] | None = None) -> None:
        self._calls = calls or {}

    def take(self, item: dict[str, Any], place: Place, at: int) -> None:
        """Read an item that is block number `at` of those that wait."""
        kind, call = item.get("type"), item.get("call_id")
        if type(call) is not str:
            return
        if type(kind) is str and kind in _OUTPUTS:
            self._calls[call] = [at, False, _OUTPUTS[kind], *place]
        else:
            self.answered(call)

    def answered(self, call: str) -> None:
        """Take that something came of a call."""
        self._calls.pop(call, None)

    def end_turn(self) -> None:
        """Take that nothing will come of any call."""
        for call in self._calls.values():
            call[1] = True

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def made_up(self) -> list[tuple[int, Block]]:
        """Return the outputs that are made up, and behind which block each is; the last first."""
        cut = [(at, call, said) for call, (at, is_cut, *said) in self._calls.items() if is_cut]
        return [(at, _output(call, *said)) for at, call, said in sorted(cut, reverse=True)]

    def saved(self) -> dict[str, list[Any]]:
        """Return it as values that JSON can hold."""
        return self._calls


def _output(call: str, kind: str, *place: Any) -> Block:
    said: dict[str, Any] = {"type": kind, "call_id": call, "output": _WORDS}
    return block_of("tool", said, said | {"call_id": Place(*place).below("call_id").whole})
