"""What a look at an installation finds: what is well, what to look at, what is wrong."""

from enum import StrEnum
from typing import NamedTuple

from opentraces.domain.errors import Busy, OpentracesError

_ADVISED = " → "


class Level(StrEnum):
    """How a thing is."""

    OK = "ok"
    """As it should be."""

    WARN = "warn"
    """Nothing is broken; somebody may want to do something."""

    FAIL = "fail"
    """Something does not work, or is damaged."""


class Check(NamedTuple):
    """One thing that was looked at."""

    topic: str
    """What it is about, in a word: `bucket`, `index`, or an agent."""

    level: Level
    """How it is."""

    text: str
    """How it is, in words."""

    advice: str | None = None
    """A command that can be copied, or a sentence. None: nothing is to be done."""


def check_of(topic: str, error: OpentracesError) -> Check:
    """Return what an error that ended a look comes to; its message may end in an advice."""
    level = Level.WARN if isinstance(error, Busy) else Level.FAIL
    text, _, advice = str(error).partition(_ADVISED)
    return Check(topic, level, text, advice or None)
