"""Hypothesis strategies for any domain model, read off its fields: a new field is drawn too.

`full=True` draws every field: nothing is None, no collection is empty, defaults are not used.
"""

from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from opentraces.domain.field_bounds import Between
from opentraces.domain.frozen import Frozen, JsonObject
from opentraces.domain.patch import Patch
from opentraces.domain.step import Step
from opentraces.domain.trace import TraceRecord

Model = TypeVar("Model", bound=Frozen)

INT64 = st.integers(-(2**63), 2**63 - 1)  # what canonical bytes can hold
FLOAT = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(max_size=12)

JSON_VALUES: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | INT64 | FLOAT | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
_ATOMS: dict[object, SearchStrategy[Any]] = {
    Any: JSON_VALUES,
    NoneType: st.none(),
    bool: st.booleans(),
    int: INT64,
    float: FLOAT,
    str: TEXT,
}


def models(model: type[Model], *, full: bool = False) -> SearchStrategy[Model]:
    """Draw any value of one model."""
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    hints = get_type_hints(model, include_extras=True)
    for field in fields(model):  # type: ignore[arg-type]
        is_required = field.default is field.default_factory is MISSING
        drawn = required if full or is_required else optional
        drawn[field.name] = _values(hints[field.name], full=full)
    return st.fixed_dictionaries(required, optional=optional).map(lambda kw: model(**kw))


def trace_records(*, full: bool = False) -> SearchStrategy[TraceRecord]:
    """Draw any record: valid field by field, its joins arbitrary."""
    return models(TraceRecord, full=full)


def steps(*, full: bool = False) -> SearchStrategy[Step]:
    """Draw any step."""
    return models(Step, full=full)


def patches(*, full: bool = False) -> SearchStrategy[Patch]:
    """Draw any patch."""
    return models(Patch, full=full)


def json_objects() -> SearchStrategy[JsonObject]:
    """Draw any JSON object."""
    return st.dictionaries(TEXT, JSON_VALUES, max_size=3)


def _bounded(annotation: Any, metadata: list[Any], *, full: bool) -> SearchStrategy[Any]:
    limits: dict[str, Any] = {
        name: end
        for limit in metadata
        if isinstance(limit, Between)
        for name, end in (("min_value", limit.least), ("max_value", limit.most))
        if end is not None
    }
    if not limits:
        return _values(annotation, full=full)
    if annotation is int:
        return st.integers(**{"max_value": 2**63 - 1, **limits})
    return st.floats(**limits)


def _values(annotation: Any, *, full: bool) -> SearchStrategy[Any]:
    if annotation in _ATOMS:
        return _ATOMS[annotation]
    if isinstance(annotation, NewType):
        return _values(annotation.__supertype__, full=full)
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        return models(annotation, full=full)
    return _generic(annotation, full=full)


def _generic(annotation: Any, *, full: bool) -> SearchStrategy[Any]:
    origin, arguments, least = get_origin(annotation), get_args(annotation), int(full)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is Annotated:
        return _bounded(arguments[0], list(arguments[1:]), full=full)
    if origin in (Union, UnionType):
        kept = [part for part in arguments if not (full and part is NoneType)]
        return st.one_of([_values(part, full=full) for part in kept])
    if origin is tuple:
        inner = _values(arguments[0], full=full)
        return st.lists(inner, min_size=least, max_size=2).map(tuple)
    if origin is dict:
        inner = _values(arguments[1], full=full)
        return st.dictionaries(TEXT, inner, min_size=least, max_size=2)
    raise NotImplementedError(f"say here how to draw {annotation!r}")
