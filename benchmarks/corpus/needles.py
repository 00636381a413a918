"""Terms hidden in a known number of sessions, so that a search can be marked right or wrong."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Place(StrEnum):
    """The kind of text a needle is hidden in."""

    USER = "user"
    ASSISTANT = "assistant"
    THINKING = "thinking"
    TOOL_INPUT = "tool_input"
    TOOL_OUTPUT = "tool_output"


@dataclass(frozen=True)
class Needle:
    """A term that occurs nowhere else."""

    term: str
    place: Place
    sessions: int
    """How many sessions hold it, their forks not counted."""


NEEDLES = (
    Needle("quibblefrost", Place.USER, 1),
    Needle("vexahedron", Place.ASSISTANT, 3),
    Needle("murmelwick", Place.THINKING, 2),
    Needle("plonkiter", Place.TOOL_INPUT, 2),
    Needle("zorblaxnine", Place.TOOL_OUTPUT, 2),
    Needle("orchid lattice handshake", Place.ASSISTANT, 4),
)
"""The last is a phrase of words that occur by themselves everywhere."""


class Hiding:
    """The needles one session has still to hide."""

    def __init__(self, needles: tuple[Needle, ...]) -> None:
        self._left = list(needles)

    def __bool__(self) -> bool:
        return bool(self._left)

    def into(self, place: Place, text: str, chance: Random) -> str:
        """Return `text`, with a needle due at `place` put between two of its words."""
        due = next((needle for needle in self._left if needle.place is place), None)
        if due is None:
            return text
        self._left.remove(due)
        words = text.split(" ")
        words.insert(chance.randint(0, len(words)), due.term)
        return " ".join(words)
