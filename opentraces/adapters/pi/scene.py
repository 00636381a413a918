"""What every kind of line is read against: whose session it is, and what came before."""

from dataclasses import field
from typing import Any

from opentraces.adapters.pi.context.standing import Standing
from opentraces.adapters.pi.copied import Copied
from opentraces.adapters.pi.drafts import Draft
from opentraces.adapters.pi.open_steps import OpenSteps
from opentraces.adapters.pi.tally import Tally
from opentraces.adapters.pi.tree import Tree
from opentraces.domain.ids import digest, step_key
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.step import Role


@mutable_dataclass
class Scene:
    """The state of one source between two lines, and the line being read."""

    tally: Tally = field(default_factory=Tally)
    """What was counted."""

    steps: OpenSteps = field(default_factory=OpenSteps)
    """Steps that lines may still add to."""

    tree: Tree = field(default_factory=Tree)
    """Where each entry has its place."""

    copied: Copied = field(default_factory=Copied)
    """What is known of history that is another session's."""

    context: Standing = field(default_factory=Standing)
    """What the model would see if it were called now."""

    has_header: bool = False
    """Whether the first line was read."""

    thinking: str | None = None
    """How much the model was last told to think. None: not said."""

    tools: dict[str, None] = field(default_factory=dict)
    """Tools that the model was told of, as last said."""

    prompt: str = ""
    """The digest of the system prompt that the model was last told."""

    offset: int = 0
    """Where the line being read begins: bytes from the start of the source."""

    size: int = 0
    """Bytes of the line being read."""

    stamp: str | None = None
    """Its timestamp. None: it has none."""

    entry: str | None = None
    """Its id. None: it has none."""

    def say(self, role: Role, words: str | None, origin: str | None = None, part: int = 0) -> Draft:
        """Add a step for what the model was told; `origin`: what put it there, if nobody typed.

        `part`: its number among the steps of one entry, from 0.
        """
        own = self.entry or f"{role} {digest((words or '').encode())}"
        draft = self._draft(role, ["entry", own, str(part)])
        if words:
            draft.texts.append(words)
        if origin is not None:
            draft.native["origin"] = origin[:80]
        return draft

    def begin_answer(self, response: str | None, asked: Any) -> Draft:
        """Add a step for an answer of the model; a copy of it has both ids, and so its key."""
        own = response or self.entry or ""
        self.tally.responses += 1
        return self._draft("agent", ["answer", own, str(asked)[:40]])

    def _draft(self, role: Role, key: list[str]) -> Draft:
        named = step_key([*key, self.stamp or ""])
        draft = Draft(self.steps.count, named, role, self.tally.moment)
        draft.timestamp = self.stamp
        if self.entry is not None:
            draft.native["entry_id"] = self.entry
        self.steps.add(draft)
        self.steps.weigh(draft, self.size)
        self.tree.begin(draft.ordinal)
        return draft
