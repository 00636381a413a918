"""Steps in order, held while lines may still add to them."""

from typing import Any

from opentraces.adapters.codex_cli.drafts import Draft
from opentraces.domain.parsing import ParsedStep

WINDOW = 8
"""Answers of the model that lines may still add to, whatever they wait for: the last ones."""

MOST_WAITING = 256
"""Answers before those that wait for an output, or for the end of a command in the background."""

MOST_BYTES = 16 * 1024 * 1024
"""Lines that open answers were read from; above it the oldest are closed early."""


class OpenSteps:
    """The steps of one source that are not closed yet.

    What closes a step depends on the lines alone, never on where the bytes were cut.
    """

    def __init__(self) -> None:
        self.count = 0
        self.ready: list[ParsedStep] = []
        self._newest: Draft | None = None
        self._recent: dict[int, Draft] = {}
        self._waiting: dict[int, Draft] = {}
        self._calls: dict[str, Draft] = {}
        self._bytes = 0

    def add(self, draft: Draft) -> None:
        """Take the next step; the one before it is given as it is now."""
        self._give_newest()
        self._newest = draft
        self.count += 1
        if draft.role == "agent":
            self._recent[draft.ordinal] = draft
            if len(self._recent) > WINDOW:
                self._leave(self._recent.pop(next(iter(self._recent))))

    def held(self, ordinal: int | None) -> Draft | None:
        """Return the open answer of this ordinal. None: it is closed, or there is none."""
        if ordinal is None:
            return None
        return self._recent.get(ordinal) or self._waiting.get(ordinal)

    def calls(self, draft: Draft, call: str) -> None:
        """Note that an answer made a call; what comes of it is looked for by the call's id."""
        self._calls[call] = draft

    def caller(self, call: str | None) -> Draft | None:
        """Return the open answer that made a call. None: none that is still open."""
        return self._calls.get(call) if call is not None else None

    def weigh(self, draft: Draft, length: int) -> None:
        """Count a line that an answer was read from, so that what is held stays bounded."""
        if self.held(draft.ordinal) is not draft:
            return
        draft.weight += length
        self._bytes += length
        while self._bytes > MOST_BYTES and (self._waiting or self._recent):
            oldest = self._waiting or self._recent
            self._drop(oldest.pop(next(iter(oldest))))

    def settle(self, draft: Draft) -> None:
        """Close an answer that waited for nothing but what it just got."""
        if not draft.waits and self._waiting.pop(draft.ordinal, None) is not None:
            self._drop(draft)

    def flush(self) -> None:
        """Give every step as it is now; open ones stay open."""
        self._give_newest()
        held = sorted([*self._waiting.values(), *self._recent.values()], key=_ordinal)
        self.ready += [draft.parsed() for draft in held if draft.is_changed]

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold; only after `flush`."""
        return {
            "count": self.count,
            "recent": [draft.saved() for draft in self._recent.values()],
            "waiting": [draft.saved() for draft in self._waiting.values()],
            "calls": {call: draft.ordinal for call, draft in self._calls.items()},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Become what `saved` was called on."""
        self.count = saved["count"]
        recent = [Draft.restored(values) for values in saved["recent"]]
        waiting = [Draft.restored(values) for values in saved["waiting"]]
        self._recent = {draft.ordinal: draft for draft in recent}
        self._waiting = {draft.ordinal: draft for draft in waiting}
        held = self._recent | self._waiting
        self._bytes = sum(draft.weight for draft in held.values())
        self._calls = {call: held[ordinal] for call, ordinal in saved["calls"].items()}

    def _give_newest(self) -> None:
        if self._newest is not None:
            self.ready.append(self._newest.parsed())
        self._newest = None

    def _leave(self, draft: Draft) -> None:
        """Let an answer go that is not recent any more; it may still wait for something."""
        if not draft.waits:
            self._drop(draft)
            return
        self._waiting[draft.ordinal] = draft
        if len(self._waiting) > MOST_WAITING:
            self._drop(self._waiting.pop(next(iter(self._waiting))))

    def _drop(self, draft: Draft) -> None:
        """Forget an answer; nothing can add to it any more."""
        self._bytes -= draft.weight
        for call in draft.calls:
            if self._calls.get(call) is draft:
                del self._calls[call]
        if draft is not self._newest and draft.is_changed:
            self.ready.append(draft.parsed())


def _ordinal(draft: Draft) -> int:
    return draft.ordinal
