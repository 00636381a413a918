"""The port to what hooks wrote down and nobody has kept yet."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Waiting:
    """Events of one session that wait to be kept."""

    agent: Agent
    """Whose."""

    session: SessionId
    """The agent's own id for the session; `unknown` where an event names none."""

    location: str
    """Where they are: for messages, and what differs from any file of the agent's."""

    size: int
    """Bytes, an event that was cut short included."""

    newest: datetime
    """When the last one was written."""


class EventSpool(Protocol):
    """Events of sessions, one line each, from when a hook wrote them until they are kept.

    Contract: tests/contracts/event_spool.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def waiting(self) -> tuple[Waiting, ...]:
        """Return the sessions that have events, by agent and id; cheap: no file is opened."""

    @abstractmethod
    def read(self, session: SessionId, offset: int) -> Iterator[bytes]:
        """Yield a session's events from `offset` on, in pieces, whole lines in all.

        A line that was cut short is ended first, so what was read never changes. Nothing, when
        there are none.
        """

    @abstractmethod
    def clear(self, session: SessionId, length: int) -> bool:
        """Take a session's events away, unless there are more than `length` bytes of them.

        Returns whether none are left. An event that is being written meanwhile stays.
        """

    @abstractmethod
    def lease(self, session: SessionId) -> AbstractContextManager[None]:
        """Be the one who keeps a session's events; ends with the process. Raises Busy."""
