"""The base of all that is kept: immutable, closed, and plain.

Its values are checked where they are read, by whoever reads them (`adapters/filesystem`), and are
known to be right where they are made: to import this costs no library that checks.
"""

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, ClassVar, Final, Self, dataclass_transform

from opentraces.domain.field_bounds import Between
from opentraces.domain.limits import LARGEST_COUNT

Count = Annotated[int, Between(0, LARGEST_COUNT)]
"""A number of something."""

JsonObject = dict[str, Any]
"""A JSON object whose keys are not ours: str, int, float, bool, None, list and dict, nested.

Whoever reads foreign bytes keeps nesting below 200: no writer of JSON here goes past 254. Never
changed in place.
"""

_LEAVES: Final = frozenset((str, int, float, bool, type(None)))


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,)
)
class Frozen:
    """A value: made once, whole, and never changed. A subclass of it is a dataclass.

    Its fields are given by name. That each is of its type is not looked at here. Text in it has no
    lone surrogate, for such a value cannot be written: whoever reads foreign bytes replaces them.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid"}

    _defaults: ClassVar[Mapping[str, Any]]
    """Every field's default, in the order of the fields; None of one that has none."""

    _needed: ClassVar[frozenset[str]]
    """Fields without a default."""

    _made: ClassVar[tuple[tuple[str, Callable[[], Any]], ...]]
    """Fields whose default is made anew each time, and what makes it."""

    def __init_subclass__(cls) -> None:
        """Make a dataclass of a subclass, without the code that would be written for it."""
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]
        cls._made = tuple(
            (field.name, field.default_factory)
            for field in fields
            if field.default_factory is not dataclasses.MISSING
        )
        made = dict(cls._made)
        cls._needed = frozenset(
            field.name
            for field in fields
            if field.default is dataclasses.MISSING and field.name not in made
        )
        cls._defaults = {
            field.name: None if field.name in cls._needed else _default(field) for field in fields
        }

    def __init__(self, **fields: Any) -> None:
        """Take every field that has no default. Raises TypeError: that are not the fields."""
        values = {**self._defaults, **fields}
        if len(values) != len(self._defaults) or not self._needed <= fields.keys():
            raise TypeError(self._mismatch(fields))
        for name, make in self._made:
            if name not in fields:
                values[name] = make()
        object.__setattr__(self, "__dict__", values)

    def but(self, **changes: Any) -> Self:
        """Return the same value with other fields. Raises TypeError: there is no such field."""
        values = {**self.__dict__, **changes}
        if len(values) != len(self._defaults):
            raise TypeError(self._mismatch(values))
        made = object.__new__(type(self))
        object.__setattr__(made, "__dict__", values)
        return made

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values, with all its fields, in their order."""
        return {name: _plain(value) for name, value in self.__dict__.items()}

    def told(self) -> dict[str, Any]:
        """Return the fields that do not equal their defaults, as they are.

        As JSON by `exact_bytes(value.told(), told)`.
        """
        defaults, needed = self._defaults, self._needed
        return {
            name: value
            for name, value in self.__dict__.items()
            if name in needed or value != defaults[name]
        }

    def _mismatch(self, fields: Mapping[str, Any]) -> str:
        unknown = [name for name in fields if name not in self._defaults]
        missing = sorted(self._needed - fields.keys())
        what = ", ".join(unknown) or "value for " + ", ".join(missing)
        return f"{type(self).__name__} has no {what}"

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse. Raises FrozenInstanceError."""
        raise dataclasses.FrozenInstanceError(f"{type(self).__name__} is frozen: {name}")

    def __delattr__(self, name: str) -> None:
        """Refuse. Raises FrozenInstanceError."""
        raise dataclasses.FrozenInstanceError(f"{type(self).__name__} is frozen: {name}")

    def __eq__(self, other: object) -> bool:
        """Whether it is of the same kind, with the same fields."""
        if self is other:
            return True
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Hash all fields. Raises TypeError: one cannot be."""
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        """Return it as it would be made."""
        said = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({said})"


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _LEAVES:
        return value
    if kind is tuple or kind is list:
        return [_plain(each) for each in value]
    if kind is dict:
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Frozen):
        return value.as_json()
    if isinstance(value, Enum):
        return value.value
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def told(value: Any) -> dict[str, Any]:
    """Return what a value within a kept one is said as in JSON: what does not equal its default.

    Raises TypeError: it is no value.
    """
    if isinstance(value, Frozen):
        return value.told()
    return {
        field.name: each
        for field in dataclasses.fields(value)
        if (each := getattr(value, field.name)) != field.default
    }
