"""Reading what a later release of the same format may have added to.

A key that is not known is left out, and named, so that nobody writes the rest back without it. A
word that is not known, where only some are (an agent, a role), cannot be left out: NewerFormat.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from opentraces.adapters.filesystem.later import of_later_release
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import KINDS as CONTEXT_KINDS
from opentraces.domain.errors import Corrupt
from opentraces.domain.frozen import Frozen
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.lines import KINDS

_KEYS = ("extra_forbidden", "unexpected_keyword_argument")
"""How pydantic names a key that is not known, in a model and in a dataclass."""

_WORDS = ("enum", "literal_error")
_EVENT: TypeAdapter[TrailEvent] = TypeAdapter(TrailEvent)
_CONTEXT: TypeAdapter[ContextEvent] = TypeAdapter(ContextEvent)

Known = TypeVar("Known", bound=Frozen)
Event = TypeVar("Event", bound=Frozen)


def understood(kind: type[Known], document: Any, name: str) -> tuple[Known, tuple[str, ...]]:
    """Return what JSON values say, and which of their keys are not known; takes those out.

    Raises Corrupt, or NewerFormat, naming the file.
    """
    try:
        return kind.model_validate(document), ()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
    unknown = [each for each in found if each["type"] in _KEYS]
    _refuse([each for each in found if each["type"] not in _KEYS], name)
    for each in unknown:
        _take_out(document, each["loc"])
    return kind.model_validate(document), tuple(_place(each["loc"]) for each in unknown)


def step_of(line: bytes, name: str) -> KeptStep:
    """Return the step on a line. Raises Corrupt, or NewerFormat, naming the file."""
    try:
        return KeptStep.model_validate_json(line)
    except ValidationError:
        pass
    try:
        return understood(KeptStep, from_json(line), name)[0]
    except ValueError as error:
        raise Corrupt(f"{name} holds a line that is no step: {error}") from error


def event_of(line: bytes, name: str) -> TrailEvent:
    """Return the event on a line of a trail. Raises Corrupt, or NewerFormat, naming the file."""
    return _event_of(line, name, _EVENT, KINDS)


def context_event_of(line: bytes, name: str) -> ContextEvent:
    """Return the event on a line of a Context Tree. Raises as `event_of`."""
    return _event_of(line, name, _CONTEXT, CONTEXT_KINDS)


def _event_of(
    line: bytes, name: str, known: TypeAdapter[Event], kinds: Mapping[str, type[Event]]
) -> Event:
    try:
        return known.validate_json(line)
    except ValidationError:
        pass
    try:
        said = from_json(line)
        kind = said["event"]
        if isinstance(kind, str) and kind not in kinds:
            raise of_later_release(name, f"event is {kind[:40]!r}")
        return understood(kinds[kind], said, name)[0]
    except (LookupError, TypeError, ValueError) as error:
        raise Corrupt(f"{name} holds a line that is no event: {error!r:.200}") from error


def _refuse(faults: Sequence[ErrorDetails], name: str) -> None:
    if faults and all(each["type"] in _WORDS for each in faults):
        said = (f"{_place(each['loc'])} is {str(each['input'])[:40]!r}" for each in faults[:3])
        raise of_later_release(name, ", ".join(said))
    for each in faults:
        raise Corrupt(f"{name} is not what it should be: {_place(each['loc'])}: {each['msg']}")


def _take_out(document: Any, place: Sequence[int | str]) -> None:
    *outer, key = place
    for part in outer:
        document = document[part]
    del document[key]


def _place(parts: Sequence[int | str]) -> str:
    """Name a place in a document, such as `header.sources[0].facts`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")
