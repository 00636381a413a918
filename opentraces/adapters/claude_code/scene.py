"""What every kind of line is read against: whose source it is, and what came before."""

from dataclasses import field
from typing import Any

from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.open_steps import OpenSteps
from opentraces.adapters.claude_code.seen import SeenLines
from opentraces.adapters.claude_code.tally import Tally
from opentraces.domain.ids import StepKey, digest, step_key
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.step import CallType, Role

_NATIVE = (("uuid", "uuid"), ("promptId", "prompt_id"))


@frozen_dataclass
class Speaker:
    """Whose lines a source holds."""

    agent_role: str = "main"
    """`main`, or the kind of sub-agent."""

    call_type: CallType = "main"
    """Why the model is called in it."""

    is_aside: bool = False
    """Whether it is a side question, which begins with a replay of the session."""

    @property
    def is_main(self) -> bool:
        """Whether a person talks to it."""
        return self.call_type == "main"


HELPER = Speaker("subagent", "subagent")
"""A sub-agent of which nothing is said, such as one whose lines stand among the session's own."""


@mutable_dataclass
class Scene:
    """The state of one source between two lines, and the line being read."""

    speaker: Speaker
    """Whose source it is."""

    tally: Tally = field(default_factory=Tally)
    """What was counted."""

    steps: OpenSteps = field(default_factory=OpenSteps)
    """Steps that lines may still add to."""

    seen: SeenLines = field(default_factory=SeenLines)
    """Lines that were read."""

    raw: bytes = b""
    """The line being read."""

    offset: int = 0
    """Where it begins: bytes from the start of the source."""

    stamp: str | None = None
    """Its timestamp. None: it has none."""

    def speaker_of(self, line: dict[str, Any]) -> Speaker:
        """Return whose line it is: older releases wrote helpers' lines among the session's."""
        is_guest = self.speaker.is_main and line.get("isSidechain") is True
        return HELPER if is_guest else self.speaker

    def line_key(self, line: dict[str, Any], *parts: str) -> StepKey:
        """Name a step by its line; `parts` tell several steps of one line apart."""
        return step_key((text(line.get("uuid")) or digest(self.raw), *parts))

    def draft(self, line: dict[str, Any], role: Role, key: StepKey) -> Draft:
        """Begin a step with this line."""
        draft = Draft(self.steps.count, key, role, self.tally.moment)
        draft.timestamp = self.stamp
        draft.agent_role = self.speaker_of(line).agent_role
        for theirs, ours in _NATIVE:
            value = line.get(theirs)
            if type(value) is str and value:
                draft.native[ours] = value
        if self.speaker.is_aside:
            draft.native["aside"] = "true"
        return draft
