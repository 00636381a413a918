"""Steps in order, held while lines may still add to them."""

from typing import Any

from opentraces.adapters.hermes.drafts import Draft
from opentraces.domain.parsing import ParsedStep

MOST_WAITING = 64
"""Answers that results are waited for; above it the oldest are closed early."""

MOST_BYTES = 16 * 1024 * 1024
"""Lines that waiting answers were read from; above it the oldest are closed early."""


class OpenSteps:
    """The steps of one source that are not closed yet.

    What closes a step depends on the lines alone, never on where the bytes were cut.
    """

    def __init__(self) -> None:
        self.count = 0
        self.ready: list[ParsedStep] = []
        self._newest: Draft | None = None
        self._waiting: dict[int, Draft] = {}
        self._calls: dict[str, int] = {}
        self._bytes = 0

    def add(self, draft: Draft) -> None:
        """Take the next step; the one before it is given as it is now."""
        self._give_newest()
        self._newest = draft
        self.count += 1
        if not draft.waits:
            return
        self._waiting[draft.ordinal] = draft
        self._calls.update(dict.fromkeys(draft.waits, draft.ordinal))
        self._bytes += draft.weight
        while len(self._waiting) > MOST_WAITING or self._bytes > MOST_BYTES:
            self._close(next(iter(self._waiting.values())))

    def caller(self, call: str | None) -> Draft | None:
        """Return the step that made a call and waits for its result. None: there is none."""
        return self._waiting.get(self._calls.get(call or "", -1))

    def settle(self, draft: Draft, length: int) -> None:
        """Close an answer that waits for nothing any more; `length` bytes were added to it."""
        draft.weight += length
        self._bytes += length
        if not draft.waits or self._bytes > MOST_BYTES:
            self._close(draft)

    def flush(self) -> None:
        """Give every step as it is now; those that wait stay open."""
        self._give_newest()
        self.ready += [draft.parsed() for draft in self._waiting.values() if draft.is_changed]

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold; only after `flush`."""
        return {
            "count": self.count,
            "waiting": [draft.saved() for draft in self._waiting.values()],
            "calls": self._calls,
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Become what `saved` was called on."""
        self.count = saved["count"]
        drafts = [Draft(**values) for values in saved["waiting"]]
        self._waiting = {draft.ordinal: draft for draft in drafts}
        self._bytes = sum(draft.weight for draft in drafts)
        self._calls = saved["calls"]

    def _give_newest(self) -> None:
        if self._newest is not None:
            self.ready.append(self._newest.parsed())
        self._newest = None

    def _close(self, draft: Draft) -> None:
        """Forget an answer; nothing can add to it any more."""
        if self._waiting.pop(draft.ordinal, None) is None:
            return
        self._bytes -= draft.weight
        for call in draft.calls:
            if self._calls.get(call) == draft.ordinal:
                del self._calls[call]
        if draft is not self._newest and draft.is_changed:
            self.ready.append(draft.parsed())
