"""The port to what tells that a kept trace changed."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

from opentraces.domain.ids import TraceId


class TraceStamps(Protocol):
    """A stamp for every trace that was committed and not deleted.

    Contract: tests/contracts/trace_stamps.py. Raises StorageUnavailable.
    """

    @abstractmethod
    def stamps(self) -> Mapping[TraceId, str]:
        """Return all; opens no trace. Whatever changes of a trace, its stamp becomes another."""
