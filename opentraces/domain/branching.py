"""Where a session branched, and what it spent beside its steps, as one source of it says."""

from dataclasses import field

from opentraces.domain.frozen import Count, Frozen
from opentraces.domain.step import TokenUsage


class Offshoot(Frozen):
    """Steps that follow each other and are not on the active branch."""

    first: Count
    """The first of them: a step of this source, from 0."""

    last: Count
    """The last of them."""

    fork: Count | None = None
    """The step that the first goes on from. None: from none of this source."""


class Transition(Frozen):
    """A point where the session went on from another place than from its last line."""

    first: Count | None = None
    """The first step after it. None: there is none before the next one."""

    fork: Count | None = None
    """The step that it goes on from. None: from none of this source."""

    fork_id: str | None = None
    """The agent's id of that place. None: the very beginning."""

    left: Count | None = None
    """The last step of the branch that was left. None: the source does not say."""

    left_id: str | None = None
    """The agent's id of where that branch was left. None: the source does not say."""

    is_summed_up: bool = False
    """Whether the first step after it sums up what was left."""


class Label(Frozen):
    """A name that the user gave to a step."""

    ordinal: Count
    """The step of this source, from 0."""

    label: str
    """The name."""


class ContextEdit(Frozen):
    """A step of which the model was shown something else afterwards, or nothing."""

    ordinal: Count
    """The step of this source, from 0."""

    is_dropped: bool
    """Whether the model was shown nothing of it any more; else another text."""


class Branching(Frozen):
    """The branches of one source. Empty for agents that have none."""

    inactive: tuple[Offshoot, ...] = ()
    """Steps that are not on the active branch, ascending."""

    transitions: tuple[Transition, ...] = ()
    """In the order of the source."""

    labels: tuple[Label, ...] = ()
    """In the order in which they were given last."""

    context_edits: tuple[ContextEdit, ...] = ()
    """In the order of the source."""


class Expense(Frozen):
    """What calls of a model cost that are no steps; one for each kind."""

    kind: str
    """What they were for, as the agent names it: `compaction`, `branch_summary`, …"""

    calls: Count = 0
    """How many times it was written down."""

    usage: TokenUsage = field(default_factory=TokenUsage)
    """What they cost in tokens."""

    cost_usd: float | None = None
    """What they cost in US dollars, as the agent wrote it. None: of one it is not said."""
