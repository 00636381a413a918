"""The port to the usage ledger."""

from abc import abstractmethod
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.ledger import Claim, Seniority, Settlement, UsageCount
from opentraces.domain.usage.spent import Account


class Settling(Protocol):
    """The ledger, held by one process."""

    @abstractmethod
    def claim(self, trace: TraceId, seniority: Seniority, claims: Collection[Claim]) -> UsageCount:
        """Add claims of a trace; those it has already count for nothing. Says what was new.

        What a step used replaces what was said of it before.
        """

    @abstractmethod
    def describe(self, account: Account) -> None:
        """Say whose the responses of a trace are; nothing happens when it claimed nothing."""

    @abstractmethod
    def release(self, trace: TraceId) -> None:
        """Take all claims of a trace back; nothing happens when it has none."""

    @abstractmethod
    def settlements(self) -> Iterable[Settlement]:
        """Say what becomes of every trace that shares a step with one claimed or released."""


class UsageLedger(Protocol):
    """Which trace holds which step. Derived: rebuilt from the kept steps when it is lost.

    Contract: tests/contracts/usage_ledger.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def settling(self) -> AbstractContextManager[Settling]:
        """Hold the ledger against all other processes; waits, within a bound, then raises Busy.

        Leaving it keeps what was claimed; leaving it by an exception keeps nothing.
        """

    @abstractmethod
    def is_complete(self) -> bool:
        """Whether it holds this bucket's claims; False: it was lost, and must be rebuilt."""

    @abstractmethod
    def begin_anew(self) -> None:
        """Empty it, and say that it will be complete after the claims to come."""
