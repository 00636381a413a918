"""The port to the text of single steps: what a search shows beside a hit."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.search import Place, TraceBrief


class StepTexts(Protocol):
    """Kept steps as plain text. Reads no more of a trace than the step asked for.

    Contract: tests/contracts/step_texts.py. Raises TraceNotFound, Corrupt, NewerFormat,
    StorageUnavailable.
    """

    @abstractmethod
    def brief(self, trace: TraceId) -> TraceBrief:
        """Return what stands beside a hit."""

    @abstractmethod
    def texts(self, trace: TraceId, step: int) -> Mapping[Place, str]:
        """Return what a step says, by place, whole. Raises StepNotFound."""
