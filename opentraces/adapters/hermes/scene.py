"""What every kind of line is read against: what came before, and what is said of the session."""

from dataclasses import field

from opentraces.adapters.hermes.drafts import Draft
from opentraces.adapters.hermes.open_steps import OpenSteps
from opentraces.adapters.hermes.session_note import SessionNote
from opentraces.adapters.hermes.tally import Tally
from opentraces.domain.ids import StepKey, step_key
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.step import Role


@mutable_dataclass
class Scene:
    """The state of one source between two lines, and the line being read."""

    note: SessionNote
    """What is said of the session beside its lines."""

    tally: Tally = field(default_factory=Tally)
    """What was counted."""

    steps: OpenSteps = field(default_factory=OpenSteps)
    """Steps that lines may still add to."""

    size: int = 0
    """Bytes of the line being read."""

    def draft(self, role: Role, text: str | None, *key: str) -> Draft:
        """Begin the next step; nobody sees it until it is added."""
        draft = Draft(self.steps.count, StepKey(step_key(key)), role, self.tally.moment)
        draft.text = text or None
        draft.weight = self.size
        if role == "agent":
            draft.call_type, draft.agent_role = self.note.call_type, self.note.agent_role
            self.tally.responses += 1
        return draft

    def aside(self, origin: str, text: str | None, *key: str) -> Draft:
        """Begin a step for what nobody typed and no model said; `origin`: what put it there."""
        draft = self.draft("system", text, *key)
        draft.native["origin"] = origin[:80]
        return draft
