"""What the scripted model answers, and what it says each answer cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.corpus.tokens import Tokens


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

    @property
    def stop_reason(self) -> str:
        """Why the model stops: to wait for its tools, or because it is done."""
        calls = any(isinstance(block, Call) for block in self.blocks)
        return "tool_use" if calls else "end_turn"


@dataclass(frozen=True)
class Lane:
    """The answers to one conversation, in order, over all processes that continue it."""

    marker: str
    """A word of the first prompt: whoever sends it is in this lane."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Served:
    """One response that was sent."""

    message_id: str
    request_id: str
    lane: str | None
    """Its lane's marker; None: a call beside the conversation, such as one for a title."""

    tokens: Tokens


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
