"""A step as it is kept: with its place in its source, and the agent's own ids."""

from pydantic import Field

from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Step


class KeptStep(Frozen):
    """One line of a trace's steps. A later line of the same `step_index` replaces it."""

    source: int
    """Number of the source in which it stands."""

    ordinal: int
    """Its place among the steps of that source, from 0."""

    revision: int = 0
    """How often it was amended."""

    key: StepKey
    """What the agent calls it: equal in every copy of the step, in any session."""

    native: dict[str, str] = Field(default_factory=dict)
    """The agent's own ids and marks."""

    step: Step
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
            step=parsed.step.model_copy(update={"step_index": index}),
        )

    def line(self) -> bytes:
        """Return it as one line of JSON, without what equals its default."""
        return self.model_dump_json(exclude_defaults=True).encode() + b"\n"

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
