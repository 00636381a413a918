"""The port to what the ledger has booked."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Protocol

from opentraces.domain.usage.portions import Portion, Span
from opentraces.domain.usage.spent import Account


class UsageBook(Protocol):
    """What all kept sessions used. Derived: see UsageLedger, which writes it.

    Contract: tests/contracts/usage_book.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def is_complete(self) -> bool:
        """Whether it holds what all kept traces used; False: the ledger must be rebuilt."""

    @abstractmethod
    def portions(self, span: Span, lengths: Sequence[int]) -> Iterable[Portion]:
        """Add up the responses of a stretch of time, in no order.

        `lengths`: tokens of a prompt, ascending; responses on two sides of one stay apart.
        """

    @abstractmethod
    def accounts(self) -> Iterable[Account]:
        """Return every session that spent something beside its steps."""
