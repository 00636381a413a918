"""Reading kept values, which a later release of the same format may have added to.

A key that is not known is left out, and named, so that nobody writes the rest back without it. A
word that is not known, where only some are (an agent, a role), cannot be left out: NewerFormat.

What is right beyond doubt is taken at once. All else is left to `checking`, which is imported then
only: it takes longer to import than most traces take to read.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeVar

from opentraces.domain.built import built
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import KINDS as CONTEXT_KINDS
from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import read_json
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.lines import KINDS

_CHECKING = "opentraces.adapters.filesystem.checking"

Known = TypeVar("Known", bound=Frozen)


def understood(kind: type[Known], document: Any, name: str) -> tuple[Known, tuple[str, ...]]:
    """Return what JSON values say, and which of their keys are not known; takes those out.

    Raises Corrupt, or NewerFormat, naming the file.
    """
    try:
        return built(kind, document), ()
    except ValueError:
        found: tuple[Known, tuple[str, ...]]
        found = import_module(_CHECKING).understood(kind, document, name)
        return found


def step_of(line: bytes, name: str) -> KeptStep:
    """Return the step on a line. Raises Corrupt, or NewerFormat, naming the file."""
    try:
        return built(KeptStep, read_json(line))
    except ValueError:
        step: KeptStep = import_module(_CHECKING).step_of(line, name)
        return step


def event_of(line: bytes, name: str) -> TrailEvent:
    """Return the event on a line of a trail. Raises Corrupt, or NewerFormat, naming the file."""
    event: TrailEvent = _event(line, KINDS) or import_module(_CHECKING).event_of(line, name)
    return event


def context_event_of(line: bytes, name: str) -> ContextEvent:
    """Return the event on a line of a Context Tree. Raises as `event_of`."""
    known = _event(line, CONTEXT_KINDS)
    event: ContextEvent = known or import_module(_CHECKING).context_event_of(line, name)
    return event


def _event(line: bytes, kinds: Mapping[str, type[Known]]) -> Known | None:
    """Return the event on a line. None: it is in doubt."""
    try:
        said = read_json(line)
        return built(kinds[said["event"]], said)
    except (ValueError, LookupError, TypeError):
        return None
