"""The port to bodies of requests that an agent wrote for us and nobody has kept yet."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Literal, Protocol

from opentraces.domain.ids import SessionId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class WaitingBody:
    """One body that waits to be kept."""

    name: str
    """The file's name: never given twice."""

    kind: Literal["request", "response"]
    """What was sent, or what came back."""

    session: SessionId | None
    """Whose request it is. None: it does not say, or not yet; a response never does."""

    answer: str | None
    """The native id of the answer that a response holds. None: it has none, or not yet."""

    size: int
    """Bytes."""

    written: int
    """When it was last written to, in nanoseconds: the order in which requests were sent."""


class RequestBodies(Protocol):
    """Bodies, from when an agent wrote them until they are kept.

    Contract: tests/contracts/request_bodies.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def waiting(self) -> tuple[WaitingBody, ...]:
        """Return what waits, in the order of writing; of a request only a little is read."""

    @abstractmethod
    def read(self, name: str) -> bytes | None:
        """Return the bytes of a body as they are now. None: it does not wait any more."""

    @abstractmethod
    def remove(self, names: Iterable[str]) -> None:
        """Take bodies away. Idempotent."""
