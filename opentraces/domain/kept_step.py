"""A step as it is kept: with its place in its source, and the agent's own ids."""

from dataclasses import field
from typing import Annotated

from opentraces.domain.field_bounds import Checked, Shaped
from opentraces.domain.frozen import Count, Frozen, told
from opentraces.domain.ids import StepKey, exact_bytes
from opentraces.domain.limits import LARGEST_COUNT
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Step


def _numbered(step: Step) -> Step:
    if 0 <= step.step_index <= LARGEST_COUNT:
        return step
    raise ValueError(f"{step.step_index} is no number of a step")


class KeptStep(Frozen):
    """One line of a trace's steps. A later line of the same `step_index` replaces it."""

    source: Count
    """Number of the source in which it stands."""

    ordinal: Count
    """Its place among the steps of that source, from 0."""

    revision: Count = 0
    """How often it was amended."""

    key: Annotated[StepKey, Shaped(r"\A[0-9a-f]{16}\z")]
    """What the agent calls it: equal in every copy of the step, in any session."""

    native: dict[str, str] = field(default_factory=dict)
    """The agent's own ids and marks."""

    step: Annotated[Step, Checked(_numbered)]
    """The step."""

    @classmethod
    def numbered(cls, parsed: ParsedStep, source: int, index: int) -> "KeptStep":
        """Give a parsed step its number in the trace."""
        return cls(
            source=source,
            ordinal=parsed.ordinal,
            revision=parsed.revision,
            key=parsed.key,
            native=dict(parsed.native),
            step=parsed.step.numbered(index),
        )

    def line(self) -> bytes:
        """Return it as one line of JSON, without what equals its default."""
        return exact_bytes(self.told(), told) + b"\n"

    @property
    def is_counted(self) -> bool:
        """Whether it is a response that was paid for."""
        usage = self.step.token_usage
        return bool(
            usage.input_tokens
            or usage.output_tokens
            or usage.cache_read_tokens
            or usage.cache_write_tokens
        )
