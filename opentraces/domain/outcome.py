"""What became of a session, so far as there is evidence."""

from typing import Literal

from opentraces.domain.frozen import Frozen

SignalConfidence = Literal["derived", "inferred", "annotated"]
"""Read off a record; concluded by a rule that can err; said by a person or by CI."""

TerminalState = Literal["goal_reached", "interrupted", "error", "abandoned"]
"""Task done; cut short from outside; stopped by a fault; given up by the agent itself."""


class Outcome(Frozen):
    """Whether it worked, who says so, and the commit it became.

    `committed` and `commit_sha` follow from the anchors of the trace's patches and nothing else.
    """

    success: bool | None = None
    """Whether the task was achieved; None: nobody said, and nothing proves it."""

    signal_source: str = "deterministic"
    """What the verdict rests on: `deterministic`, or the name of the rule, judge or annotator."""

    signal_confidence: SignalConfidence = "derived"
    """How far to trust the verdict."""

    description: str | None = None
    """The verdict in words, by whoever gave it; None: no words were given."""

    committed: bool = False
    """Whether at least one patch is anchored in a commit; False also before any search."""

    commit_sha: str | None = None
    """Full id of the latest commit an anchor names; None exactly when not `committed`."""

    terminal_state: TerminalState | None = None
    """How the session ended, from the agent's last events; None: they do not tell."""

    reward: float | None = None
    """Number given by an environment or a judge, on its own scale; None: none was given."""

    reward_source: str | None = None
    """Who gave the reward: `rl_environment`, `judge`, `human_annotation` or `orchestrator`;
    None exactly when `reward` is."""
