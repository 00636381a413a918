"""Kept values of JSON values: what is right beyond doubt is taken, and nothing else is.

This never says what is wrong. Whoever reads what others may have written asks a library that does,
once this is not sure; of what we wrote ourselves, which is nearly all, that is not even imported.
"""

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    NoReturn,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from opentraces.domain.field_bounds import Bound
from opentraces.domain.frozen import Frozen

Kept = TypeVar("Kept", bound=Frozen)

_Take = Callable[[Any], Any]


class NotSureError(ValueError):
    """It may be no such value."""


def built(kind: type[Kept], values: Mapping[str, Any]) -> Kept:
    """Return the value whose fields are these: of JSON values, or already of their types.

    Raises NotSureError: a field is missing, is none of the kind's, or is not of its type.
    """
    any_kind: Any = kind
    taken: Kept = _taker(any_kind)(values)
    return taken


@cache
def _taker(hint: Any) -> _Take:
    """Return what takes a value of a type; made once for each."""
    made = _MADE_OF.get(get_origin(hint))
    if made is not None:
        return made(get_args(hint))
    if isinstance(hint, NewType):
        return _taker(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _word(hint)
    if dataclasses.is_dataclass(hint):
        return _fields(hint)
    return _exactly(hint)


def _exactly(kind: Any) -> _Take:
    if kind is Any:
        return lambda value: value
    if kind not in (str, int, bool, float, NoneType):
        raise TypeError(f"{kind} is no type of a kept field")

    def take(value: Any) -> Any:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        _give_up(value)

    return take


def _bounded(parts: tuple[Any, ...]) -> _Take:
    take = _taker(parts[0])
    bounds = [mark for mark in parts[1:] if isinstance(mark, Bound)]

    def take_bounded(value: Any) -> Any:
        taken = take(value)
        for bound in bounds:
            if not bound.holds(taken):
                _give_up(value)
        return taken

    return take_bounded


def _one_of(words: tuple[Any, ...]) -> _Take:
    def take(value: Any) -> Any:
        if type(value) is str and value in words:
            return value
        _give_up(value)

    return take


def _word(kind: type[Enum]) -> _Take:
    words = {each.value: each for each in kind}

    def take(value: Any) -> Any:
        if type(value) is kind:
            return value
        found = words.get(value) if type(value) is str else None
        return _give_up(value) if found is None else found

    return take


def _sequence(parts: tuple[Any, ...]) -> _Take:
    if parts[1:] == (...,):
        each = _taker(parts[0])

        def take_all(value: Any) -> Any:
            if type(value) is list or type(value) is tuple:
                return tuple([each(item) for item in value])
            _give_up(value)

        return take_all
    takes = [_taker(part) for part in parts]

    def take(value: Any) -> Any:
        if (type(value) is list or type(value) is tuple) and len(value) == len(takes):
            return tuple([one(item) for one, item in zip(takes, value, strict=True)])
        _give_up(value)

    return take


def _object(parts: tuple[Any, ...]) -> _Take:
    key, value_of = parts
    if key is not str:
        raise TypeError(f"{key} is no type of a key")
    if value_of is Any:

        def take_any(value: Any) -> Any:
            return value if type(value) is dict else _give_up(value)

        return take_any
    each = _taker(value_of)

    def take(value: Any) -> Any:
        if type(value) is dict:
            return {name: each(item) for name, item in value.items()}
        _give_up(value)

    return take


def _either(parts: tuple[Any, ...]) -> _Take:
    takes = [_taker(part) for part in parts if part is not NoneType]
    may_be_none = len(takes) < len(parts)
    only = takes[0] if len(takes) == 1 else None

    def take(value: Any) -> Any:
        if value is None and may_be_none:
            return None
        if only is not None:
            return only(value)
        for one in takes:
            try:
                return one(value)
            except NotSureError:
                continue
        _give_up(value)

    return take


def _fields(kind: Any) -> _Take:
    hints = get_type_hints(kind, include_extras=True)
    takes = {field.name: _taker(hints[field.name]) for field in dataclasses.fields(kind)}

    def take(value: Any) -> Any:
        if type(value) is kind:
            return value
        if type(value) is not dict:
            _give_up(value)
        try:
            return kind(**{name: takes[name](each) for name, each in value.items()})
        except (KeyError, TypeError) as error:
            raise NotSureError(str(error)) from error

    return take


def _give_up(value: object) -> NoReturn:
    raise NotSureError(f"{value!r:.80}")


_MADE_OF: Mapping[Any, Callable[[tuple[Any, ...]], _Take]] = {
    Annotated: _bounded,
    Literal: _one_of,
    Union: _either,
    UnionType: _either,
    tuple: _sequence,
    dict: _object,
}
