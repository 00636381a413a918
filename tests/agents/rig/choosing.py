"""Which reply of the script answers which request."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from threading import Condition
from typing import Any

from tests.agents.rig.script import Held, Lane, Reply, Served, Text, answer, cost

_BESIDE = answer(Text('{"title": "A scripted session", "isNewTopic": true}'))
_AFTER = answer(Text("Done."))
_PATIENCE_S = 60


class Chooser:
    """Chooses replies; one for all requests of a server.

    `requests` are what was asked, each in the place that its reply has in `served`.
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.served: list[Served] = []
        self.requests: list[Mapping[str, Any]] = []
        self._lanes = lanes
        self._taken: Counter[str] = Counter()
        self._changed = Condition()

    def choose(
        self, request: Mapping[str, Any], headers: Mapping[str, str]
    ) -> tuple[Reply, Served]:
        """Take the next reply of the conversation that `request` continues."""
        lane = self._lane(request)
        with self._changed:
            number = len(self.served)
            chosen = self._next(lane) if lane else _BESIDE
            sent = Served(
                message_id=f"msg_01scripted{number:04d}",
                request_id=f"req_01scripted{number:04d}",
                lane=lane.marker if lane else None,
                tokens=cost(number),
                session=headers.get("X-Claude-Code-Session-Id", ""),
                agent_id=headers.get("x-claude-code-agent-id"),
            )
            self.served.append(sent)
            self.requests.append(request)
            self._changed.notify_all()
        return chosen, sent

    def wait_for(self, marker: str, requests: int = 1) -> None:
        """Return when a lane was asked so often, or fail."""

        def asked() -> bool:
            return self._taken[marker] >= requests

        with self._changed:
            assert self._changed.wait_for(asked, _PATIENCE_S), f"{marker} was not asked in time"

    def release(self) -> None:
        """Release every answer that is held, or will be."""
        for lane in self._lanes:
            for reply in lane.answers:
                if isinstance(reply, Held):
                    reply.released.set()

    def _lane(self, request: Mapping[str, Any]) -> Lane | None:
        last = "\n".join(_said_by_user(request["messages"][-1:]))
        for lane in self._lanes:
            if lane.is_last_word and lane.marker in last:
                return lane
        if not request.get("tools"):
            return None
        usual = [lane for lane in self._lanes if not lane.is_last_word]
        said = _said_by_user(request["messages"])
        return next((lane for text in said for lane in usual if lane.marker in text), None)

    def _next(self, lane: Lane) -> Reply:
        at = self._taken[lane.marker]
        self._taken[lane.marker] += 1
        return lane.answers[at] if at < len(lane.answers) else _AFTER


def _said_by_user(messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message["role"] != "user":
            continue
        if isinstance(message["content"], str):
            yield message["content"]
        else:
            yield from (one["text"] for one in message["content"] if one["type"] == "text")
