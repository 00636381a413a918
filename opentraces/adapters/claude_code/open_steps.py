"""Steps in order, held while lines may still add to them."""

from collections import deque
from typing import Any

from opentraces.adapters.claude_code.drafts import Draft
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep

WINDOW = 8
"""Messages of the model that can still get blocks: the last ones. The lines of one message stand
together, but for results of its own calls, and the lines of helpers that run at the same time."""

MOST_UNANSWERED = 256
"""Messages beyond the window that wait for a result."""

MOST_BYTES = 16 * 1024 * 1024
"""Lines that open messages were read from; above it the oldest are closed early, at last the one
being read: of what follows of it another step is made."""


class OpenSteps:
    """The steps of one source that are not closed yet.

    What closes a step depends on the lines alone, never on where the bytes were cut.
    """

    def __init__(self) -> None:
        self.count = 0
        self.ready: list[ParsedStep] = []
        self._waiting: deque[Draft] = deque()
        self._fresh: dict[StepKey, Draft] = {}
        self._unanswered: dict[int, Draft] = {}
        self._calls: dict[str, Draft] = {}
        self._bytes = 0

    def message(self, key: StepKey) -> Draft | None:
        """Return the open message of the model of this key. None: none is open."""
        return self._fresh.get(key)

    def add(self, draft: Draft) -> None:
        """Take the next step, which is whole, in the order of the source."""
        self.count += 1
        self._waiting.append(draft)

    def open(self, draft: Draft) -> None:
        """Take the next step, a message of the model of which no other is open under its key."""
        self.count += 1
        self._waiting.append(draft)
        self._fresh[draft.key] = draft
        if len(self._fresh) > WINDOW:
            self._close_oldest()

    def weigh(self, draft: Draft, length: int) -> None:
        """Count a line that a message was read from, so that what is held stays bounded."""
        draft.weight += length
        self._bytes += length
        while self._bytes > MOST_BYTES and (self._fresh or self._unanswered):
            if self._unanswered:
                self._drop(self._unanswered.pop(next(iter(self._unanswered))))
            else:
                self._close_oldest()

    def calls(self, draft: Draft, call: str) -> None:
        """Note that this message made a call; its result will be looked for by the call's id."""
        self._calls[call] = draft
        draft.unanswered[call] = None

    def caller(self, call: str) -> Draft | None:
        """Return the open message that made a call. None: none that is still open."""
        return self._calls.get(call)

    def answered(self, draft: Draft) -> None:
        """Close a message that waited for nothing but the result it just got."""
        if not draft.unanswered and self._unanswered.pop(draft.ordinal, None) is not None:
            self._drop(draft)

    def settle(self) -> None:
        """Give the steps before the first message that can still get blocks; after each line."""
        while self._waiting:
            draft = self._waiting[0]
            if self._fresh.get(draft.key) is draft:
                return
            self.ready.append(self._waiting.popleft().parsed())

    def flush(self) -> None:
        """Give every step as it is now; open ones stay open."""
        while self._waiting:
            self.ready.append(self._waiting.popleft().parsed())
        held = sorted([*self._unanswered.values(), *self._fresh.values()], key=_ordinal)
        self.ready += [draft.parsed() for draft in held if draft.is_changed]

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold; only after `flush`."""
        return {
            "count": self.count,
            "fresh": [draft.saved() for draft in self._fresh.values()],
            "unanswered": [draft.saved() for draft in self._unanswered.values()],
            "calls": {call: draft.ordinal for call, draft in self._calls.items()},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Become what `saved` was called on."""
        self.count = saved["count"]
        fresh = [Draft.restored(values) for values in saved["fresh"]]
        unanswered = [Draft.restored(values) for values in saved["unanswered"]]
        self._fresh = {draft.key: draft for draft in fresh}
        self._unanswered = {draft.ordinal: draft for draft in unanswered}
        held = {draft.ordinal: draft for draft in (*unanswered, *fresh)}
        self._bytes = sum(draft.weight for draft in held.values())
        self._calls = {call: held[ordinal] for call, ordinal in saved["calls"].items()}

    def _close_oldest(self) -> None:
        self._leave(self._fresh.pop(next(iter(self._fresh))))

    def _leave(self, draft: Draft) -> None:
        """Let a message go that gets no blocks any more; it may still wait for results."""
        if not draft.unanswered:
            self._drop(draft)
            return
        self._unanswered[draft.ordinal] = draft
        if len(self._unanswered) > MOST_UNANSWERED:
            self._drop(self._unanswered.pop(next(iter(self._unanswered))))

    def _drop(self, draft: Draft) -> None:
        """Forget a message; nothing can add to it any more."""
        self._bytes -= draft.weight
        for call in draft.calls:
            if self._calls.get(call) is draft:
                del self._calls[call]
        if draft.revision >= 0 and draft.is_changed:
            self.ready.append(draft.parsed())


def _ordinal(draft: Draft) -> int:
    return draft.ordinal
