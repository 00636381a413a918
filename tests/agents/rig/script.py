"""What the scripted model answers, and what it says each answer cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeAlias

from benchmarks.corpus.tokens import Tokens

COMPACTION = "Your task is to create a detailed summary"
"""What the client asks for when it compacts a conversation."""

VERDICT = "<block>"
"""What the client asks about a call when it decides by itself what is allowed."""


@dataclass(frozen=True)
class Text:
    """Words for the user."""

    text: str


@dataclass(frozen=True)
class Thinking:
    """Thinking, with the signature that the client must hand back."""

    text: str


@dataclass(frozen=True)
class Call:
    """A tool call."""

    tool: str
    arguments: Mapping[str, Any]


Block: TypeAlias = Text | Thinking | Call


@dataclass(frozen=True)
class Answer:
    """One response of the model."""

    blocks: tuple[Block, ...]
    stops_by: str | None = None
    """Why the model stops, such as `refusal`; None: as its blocks say."""

    @property
    def stop_reason(self) -> str:
        """Why the model stops: to wait for its tools, or because it is done."""
        calls = any(isinstance(block, Call) for block in self.blocks)
        return self.stops_by or ("tool_use" if calls else "end_turn")


@dataclass(frozen=True)
class Cut:
    """An answer whose connection ends inside its last block."""

    answer: Answer


@dataclass(frozen=True)
class Held:
    """An answer that stands still inside its last block until it is released, 30 s at most."""

    answer: Answer
    released: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Failure:
    """An HTTP error instead of an answer."""

    status: int
    kind: str
    """The API's own word for it, such as `overloaded_error`."""


Reply: TypeAlias = Answer | Cut | Held | Failure


@dataclass(frozen=True)
class Lane:
    """The replies to one conversation, in order, over all processes that continue it."""

    marker: str
    """A word of a prompt: the conversation that has it before any other marker is in this lane."""

    answers: tuple[Reply, ...]
    is_last_word: bool = False
    """Whether the marker must stand in what was said last, whatever lane the rest is in."""


@dataclass(frozen=True)
class Served:
    """One reply that was begun."""

    message_id: str
    request_id: str
    lane: str | None
    """Its lane's marker; None: a call beside the conversation, such as one for a title."""

    tokens: Tokens
    session: str
    """The session that asked, as the client says in a header."""

    agent_id: str | None
    """The sub-agent that asked; None: the main conversation did."""


def answer(*blocks: Block) -> Answer:
    """Return the answer made of these blocks."""
    return Answer(blocks)


def cost(number: int) -> Tokens:
    """Return what the response `number` is said to have cost: no two sums are alike."""
    return Tokens(
        input=3 + number,
        cache_creation=1_000 + 10 * number,
        cache_read=20_000 + 100 * number,
        output=70 + 7 * number,
    )
