"""Steps in order, held while lines may still add to them."""

from typing import Any

from opentraces.adapters.pi.drafts import Draft
from opentraces.domain.parsing import ParsedStep

MOST_WAITING = 256
"""Answers that wait for results of tools."""

MOST_BYTES = 16 * 1024 * 1024
"""Lines that waiting answers were read from; above it the oldest are closed early."""


class OpenSteps:
    """The steps of one source that are not closed yet: the newest, and answers that wait.

    What closes a step depends on the lines alone, never on where the bytes were cut.
    """

    def __init__(self) -> None:
        self.count = 0
        self.ready: list[ParsedStep] = []
        self._newest: Draft | None = None
        self._waiting: dict[int, Draft] = {}
        self._calls: dict[str, Draft] = {}
        self._bytes = 0

    def add(self, draft: Draft) -> None:
        """Take the next step."""
        before = self._newest
        if before is not None:
            if before.waits:
                self._waiting[before.ordinal] = before
                self._give(before)
            else:
                self._drop(before)
        self._newest = draft
        self.count += 1
        while len(self._waiting) > MOST_WAITING:
            self._drop(self._waiting.pop(next(iter(self._waiting))))

    def wait(self, draft: Draft, call: str) -> None:
        """Note that an answer made a call; what comes of it is looked for by the call's id."""
        draft.waits[call] = None
        self._calls[call] = draft

    def caller(self, call: str) -> Draft | None:
        """Return the answer that waits for what comes of a call. None: none does."""
        draft = self._calls.get(call)
        return draft if draft is not None and call in draft.waits else None

    def weigh(self, draft: Draft, length: int) -> None:
        """Count a line that a step was read from, so that what is held stays bounded."""
        draft.weight += length
        self._bytes += length
        while self._bytes > MOST_BYTES and self._waiting:
            self._drop(self._waiting.pop(next(iter(self._waiting))))
        if self._bytes > MOST_BYTES and self._newest is not None:
            self._forget_calls(self._newest)

    def settle(self, draft: Draft) -> None:
        """Close an answer that waited for nothing but what it just got."""
        if not draft.waits and self._waiting.pop(draft.ordinal, None) is not None:
            self._drop(draft)

    def flush(self) -> None:
        """Give every step as it is now; open ones stay open."""
        for draft in sorted(self._waiting.values(), key=_ordinal):
            self._give(draft)
        if self._newest is not None:
            self._give(self._newest)

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold; only after `flush`."""
        return {
            "count": self.count,
            "newest": self._newest.saved() if self._newest else None,
            "waiting": [draft.saved() for draft in self._waiting.values()],
            "calls": {call: draft.ordinal for call, draft in self._calls.items()},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Become what `saved` was called on."""
        self.count = saved["count"]
        waiting = [Draft.restored(values) for values in saved["waiting"]]
        self._waiting = {draft.ordinal: draft for draft in waiting}
        self._newest = Draft.restored(saved["newest"]) if saved["newest"] else None
        held = dict(self._waiting)
        if self._newest is not None:
            held[self._newest.ordinal] = self._newest
        self._bytes = sum(draft.weight for draft in held.values())
        self._calls = {call: held[ordinal] for call, ordinal in saved["calls"].items()}

    def _give(self, draft: Draft) -> None:
        if draft.is_changed:
            self.ready.append(draft.parsed())

    def _drop(self, draft: Draft) -> None:
        """Forget a step; nothing can add to it any more."""
        self._bytes -= draft.weight
        self._forget_calls(draft)
        self._give(draft)

    def _forget_calls(self, draft: Draft) -> None:
        for call in draft.calls:
            named = call["tool_call_id"]
            if self._calls.get(named) is draft:
                del self._calls[named]
        draft.waits.clear()


def _ordinal(draft: Draft) -> int:
    return draft.ordinal
