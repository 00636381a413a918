"""Kept values of JSON, checked by pydantic: what is wrong of them, where, and what is not known."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import Discriminator, TypeAdapter, ValidationError
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
_BY_EVENT = Discriminator("event")

Known = TypeVar("Known", bound=Frozen)
Event = TypeVar("Event", bound=Frozen)


def checker(kind: type[Known]) -> TypeAdapter[Known]:
    """Return what checks JSON values for a kind of value; made once."""
    any_kind: Any = kind
    made: TypeAdapter[Known] = _checker(any_kind)
    return made


@cache
def _checker(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _trail() -> TypeAdapter[TrailEvent]:
    return TypeAdapter(Annotated[TrailEvent, _BY_EVENT])


@cache
def _context() -> TypeAdapter[ContextEvent]:
    return TypeAdapter(Annotated[ContextEvent, _BY_EVENT])


def understood(kind: type[Known], document: Any, name: str) -> tuple[Known, tuple[str, ...]]:
    """See `understanding`."""
    try:
        return checker(kind).validate_python(document), ()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
    unknown = [each for each in found if each["type"] in _KEYS]
    _refuse([each for each in found if each["type"] not in _KEYS], name)
    for each in unknown:
        _take_out(document, each["loc"])
    return checker(kind).validate_python(document), tuple(_place(each["loc"]) for each in unknown)


def step_of(line: bytes, name: str) -> KeptStep:
    """See `understanding`."""
    try:
        return checker(KeptStep).validate_json(line)
    except ValidationError:
        pass
    try:
        return understood(KeptStep, from_json(line), name)[0]
    except ValueError as error:
        raise Corrupt(f"{name} holds a line that is no step: {error}") from error


def event_of(line: bytes, name: str) -> TrailEvent:
    """See `understanding`."""
    return _event_of(line, name, _trail(), KINDS)


def context_event_of(line: bytes, name: str) -> ContextEvent:
    """See `understanding`."""
    return _event_of(line, name, _context(), CONTEXT_KINDS)


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
