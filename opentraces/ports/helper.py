"""The port to another process that does some of a long work."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

Order = TypeVar("Order")
Done = TypeVar("Done", covariant=True)


class Helper(Protocol[Order, Done]):
    """Another process that carries out orders meanwhile, one after another.

    Contract: tests/contracts/helper.py. It ends when the process that began it does, however that
    ends. An order is carried out whole or may be given again, so what it asks for is idempotent.
    """

    @abstractmethod
    def begin(self, take: Callable[[], Order | None]) -> None:
        """Begin to carry out what `take` returns, until that is None; returns at once.

        `take` is called whenever the helper has nothing to do, maybe by another thread.
        """

    @abstractmethod
    def done(self, *, wait: bool) -> Iterator[tuple[Order, Done | None]]:
        """Yield orders that were carried out since, each with what came of it; each once.

        None: it could not carry that out, or is gone. `wait`: go on until nothing is left to take.
        """

    @abstractmethod
    def close(self) -> None:
        """End it; an order that is not carried out is abandoned."""
