"""What a parser makes of a source: steps as they come, and a summary at the end."""

from collections.abc import Mapping

from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import StepKey
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import Step
from opentraces.domain.trail.file_change import FileChange


@frozen_dataclass
class ParsedStep:
    """One step of one source, before it has its number in the trace."""

    ordinal: int
    """Its place among the steps of its source, from 0; fixed by its first line."""

    moment: int
    """Milliseconds since 1970; never less than an earlier step's of the same source."""

    revision: int
    """0 when first given; a later one is the whole step again, and replaces it."""

    key: StepKey
    """What the agent calls it: equal in every copy of the step, in any session."""

    native: Mapping[str, str]
    """The agent's own ids and marks: see the parser's module for the keys."""

    step: Step
    """The step; its `step_index` is 0 until it is numbered."""

    changes: tuple[FileChange, ...] = ()
    """What its calls did to files, or were shown of whole ones, as far as their results are there;
    in a later revision all of them again."""


@frozen_dataclass
class ParsedSource:
    """A source, read to its last complete line."""

    consumed: int
    """Bytes from the start of the source to the end of its last complete line."""

    facts: SourceFacts
    """What it says of the session."""

    state: bytes
    """What the same parser needs to go on from `consumed`. Opaque."""
