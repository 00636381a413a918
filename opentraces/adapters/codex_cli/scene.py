"""What every kind of line is read against: whose thread it is, and what came before."""

from dataclasses import field, fields
from typing import Any

from opentraces.adapters._reading.counting import note
from opentraces.adapters.codex_cli.context.rollout_context import RolloutContext
from opentraces.adapters.codex_cli.copied import Copied
from opentraces.adapters.codex_cli.drafts import Draft
from opentraces.adapters.codex_cli.open_steps import OpenSteps
from opentraces.adapters.codex_cli.tally import Tally
from opentraces.domain.ids import StepKey, digest, step_key
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.step import Role

CALL = "answer"
"""The key of a step's `native` by which the model's call is told of which it is the answer."""

_MOST_TWINS = 64


@mutable_dataclass
class Thread:
    """The state of one thread between two lines; every field is a value that JSON can hold."""

    agent_role: str = "main"
    """`main`, or the kind of sub-agent."""

    call_type: str = "main"
    """Why the model is called in it."""

    turn: str = ""
    """The turn that is on, or was last."""

    turn_steps: int = 0
    """Steps that began in it."""

    folder: str | None = None
    """Where its commands run. None: not told yet."""

    is_cut: bool = False
    """Whether a step says already that it was cut short."""

    model: str | None = None
    """The model of the turn."""

    is_fast: bool = False
    """Whether the higher speed, which costs more, is asked for."""

    answer: int | None = None
    """The step of the model's last answer."""

    is_answering: bool = False
    """Whether what the model says next may belong to it."""

    is_counted: bool = False
    """Whether what it cost is known: then it is whole."""

    sampled: int | None = None
    """How much of the history it had seen, which all parts of one answer share."""

    total: list[int] | None = None
    """The thread's cumulative count of tokens, as last written down."""

    is_recorded: bool = False
    """Whether the next change of the cumulative count is of an answer that was counted already."""

    records: dict[str, None] = field(default_factory=dict)
    """Answers that were counted by their own record."""

    twins: dict[str, str] = field(default_factory=dict)
    """Texts that were told once, and may be told a second time, by the side that told them."""

    scripts: dict[str, None] = field(default_factory=dict)
    """Calls of `exec` that are not answered yet."""

    script: str | None = None
    """The last call of `exec`."""

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@mutable_dataclass
class Scene:
    """The state of one source between two lines, and the line being read."""

    tally: Tally = field(default_factory=Tally)
    """What was counted."""

    steps: OpenSteps = field(default_factory=OpenSteps)
    """Steps that lines may still add to."""

    thread: Thread = field(default_factory=Thread)
    """Whose turn it is."""

    copied: Copied = field(default_factory=Copied)
    """What is known of history that is another thread's."""

    context: RolloutContext = field(default_factory=RolloutContext)
    """What the model saw."""

    offset: int = 0
    """Where the line being read begins: bytes from the start of the source."""

    size: int = 0
    """Bytes of the line being read."""

    stamp: str | None = None
    """Its timestamp. None: it has none."""

    sampled: int | None = None
    """How much of the history the model had seen when it wrote it. None: not said."""

    is_summary: bool = False
    """Whether the model wrote it to take the place of the history."""

    def begin_turn(self, turn: str | None) -> None:
        """Note that a turn began, or goes on."""
        thread = self.thread
        if turn is not None and turn != thread.turn:
            thread.turn, thread.turn_steps, thread.is_cut = turn, 0, False
            thread.is_answering = False

    def say(self, role: Role, words: str, origin: str | None = None) -> Draft:
        """Add a step for what the model was told; `origin`: what put it there, if nobody typed."""
        draft = self._draft(role, self.key(role, digest(words.encode())))
        if words:
            draft.texts.append(words)
        if origin is not None:
            draft.native["origin"] = origin[:80]
        self.thread.is_answering = False
        self.steps.add(draft)
        return draft

    def begin_answer(self, key: StepKey) -> Draft:
        """Add a step for an answer of the model."""
        thread = self.thread
        draft = self._draft("agent", key)
        draft.model, draft.call_type = thread.model, thread.call_type
        draft.native[CALL] = key
        self.context.answer(key, self.is_summary)
        thread.answer, thread.sampled = draft.ordinal, self.sampled
        thread.is_answering, thread.is_counted = True, False
        note(self.tally.models, draft.model)
        self.tally.responses += 1
        self.steps.add(draft)
        return draft

    def key(self, *parts: str) -> StepKey:
        """Name a step by its place in its turn: equal where the whole turn was copied."""
        return step_key((self.thread.turn, *parts, str(self.thread.turn_steps)))

    def is_twin(self, side: str, text: str) -> bool:
        """Say whether a text is the second telling of one that the other side told."""
        twins, mark = self.thread.twins, digest(text.encode())
        if twins.get(mark, side) != side:
            del twins[mark]
            return True
        twins[mark] = side
        if len(twins) > _MOST_TWINS:
            del twins[next(iter(twins))]
        return False

    def _draft(self, role: Role, key: StepKey) -> Draft:
        draft = Draft(self.steps.count, key, role, self.tally.moment)
        draft.timestamp = self.stamp
        draft.folder = self.thread.folder
        draft.agent_role = self.thread.agent_role
        if self.thread.turn:
            draft.native["turn_id"] = self.thread.turn
        self.thread.turn_steps += 1
        return draft
