"""The port to one agent's hook events: what stands in the lines that a hook wrote down."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Protocol

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.hook_facts import EventPlace, HookFacts
from opentraces.domain.json_value import JsonValue
from opentraces.domain.trail.file_change import FileChange


class HookEvents(Protocol):
    """One agent's events. Pure: the same bytes give the same facts, however they are cut.

    Contract: tests/contracts/hook_events.py.
    """

    @abstractmethod
    def facts(self, pieces: Iterable[bytes]) -> HookFacts:
        """Read a session's events from the first byte on.

        Nothing in the bytes makes it raise: what cannot be understood is counted.
        """

    @abstractmethod
    def contexts(self, pieces: Iterable[bytes]) -> Iterator[ContextEvent]:
        """Yield what the model saw at calls of a session, as far as its events tell of requests.

        From the first byte on; in the order in which it was asked, so that each node comes behind
        its parent. Places in it are in source 0, whatever number the events have. Nothing in the
        bytes makes it raise.
        """

    @abstractmethod
    def response(self, line: bytes) -> JsonValue:
        """Return what the tool of one event gave back, as JSON values. None: nothing.

        What is nested too deep to be written again is an object that says so.
        """

    @abstractmethod
    def change(self, line: bytes, place: EventPlace, source: int) -> FileChange | None:
        """Return what the tool of one event did to a file, by what it gave back.

        `place` is where the line stands in the source of that number. None: nothing, or it says no
        more of it than the agent's own lines do.
        """
